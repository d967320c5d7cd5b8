import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING, apply, clusterTime, rowsOf } from "../../../static/topology/state.js";

const CLOCK = { anchorWall: 1000, anchorCluster: 50_000, speed: 2, paused: false };
const row = (/** @type {string} */ id, more = {}) => ({ id, kind: "Pod", name: id, ...more });
const begun = () => apply(NOTHING, { type: "snapshot", revision: 5, clock: CLOCK, rows: [row("a"), row("b")] });

test("a snapshot replaces everything", () => {
  const state = apply(begun(), { type: "snapshot", revision: 9, clock: CLOCK, rows: [row("c")] });

  assert.deepEqual([...state.rows.keys()], ["c"]);
});

test("a delta changes, adds and removes, and leaves the state before it as it was", () => {
  const before = begun();

  const after = apply(before, { type: "delta", revision: 6, rows: [row("a", { state: "Running" }), row("c")], gone: ["b"] });

  assert.deepEqual([...after.rows.keys()], ["a", "c"]);
  assert.equal(after.rows.get("a")?.state, "Running");
  assert.deepEqual([...before.rows.keys()], ["a", "b"]);
});

test("a delta older than the state changes nothing", () => {
  const state = begun();

  assert.equal(apply(state, { type: "delta", revision: 4, rows: [], gone: ["a"] }), state);
});

test("node-2 stands before node-10", () => {
  const rows = ["node-10", "node-2"].map((name) => ({ id: name, kind: "Node", name }));
  const state = apply(NOTHING, { type: "snapshot", revision: 1, clock: CLOCK, rows });

  assert.deepEqual(rowsOf(state, "Node").map((node) => node.name), ["node-2", "node-10"]);
});

test("cluster time runs at its own speed and stands still when paused", () => {
  assert.equal(clusterTime(CLOCK, 4000), 56_000);
  assert.equal(clusterTime({ ...CLOCK, paused: true }, 4000), 50_000);
});
