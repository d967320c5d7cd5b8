/** The menu that follows a Deployment or a Service to its pods, and the chip that says whom we follow. */

import { find, rowsOf } from "./state.js";
import { KEEPERS, SYSTEM, TOPS, progress } from "./words.js";

/** @typedef {import("./follow.js").Target} Target */

export class FollowMenu {
  #select;
  #written = "";

  /** @param {HTMLElement} select @param {(target: Target | null) => void} onFollow */
  constructor(select, onFollow) {
    this.#select = /** @type {HTMLSelectElement} */ (select);
    this.#settle();
    this.#select.addEventListener("change", () => {
      const [kind, ns, name] = this.#select.value.split("/");
      onFollow(name ? { kind, ns, name } : null);
    });
  }

  /** There is no place for it in a phone's header: it goes into the menu. */
  #settle() {
    const phone = matchMedia("(max-width: 640px)");
    const home = /** @type {HTMLElement} */ (this.#select.parentElement);
    const menu = /** @type {HTMLElement} */ (document.querySelector(".menu-list"));
    const before = this.#select.nextSibling;
    const place = () => (phone.matches ? menu.append(this.#select) : home.insertBefore(this.#select, before));
    phone.addEventListener("change", place);
    place();
  }

  /** @param {import("./state.js").State} state @param {Target | null} follow */
  show(state, follow) {
    const groups = [...TOPS, ...KEEPERS, "Service"].map((kind) => rowsOf(state, kind).filter((row) => !SYSTEM.includes(row.ns ?? "")).map((row) => `${kind}/${row.ns}/${row.name}`));
    const chosen = follow ? `${follow.kind}/${follow.ns}/${follow.name}` : "";
    if (chosen && !groups.some((group) => group.includes(chosen))) groups.push([chosen]);
    const ready = follow ? readiness(state, follow) : "";
    const written = JSON.stringify([groups, chosen, ready]);
    if (written === this.#written) return;
    this.#written = written;
    this.#select.replaceChildren(option("", "Follow ..."), ...groups.flat().map((value) => option(value, `${value.split("/")[0]} ${value.split("/")[2]}${value === chosen ? ready : ""}`)));
    this.#select.value = chosen;
    this.#select.classList.toggle("on", Boolean(chosen));
  }
}

/** How many of its pods are ready: told only of the one we follow. @param {import("./state.js").State} state @param {Target} follow */
function readiness(state, { kind, ns, name }) {
  const row = find(state, kind, ns, name);
  if (!row) return " (gone)";
  if (kind !== "Service") return `: ${progress(row)}`;
  const all = (row.yes?.length ?? 0) + (row.no?.length ?? 0);
  return all ? `: ${row.yes?.length ?? 0} of ${all} ready` : ": no endpoints";
}

/** @param {string} value @param {string} words */
function option(value, words) {
  return Object.assign(document.createElement("option"), { value, textContent: words });
}
