/** What need not be done for every frame: at once after a pause, then at most every so often, and always once more at the end. */

export class Seldom {
  #act;
  #every;
  #last = -Infinity;
  #timer = 0;

  /** @param {() => void} act @param {number} every milliseconds */
  constructor(act, every) {
    this.#act = act;
    this.#every = every;
  }

  ask() {
    if (this.#timer) return;
    const wait = this.#last + this.#every - performance.now();
    if (wait <= 0) this.now();
    else this.#timer = window.setTimeout(() => this.now(), wait);
  }

  now() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#last = performance.now();
    this.#act();
  }
}
