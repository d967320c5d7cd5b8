import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING, apply, clusterTime, find, ownedBy, place, podsOn, rowsOf } from "../../../static/topology/state.js";

/** @typedef {import("../../../static/topology/state.js").Row} Row */
/** @typedef {import("../../../static/topology/state.js").State} State */

const CLOCK = { anchorWall: 1000, anchorCluster: 50_000, speed: 2, paused: false };
const row = (/** @type {string} */ id, more = {}) => ({ id, kind: "Pod", name: id, ...more });
const begun = (/** @type {Row[]} */ ...rows) => apply(NOTHING, { type: "snapshot", board: "x", frame: 5, revision: 5, clock: CLOCK, rows: rows.length ? rows : [row("a"), row("b")] });
const then = (/** @type {State} */ state, /** @type {any} */ more) => apply(state, { frame: state.frame + 1, revision: state.revision + 1, ...more });

test("a snapshot replaces everything", () => {
  const state = apply(begun(), { type: "snapshot", revision: 9, clock: CLOCK, rows: [row("c")] });

  assert.deepEqual([...state.rows.keys()], ["c"]);
  assert.deepEqual(rowsOf(state, "Pod").map((pod) => pod.id), ["c"]);
});

test("a delta changes columns, takes some away, adds rows and removes some", () => {
  const before = begun(row("a", { reason: "x", restarts: 1 }), row("b"));

  const after = then(before, { rows: [[0, { state: "Running", reason: null }], [2, { id: "c", name: "c" }, 0]], gone: [1] });

  assert.deepEqual(after.rows.get("a"), row("a", { state: "Running", restarts: 1 }));
  assert.deepEqual(after.rows.get("c"), row("c", { state: "Running", restarts: 1 }));
  assert.equal(after.rows.has("b"), false);
  assert.equal(before.rows.get("a")?.reason, "x");
});

test("one entry can tell the same of several rows, and a new row can be like none", () => {
  const state = then(begun(), { rows: [[[0, 1], { ok: true }], [2, row("c"), null]] });

  assert.deepEqual(state.rows.values().map((one) => [one.id, one.ok]), [["a", true], ["b", true], ["c", undefined]]);
});

test("a number is given again", () => {
  const gone = then(begun(), { gone: [1] });

  const state = then(gone, { rows: [[1, row("c"), null]] });

  assert.deepEqual(rowsOf(state, "Pod").map((pod) => pod.id), ["a", "c"]);
  assert.equal(state.rows.has("b"), false);
});

test("of a Service's pods only who came and who went is told", () => {
  const web = /** @type {Row} */ ({ id: "s", kind: "Service", name: "web", yes: ["a", "b"], no: [] });

  const state = then(begun(row("a"), row("b"), web), { rows: [[2, { yes: { came: ["far"], went: [0] }, no: { came: [0] } }]] });

  assert.deepEqual([state.rows.get("s")?.yes, state.rows.get("s")?.no], [["b", "far"], ["a"]]);
});

test("what a frame does not touch stays the same object", () => {
  const before = begun(row("a", { node: "n1", owner: "r" }), row("b", { node: "n2", owner: "q" }), { id: "n", kind: "Node", name: "n1" });

  const after = then(before, { rows: [[0, { state: "Running" }]] });
  const again = apply(after, { type: "snapshot", board: "y", frame: 0, revision: 9, clock: CLOCK, rows: after.rows.values().map((one) => ({ ...one })) });

  assert.equal(after.rows.get("b"), before.rows.get("b"));
  assert.notEqual(podsOn(after, "n1"), podsOn(before, "n1"));
  for (const [now, was] of [[after, before], [again, after]]) {
    assert.equal(podsOn(now, "n2"), podsOn(was, "n2"));
    assert.equal(ownedBy(now, "q"), ownedBy(was, "q"));
    assert.equal(rowsOf(now, "Node"), rowsOf(was, "Node"));
  }
  assert.equal(rowsOf(again, "Pod"), rowsOf(after, "Pod"));
});

test("a pod that gets a node leaves those that wait", () => {
  const before = begun();

  const after = then(before, { rows: [[0, { node: "n1" }]] });

  assert.deepEqual([podsOn(after, "").map((pod) => pod.id), podsOn(after, "n1").map((pod) => pod.id)], [["b"], ["a"]]);
});

test("a delta older than the state changes nothing, one of the same age at most the clock", () => {
  const state = begun();

  assert.equal(apply(state, { frame: 4, revision: 4, gone: [0] }), state);
  assert.equal(apply(state, { frame: 5, revision: 5, clock: { ...CLOCK, paused: true } }).clock.paused, true);
});

test("a page that comes back says where it stands", () => {
  assert.equal(place(NOTHING), null);
  assert.deepEqual(place(then(begun(), {})), ["x", 6]);
});

test("node-2 stands before node-10", () => {
  const rows = ["node-10", "node-2"].map((name) => ({ id: name, kind: "Node", name }));
  const state = begun(...rows);

  assert.deepEqual(rowsOf(state, "Node").map((node) => node.name), ["node-2", "node-10"]);
  assert.equal(find(state, "Node", "", "node-2"), rows[1]);
});

test("cluster time runs at its own speed and stands still when paused", () => {
  assert.equal(clusterTime(CLOCK, 4000), 56_000);
  assert.equal(clusterTime({ ...CLOCK, paused: true }, 4000), 50_000);
});
