/** The moment that the page shows: fetched one after the other however fast somebody drags, and played at a pace. */

/** @typedef {{ at?: number, revision?: number }} Wanted microseconds, or a revision */
/** @typedef {{ at: number, revision: number, since: number, now: number } & import("../topology/state.js").Snapshot} Frame */

const TICK = 400;

export class Player {
  #base;
  #on;
  /** @type {Wanted | null} */ #wanted = null;
  #busy = false;
  #timer = 0;
  /** @type {Frame | null} */ frame = null;

  /** @param {string} base "/c/<slug>/" @param {{ show: (frame: Frame | null) => void, lost: () => void }} on */
  constructor(base, on) {
    this.#base = base;
    this.#on = on;
  }

  get playing() {
    return this.#timer !== 0;
  }

  /** Only the last wish counts. @param {Wanted} wanted */
  async seek(wanted) {
    this.#wanted = wanted;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#wanted) {
      /** @type {Wanted} */
      const asked = this.#wanted;
      /** @type {Frame | null} */
      const frame = await this.#fetch(asked);
      if (this.#wanted === asked) this.#wanted = null;
      else if (!this.#wanted) break;
      if (frame) this.#on.show((this.frame = frame));
    }
    this.#busy = false;
  }

  /** Back to now. */
  leave() {
    this.stop();
    this.#wanted = null;
    this.frame = null;
    this.#on.show(null);
  }

  /** @param {() => number} speed how many times as fast as it was @param {number} from microseconds @param {() => number} now */
  play(speed, from, now) {
    this.stop();
    let at = from;
    let last = performance.now();
    this.#timer = window.setInterval(() => {
      at += (performance.now() - last) * 1000 * speed();
      last = performance.now();
      if (at >= now()) return this.leave();
      if (!this.#busy) void this.seek({ at: Math.round(at) });
    }, TICK);
    void this.seek({ at });
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  /** @param {Wanted} wanted @returns {Promise<Frame | null>} */
  async #fetch({ at, revision }) {
    const query = revision === undefined ? `time=${at}` : `revision=${revision}`;
    try {
      const answer = await fetch(`${this.#base}at/?${query}`);
      if (answer.ok) return await answer.json();
    } catch {
      // the connection is lost: the page's banner says so
    }
    this.#on.lost();
    return null;
  }
}
