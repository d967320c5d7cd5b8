/** The panel beside the stage (a sheet from below on a phone): htmx fills it, here it opens and closes. */

/** @typedef {{ kind: string, ns: string, name: string }} Target */

const PLURALS = /** @type {Record<string, string>} */ ({
  Pod: "pods", Node: "nodes", Deployment: "deployments", ReplicaSet: "replicasets", Service: "services", Fault: "faults",
  StatefulSet: "statefulsets", DaemonSet: "daemonsets", ReplicationController: "replicationcontrollers",
  Job: "jobs", CronJob: "cronjobs", Traffic: "traffic",
});

/** Whose inspector an address is. @param {string} path @returns {Target | null} */
export function targetOf(path) {
  const [, plural, ns, name] = /\/(?:inspect|why)\/([^/]+)\/([^/]+)\/([^/?]+)\//.exec(path) ?? [];
  const kind = Object.keys(PLURALS).find((one) => PLURALS[one] === plural);
  return kind ? { kind, ns: ns === "_" ? "" : ns, name: decodeURIComponent(name) } : null;
}

export class Panel {
  #side;
  #body;
  #base;
  #onShow;
  /** @type {HTMLElement | null} */ #from = null;

  /** @param {HTMLElement} side @param {string} base "/c/<slug>/" @param {(target: Target | null) => void} onShow what it shows now */
  constructor(side, base, onShow) {
    this.#side = side;
    this.#body = /** @type {HTMLElement} */ (side.querySelector("#panel"));
    this.#base = base;
    this.#onShow = onShow;
  }

  start() {
    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.target !== this.#body || !this.#body.childElementCount) return;
      const { pathInfo } = /** @type {CustomEvent} */ (event).detail;
      this.#onShow(targetOf(pathInfo?.requestPath ?? ""));
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
    const plural = PLURALS[kind] ?? `${kind.toLowerCase()}s`;
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
