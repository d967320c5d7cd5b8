/** Reads frames, a line each, as the page does; tells the rows at the end, and whether the lists by kind, node and owner are those of a fresh start. */

import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { NOTHING, apply, ownedBy, podsOn, rowsOf } from "../../../static/topology/state.js";

/** @param {import("../../../static/topology/state.js").State} state */
function lists(state) {
  const rows = state.rows.values();
  const keys = (/** @type {(row: import("../../../static/topology/state.js").Row) => string} */ of) => [...new Set(rows.map(of))].sort();
  return [
    keys((row) => row.kind).map((kind) => rowsOf(state, kind)),
    ["", ...keys((row) => row.node ?? "")].map((node) => podsOn(state, node)),
    keys((row) => row.owner ?? "").map((owner) => ownedBy(state, owner)),
  ];
}

let state = NOTHING;
for await (const line of createInterface({ input: process.stdin })) {
  state = apply(state, JSON.parse(line));
  const fresh = apply(NOTHING, { type: "snapshot", revision: 1, clock: state.clock, rows: [...state.rows.values()] });
  assert.deepEqual(lists(state), lists(fresh));
}
console.log(JSON.stringify({ frame: state.frame, rows: state.rows.values() }));
