/** A word about what the mouse is on. */

import { refusedBy } from "./closer.js";
import { cast, person, sentence } from "./people.js";
import { podsOn } from "./state.js";
import { counted } from "./words.js";

/** @typedef {import("./state.js").Row} Row */

export class Tip {
  #tip;

  /** @param {HTMLElement} tip */
  constructor(tip) {
    this.#tip = tip;
  }

  hide() {
    this.#tip.hidden = true;
  }

  /** @param {string} words @param {number} x @param {number} y of the window */
  show(words, x, y) {
    const tip = this.#tip;
    tip.hidden = false;
    if (tip.textContent !== words) tip.textContent = words;
    tip.style.left = `${Math.min(x + 14, innerWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${y + 20 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 10 : y + 20}px`;
  }
}

/** @param {import("./state.js").State} state @param {Row} row @param {import("./closer.js").Closer | null} closer @param {boolean} answers are the nodes' answers to be told here, since the stages do not show them? */
export function wordsOf(state, row, closer, answers) {
  if (row.kind === "Pod") {
    const all = cast(state, null);
    const refusals = answers ? refusedBy(closer).slice(0, 12).map((one) => one.join(": ")) : [];
    return [sentence(all, person(all, row), closer), amounts(row), row.node && !row.pull ? row.message : "", ...refusals].filter(Boolean).join("\n");
  }
  if (row.kind === "Node") return [`${row.name}, ${row.state}${row.cordoned ? ", cordoned" : ""}, ${counted(podsOn(state, row.name).length, "pod")}`, ...(row.taints ?? [])].join("\n");
  return `${row.kind} ${row.ns ? `${row.ns}/` : ""}${row.name}`;
}

/** Requests, limits and use in words. @param {Row} pod */
function amounts({ cpu, mem, lid, use }) {
  const said = [
    cpu || mem ? `asks for ${[cpu && `${cpu}m CPU`, mem && `${mem} MiB`].filter(Boolean).join(", ")}` : "",
    lid ? `may use ${[lid[0] != null && `${lid[0]}m CPU`, lid[1] != null && `${lid[1]} MiB`].filter(Boolean).join(", ")}` : "",
    use ? `uses ${use[0]}m CPU, ${use[1]} MiB` : "",
  ].filter(Boolean);
  return said.join(" · ");
}
