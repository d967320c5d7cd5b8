/** What was painted of somebody, for tests and the curious: as it was drawn, not as it stands in the store. */

import { told } from "./gaps.js";
import { frame } from "./paint/bubble.js";
import { verdictOf } from "./paint/beam.js";
import { jarOf } from "./paint/gaps.js";
import { FIGURE_FROM } from "./paint/people.js";

/** @typedef {import("./people.js").Person} Person */

/** @param {Person} who @param {boolean} moving @param {number} now cluster time */
export function described(who, moving, now) {
  const { row, pitch } = who;
  const rings = pitch >= 34 && who.ring ? told(who.ring, now) : "";
  return {
    what: "pod", id: who.id, ns: row.ns, name: row.name, state: who.figure, word: row.state, node: row.node ?? "", slot: who.slot, mark: pitch >= FIGURE_FROM ? "figure" : "mark",
    says: who.sub, gap: who.gap, ring: who.ring?.kind ?? "", ringSays: rings, dim: who.dim, moving, rect: frame(who), badge: who.badge?.text ?? "",
    restarts: pitch >= 54 && who.label === "below" ? who.restarts : 0, probe: pitch >= 54 && who.label !== "side" ? verdictOf(row) : "",
    jar: pitch >= 54 && who.label !== "side" ? jarOf(row) : null, padlock: pitch >= 29 ? (row.held ?? []) : [], orphan: Boolean(row.orphan),
  };
}
