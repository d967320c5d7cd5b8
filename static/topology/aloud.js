/** The marks beside figures and boxes in words, for who does not see them. Pure. */

import { refusedBy } from "./closer.js";
import { refusals } from "./lobby.js";
import { jarOf } from "./paint/gaps.js";

/** @typedef {import("./state.js").Row} Row */
/** @typedef {import("./closer.js").Closer | null} Closer */

/** @param {Row} row of a pod @param {Closer} closer @returns {string[]} */
export function marksInWords(row, closer) {
  const jar = jarOf(row);
  return [
    row.restarts ? `${row.restarts} restart${row.restarts === 1 ? "" : "s"}` : "",
    row.exit != null ? `last exit code ${row.exit}` : "",
    closer?.last ? `last line “${closer.last}”` : "",
    row.state === "CrashLoopBackOff" ? "waits, then tries again" : "",
    row.pull ? pulled(row.pull) : "",
    jar?.lid != null && (jar.scar || jar.used) ? `${jar.used} of ${jar.lid} MiB used` : "",
    jar?.scar ? "ran out of memory" : "",
    held(row),
  ].filter(Boolean);
}

/** @param {string[]} pull */
function pulled([typed, nearest]) {
  if (nearest === undefined) return `the registry does not answer for ${typed}`;
  return `there is no image ${typed}, ${nearest ? `the nearest is ${nearest}` : "nor one like it"}`;
}

/** @param {Row} row */
export function held(row) {
  return row.held ? `held by ${row.held.join(" and ")}` : "";
}

/** Who waits for a node: node by node where that is known, else how many refuse for which reason. @param {Row} row @param {Closer} closer */
export function refused({ node, message = "" }, closer) {
  if (node || !message) return "";
  const each = refusedBy(closer);
  if (each.length && each.length <= 12) return each.map(([node, reason]) => `${node}: ${reason}`).join("; ");
  return refusals(message).map(([count, reason]) => `${count} nodes: ${reason}`).join("; ");
}
