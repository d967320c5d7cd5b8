/** While the page shows the past: what would change something is held back with a sentence, what is read is read as of then. */

const NOT_NOW = "In the past nothing can be changed. Go back to now first.";
const ACTS = "[data-acts], #clock button, .act-form button, .ask summary, [hx-post]";

export class Guard {
  #say;
  /** @type {number | null} */ #revision = null;

  /** @param {(words: string) => void} say */
  constructor(say) {
    this.#say = say;
    document.addEventListener("htmx:configRequest", (event) => this.#ask(/** @type {CustomEvent} */ (event)));
    document.addEventListener("click", (event) => this.#click(event), { capture: true });
    document.addEventListener("htmx:load", () => this.#disable());
  }

  /** @param {number | null} revision the moment that is shown; null: now */
  hold(revision) {
    this.#revision = revision;
    this.#disable();
  }

  /** @param {CustomEvent} event */
  #ask(event) {
    const { verb, path, parameters } = event.detail;
    if (this.#revision === null) return;
    if (verb !== "get") {
      event.preventDefault();
      this.#say(NOT_NOW);
    } else if (/\/(inspect|why)\//.test(path)) parameters.revision = String(this.#revision);
  }

  /** @param {Event} event */
  #click(event) {
    if (this.#revision === null || !(event.target instanceof Element) || !event.target.closest(ACTS)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#say(NOT_NOW);
  }

  #disable() {
    for (const act of document.querySelectorAll(ACTS)) {
      if (this.#revision !== null) act.setAttribute("aria-disabled", "true");
      else act.removeAttribute("aria-disabled");
    }
  }
}
