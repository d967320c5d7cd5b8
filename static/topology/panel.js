/** The panel beside the stage (a sheet from below on a phone): htmx fills it, here it opens and closes. */

/** @typedef {{ kind: string, ns: string, name: string }} Target */

/** Kind to resource, as the API's discovery has them. @typedef {Record<string, string>} Plurals */

/** Those of this page. @returns {Plurals} */
export function pluralsHere() {
  return JSON.parse(document.getElementById("plurals")?.textContent ?? "{}");
}

/** Whose inspector an address is. @param {string} path @param {Plurals} plurals @returns {Target | null} */
export function targetOf(path, plurals) {
  const [, plural, ns, name] = /\/(?:inspect|why)\/([^/]+)\/([^/]+)\/([^/?]+)\//.exec(path) ?? [];
  const kind = Object.keys(plurals).find((one) => plurals[one] === plural);
  return kind ? { kind, ns: ns === "_" ? "" : ns, name: decodeURIComponent(name) } : null;
}

export class Panel {
  #side;
  #body;
  #base;
  #onShow;
  #plurals;
  /** @type {HTMLElement | null} */ #from = null;

  /** @param {HTMLElement} side @param {string} base "/c/<slug>/" @param {Plurals} plurals
   * @param {(target: Target | null) => void} onShow what it shows now */
  constructor(side, base, plurals, onShow) {
    this.#side = side;
    this.#body = /** @type {HTMLElement} */ (side.querySelector("#panel"));
    this.#base = base;
    this.#plurals = plurals;
    this.#onShow = onShow;
  }

  start() {
    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.target !== this.#body || !this.#body.childElementCount) return;
      const { pathInfo } = /** @type {CustomEvent} */ (event).detail;
      this.#onShow(targetOf(pathInfo?.requestPath ?? "", this.#plurals));
      this.#show();
    });
    document.addEventListener("htmx:beforeRequest", (event) => {
      const { target, elt } = /** @type {CustomEvent} */ (event).detail;
      if (target === this.#body && elt instanceof HTMLElement && !this.#side.contains(elt)) this.#from = elt;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.#side.hidden && !event.defaultPrevented) this.close();
    });
    this.#side.querySelector("[data-close]")?.addEventListener("click", () => this.close());
  }

  /** The inspector of one object, or why it is as it is. @param {Target} target @param {HTMLElement} [from] gets the focus back
   * @param {"inspect" | "why"} [page] */
  inspect({ kind, ns, name }, from, page = "inspect") {
    const plural = this.#plurals[kind];
    if (!plural) return null; // the API serves no such kind: there is nothing to read of it
    this.#from = from ?? null;
    return htmx.ajax("get", `${this.#base}${page}/${plural}/${ns || "_"}/${encodeURIComponent(name)}/`, "#panel");
  }

  #show() {
    const opened = this.#side.hidden;
    this.#side.hidden = false;
    if (opened || this.#from) this.#body.focus({ preventScroll: true });
  }

  close() {
    this.#side.hidden = true;
    this.#body.replaceChildren();
    this.#from?.focus({ preventScroll: true });
    this.#from = null;
    this.#onShow(null);
  }
}
