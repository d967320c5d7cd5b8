/** What stands above the stage: the tabs of the views, the search, the projector's switch, the menus. */

import { writeWhere } from "./follow.js";

/** @typedef {import("./follow.js").Where} Where */

export class Header {
  #where;
  #go;

  /** @param {() => Where} where @param {(where: Where) => void} go */
  constructor(where, go) {
    this.#where = where;
    this.#go = go;
  }

  start() {
    for (const tab of tabs()) {
      tab.addEventListener("click", (event) => {
        event.preventDefault();
        this.#go({ ...this.#where(), view: /** @type {import("./follow.js").View} */ (tab.dataset.view ?? "nodes") });
      });
    }
    this.#search();
    closeMenus();
    document.querySelector("#projector")?.addEventListener("click", () => this.#go({ ...this.#where(), projector: !this.#where().projector }));
    this.mark();
  }

  /** Says where we are. */
  mark() {
    const { view, projector } = this.#where();
    document.body.classList.toggle("projector", projector);
    for (const tab of tabs()) {
      if (tab.dataset.view === view) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
  }

  /** How many the filter found. @param {Set<string> | null} found */
  count(found) {
    const out = document.querySelector("#filter-found");
    const words = this.#where().filter && found ? `${found.size} found` : "";
    if (out && out.textContent !== words) out.textContent = words;
  }

  /** `/` leads to the search, Escape out of it. */
  #search() {
    const input = /** @type {HTMLInputElement | null} */ (document.querySelector("#filter"));
    if (!input) return;
    input.value = this.#where().filter;
    input.addEventListener("input", () => this.#go({ ...this.#where(), filter: input.value.trim() }));
    document.addEventListener("keydown", (event) => {
      const busy = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable=true], .cm-editor, .xterm");
      if (event.key === "/" && !busy && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        input.focus();
      }
      if (event.key === "Escape" && this.#where().projector && !busy) this.#go({ ...this.#where(), projector: false });
      if (event.key === "Escape" && event.target === input && input.value) {
        event.preventDefault();
        input.value = "";
        this.#go({ ...this.#where(), filter: "" });
      }
    }, { capture: true });
  }
}

function tabs() {
  return /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-view]"));
}

/** Every view is a link. @param {Where} where */
export function address(where) {
  history.replaceState(null, "", location.pathname + writeWhere(where));
}

/** An open menu closes when something in it is chosen, beside it is clicked, or Escape is pressed. */
function closeMenus() {
  const close = (/** @type {Event} */ event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      const inside = event.target instanceof Element && menu.contains(event.target);
      if (!inside || (event.type === "click" && event.target instanceof Element && event.target.closest("button"))) menu.removeAttribute("open");
    }
  };
  document.addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!open) return;
    open.removeAttribute("open");
    open.querySelector("summary")?.focus();
  });
}
