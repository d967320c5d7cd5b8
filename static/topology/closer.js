/** What is fetched only when somebody looks closer at a pod: each node's refusal, the last line of a run that crashed. */

import { shorten } from "./lobby.js";

/** @typedef {import("./state.js").Row} Row */
/** @typedef {{ refused?: Record<string, string[]>, last?: string }} Closer */

/** Answers that are kept; the oldest goes first. */
const KEPT = 200;

/** Who has more to tell than stands in the row: who waits for a node, who fell. @param {Row} row */
function hasMore(row) {
  return row.kind === "Pod" && !row.deleting && ((!row.node && Boolean(row.message)) || row.exit != null || Boolean(row.restarts));
}

export class CloserLook {
  #base;
  #onNews;
  #moment;
  /** @type {Map<string, Closer | null>} null: asked for */ #known = new Map();

  /** @param {string} base "/c/<slug>/" @param {() => void} onNews @param {() => number} moment the revision as of which is asked; 0: now */
  constructor(base, onNews, moment = () => 0) {
    this.#base = base;
    this.#onNews = onNews;
    this.#moment = moment;
  }

  /** What is known of it; asks once for each of its runs and refusals. @param {Row} row @param {boolean} [ask] @returns {Closer | null} */
  at(row, ask = false) {
    if (!hasMore(row)) return null;
    const key = `${row.id} ${row.restarts ?? 0} ${row.exit ?? ""} ${row.node ? "" : row.message}`;
    const known = this.#known.get(key);
    if (known === undefined && ask) this.#ask(row, key);
    return known ?? null;
  }

  /** @param {Row} row @param {string} key */
  async #ask(row, key) {
    if (this.#known.size > KEPT) this.#known.delete(/** @type {string} */ (this.#known.keys().next().value));
    this.#known.set(key, null);
    try {
      const moment = this.#moment();
      const answer = await fetch(`${this.#base}inspect/pods/${row.ns}/${row.name}/closer/${moment ? `?revision=${moment}` : ""}`);
      if (!answer.ok) return;
      this.#known.set(key, await answer.json());
      this.#onNews();
    } catch {
      this.#known.delete(key); // the connection is lost: asked again when it is back
    }
  }
}

/** Each node's refusal in few words, the node's name first. @param {Closer | null} closer @returns {[string, string][]} */
export function refusedBy(closer) {
  return Object.entries(closer?.refused ?? {}).map(([node, reasons]) => [node, reasons.map(shorten).join(", ") || "would do"]);
}
