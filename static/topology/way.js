/** The way of a change, on demand: API server, store, controllers, scheduler and kubelet light up in order as it travels. */

/** @typedef {{ revision: number, op: string, resource: string, namespace: string, name: string, uid: string, actor: string, why: string, station: string }} Step */
/** @typedef {{ place: string, words: string, uid: string }} Light */

const DID = /** @type {Record<string, string>} */ ({ ADDED: "creates", MODIFIED: "changes", DELETED: "deletes" });
/** Milliseconds that a place stays lit at each speed. */
const PACE = /** @type {Record<string, number>} */ ({ slow: 2600, medium: 1100, fast: 350 });

/** Each step passes its author, the API server and the store. Pure. @param {Step[]} steps @returns {Light[]} */
export function lights(steps) {
  return steps.flatMap((step, index) => {
    const thing = `${step.resource.replace(/ies$/, "y").replace(/(ss|s)$/, (end) => (end === "ss" ? "ss" : ""))} ${step.name}`;
    const seen = index ? `${step.actor} sees it, and ${DID[step.op] ?? "writes"} ${thing}` : `${step.actor} ${DID[step.op] ?? "writes"} ${thing}`;
    return [
      { place: step.station, words: step.why ? `${seen}: ${step.why}` : `${seen}.`, uid: step.uid },
      { place: "api", words: "The API server checks it and lets it in.", uid: step.uid },
      { place: "store", words: `The store keeps it as revision ${step.revision}, and tells everybody who watches.`, uid: step.uid },
    ];
  });
}

export class Way {
  #box;
  #base;
  #outline;
  /** @type {Light[]} */ #lights = [];
  #at = -1;
  #timer = 0;
  #pace = "medium";

  /** @param {HTMLElement} box @param {string} base @param {(ids: string[]) => void} outline */
  constructor(box, base, outline) {
    this.#box = box;
    this.#base = base;
    this.#outline = outline;
  }

  start() {
    document.querySelector("#show-way")?.addEventListener("click", () => this.open());
    this.#box.addEventListener("click", (event) => {
      const act = event.target instanceof Element ? event.target.closest("[data-way]") : null;
      if (act instanceof HTMLElement) this.#act(act.dataset.way ?? "");
    });
    this.#box.querySelector("select")?.addEventListener("change", (event) => {
      this.#pace = /** @type {HTMLSelectElement} */ (event.target).value;
      if (this.#timer) this.#plan();
    });
  }

  /** The last change that somebody asked for, or the one that made a revision. @param {number} [revision] */
  async open(revision) {
    const answer = await fetch(`${this.#base}way/${revision ? `?revision=${revision}` : ""}`);
    if (!answer.ok) return;
    this.#lights = lights((await answer.json()).steps);
    this.#box.hidden = false;
    this.#at = -1;
    if (this.#lights.length) this.#next();
    else this.#say("Nobody has asked for anything yet. Apply some YAML, and look here again.");
  }

  /** @param {string} act */
  #act(act) {
    if (act === "close") return this.#close();
    if (act === "again") this.#at = -1;
    if (act === "hold") return this.#timer ? this.#hold() : this.#next();
    this.#next();
  }

  #next() {
    this.#at = Math.min(this.#at + 1, this.#lights.length - 1);
    const light = this.#lights[this.#at];
    if (!light) return;
    for (const place of this.#box.querySelectorAll("[data-place]")) place.toggleAttribute("data-lit", /** @type {HTMLElement} */ (place).dataset.place === light.place);
    this.#say(light.words);
    this.#outline([light.uid]);
    this.#plan();
  }

  #plan() {
    clearTimeout(this.#timer);
    const last = this.#at >= this.#lights.length - 1;
    this.#timer = last ? 0 : window.setTimeout(() => this.#next(), PACE[this.#pace]);
    this.#mark();
  }

  #hold() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#mark();
  }

  #mark() {
    const hold = this.#box.querySelector("[data-way=hold]");
    if (hold) hold.textContent = this.#timer ? "Hold" : "On";
  }

  /** @param {string} words */
  #say(words) {
    const line = this.#box.querySelector("[data-told]");
    if (line) line.textContent = words;
    const count = this.#box.querySelector("[data-count]");
    if (count) count.textContent = this.#lights.length ? `${this.#at + 1} / ${this.#lights.length}` : "";
  }

  #close() {
    this.#hold();
    this.#box.hidden = true;
    this.#outline([]);
    document.querySelector("#show-way")?.closest("details")?.querySelector("summary")?.focus();
  }
}
