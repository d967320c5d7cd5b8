import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING, apply } from "../../../static/topology/state.js";
import { surtitle } from "../../../static/topology/surtitle.js";

/** @typedef {import("../../../static/topology/state.js").Row} Row */

const CLOCK = { anchorWall: 0, anchorCluster: 100_000, speed: 1, paused: false };
const node = (more = {}) => ({ id: "n", kind: "Node", name: "worker-1", state: "Ready", lit: true, ...more });
const web = (more = {}) => ({ id: "d", kind: "Deployment", ns: "default", name: "web", desired: 2, readyCount: 2, updated: 2, rev: 2, ...more });
const set = (/** @type {number} */ rev, more = {}) => ({ id: `r${rev}`, kind: "ReplicaSet", ns: "default", name: `web-${rev}`, owner: "d", rev, desired: 2, readyCount: 2, ...more });
const pod = (/** @type {string} */ id, more = {}) => ({ id, kind: "Pod", ns: "default", name: `web-2-${id}`, owner: "r2", node: "worker-1", state: "Running", ok: true, tol: 300, ...more });
const says = (/** @type {Row[]} */ ...rows) => surtitle(apply(NOTHING, { type: "snapshot", revision: 1, clock: CLOCK, rows }), 100_000).words.replaceAll("*", "");

test("when nothing is wrong it says so", () => {
  assert.equal(says(node(), web(), set(2), pod("a"), pod("b")), "All is well: 2 pods on 1 node.");
});

test("a rolling update is told in numbers", () => {
  const words = says(node(), web(), set(1), set(2, { readyCount: 1 }), pod("a"), pod("old", { owner: "r1" }));

  assert.equal(words, "web rolls from v1 to v2: 1 of 2 new pods are ready.");
});

test("a machine without power comes before everything else", () => {
  assert.equal(says(node({ lit: false }), web(), set(2), pod("a")), "worker-1 lost its power. Nobody has noticed yet.");
});

test("the eviction is counted down", () => {
  const dark = node({ lit: false, state: "NotReady", noExecute: 58_000 });

  assert.equal(says(dark, web(), set(2), pod("a"), pod("b")), "worker-1 is dark. Its 2 pods will be evicted in 4:18.");
});

test("a crash says when it tries again, and only the words make a new key", () => {
  const crashed = (/** @type {number} */ retryAt) => [node(), web(), set(2), pod("a", { state: "CrashLoopBackOff", ok: false, retryAt })];
  const sentence = (/** @type {number} */ at) => surtitle(apply(NOTHING, { type: "snapshot", revision: 1, clock: CLOCK, rows: crashed(at) }), 100_000);

  assert.equal(says(...crashed(112_000)), "web keeps crashing. It waits, then tries again in 12 s.");
  assert.equal(sentence(112_000).key, sentence(109_000).key);
});

test("a pod without a node says why", () => {
  const message = "0/1 nodes are available: 1 Insufficient cpu. preemption: none.";

  assert.equal(says(node(), web({ readyCount: 1 }), set(2), pod("a"), pod("b", { node: undefined, state: "Pending", ok: false, message })), "web finds no node: Insufficient cpu.");
});

test("an empty stage invites", () => {
  assert.equal(says(node()), "The stage is yours: apply some YAML.");
});

test("a dead node outranks the crash that comes after it, and tells it too", () => {
  const dark = node({ lit: false, state: "NotReady" });
  const moody = pod("c", { node: "worker-2", name: "moody", owner: undefined, state: "CrashLoopBackOff", ok: false, retryAt: 112_000 });

  assert.equal(says(dark, node({ id: "m", name: "worker-2" }), moody), "worker-1 is dark. moody keeps crashing. It waits, then tries again in 12 s.");
});

test("a machine that hangs has not lost its power", () => {
  assert.equal(says(node({ lit: false, power: "frozen" }), web(), set(2), pod("a")), "worker-1 hangs. Nobody has noticed yet.");
});

test("between the word and the taint the pods do not stay", () => {
  assert.equal(says(node({ lit: false, state: "NotReady" }), web(), set(2), pod("a"), pod("b")), "worker-1 is dark. Its 2 pods will be evicted in 5:00.");
  assert.equal(says(node({ lit: false, state: "NotReady" }), pod("a", { owner: undefined, tol: undefined })), "worker-1 is dark. 1 pod stays with it.");
});
