import assert from "node:assert/strict";
import { test } from "node:test";
import { marksInWords, refused } from "../../../static/topology/aloud.js";
import { refusedBy } from "../../../static/topology/closer.js";
import { gapOf, gapWords } from "../../../static/topology/gaps.js";
import { bounds, columnsOf, pulls } from "../../../static/topology/ownershipview.js";
import { listensAt } from "../../../static/topology/ports.js";
import { arc, cable, lengthOf, pointAt, swing } from "../../../static/topology/ropes.js";
import { NOTHING, apply } from "../../../static/topology/state.js";
import { standIns, targetsOf } from "../../../static/topology/targets.js";

/** @param {any} more @returns {import("../../../static/topology/state.js").Row} */
function pod(more) {
  return { id: "p", kind: "Pod", name: "p", ...more };
}

test("an owner pulls while somebody is missing, too many or going", () => {
  const set = { id: "s", kind: "ReplicaSet", name: "web", desired: 2 };
  assert.equal(pulls({ set, pods: [{ row: pod({}) }, { row: pod({}) }] }), undefined);
  assert.deepEqual(pulls({ set, pods: [{ row: pod({}) }] }), ["wants 2", "has 1"]);
  assert.deepEqual(pulls({ set, pods: [{ row: pod({ deleting: true }) }, { row: pod({}) }] }), ["wants 2", "has 1", "1 leaving"]);
  assert.equal(pulls({ set: { ...set, kind: "Job" }, pods: [] }), undefined);
});

test("a rollout's limits are those of Kubernetes: surge is rounded up, what may be missing down", () => {
  const top = { id: "d", kind: "Deployment", name: "web", desired: 3, rev: 2, have: 4, bounds: ["25%", "25%"] };
  const block = (/** @type {number} */ rev, /** @type {any[]} */ pods) => ({ top, set: { id: `s${rev}`, kind: "ReplicaSet", name: `web-${rev}`, rev }, pods: pods.map((row) => /** @type {any} */ ({ row })) });
  assert.equal(bounds(top), "has 4 · at most 4 · 3 must be ready");
  assert.deepEqual(columnsOf(top, [block(2, [pod({})]), block(1, [pod({ ok: true }), pod({ ok: true }), pod({ ok: true, deleting: true })])]), { old: 2, oldReady: 2, fresh: 1, freshReady: 0, most: 4, least: 3 });
  assert.equal(columnsOf(top, [block(2, [pod({})])]), null);
});

test("a request is on its rope at every moment", () => {
  const legs = [swing([0, 0], [100, 40]), cable([200, 40], 300, 80, 400)];
  const whole = legs.reduce((sum, leg) => sum + lengthOf(leg), 0);
  assert.deepEqual(pointAt(legs, 0), [0, 0]);
  assert.deepEqual(pointAt(legs, whole + 1), [400, 80]);
  for (let far = 0; far < whole; far += 7) {
    const [x] = pointAt(legs, far);
    assert.ok(x <= 100.001 || x >= 199.999, `inside of the box at ${x}`);
  }
  const bulge = arc({ x: 100, y: 0, width: 50, height: 50 }, { x: 100, y: 200, width: 50, height: 50 }, 1);
  assert.ok(Math.min(...bulge.map(([x]) => x)) < 90);
});

test("marks are also words", () => {
  const words = marksInWords(pod({ restarts: 2, exit: 137, state: "CrashLoopBackOff", oom: true, use: [0, 90], mem: 50, lid: [null, 100], held: ["example.com/x"] }), { last: "boom" });
  assert.deepEqual(words, ["2 restarts", "last exit code 137", "last line “boom”", "waits, then tries again", "90 of 100 MiB used", "ran out of memory", "held by example.com/x"]);
  assert.deepEqual(marksInWords(pod({ pull: ["ngnix", "nginx:latest"] }), null), ["there is no image ngnix, the nearest is nginx:latest"]);
  assert.deepEqual(marksInWords(pod({ pull: ["nginx:1.29"] }), null), ["the registry does not answer for nginx:1.29"]);
});

test("each node's refusal is told by name, else how many refuse", () => {
  const message = "0/3 nodes are available: 3 Insufficient cpu.";
  const closer = { refused: { "worker-1": ["Insufficient cpu"], "control-plane": ["node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }", "Insufficient cpu"] } };
  assert.deepEqual(refusedBy(closer), [["worker-1", "Insufficient cpu"], ["control-plane", "taint control-plane, Insufficient cpu"]]);
  assert.equal(refused(pod({ message }), closer), "worker-1: Insufficient cpu; control-plane: taint control-plane, Insufficient cpu");
  assert.equal(refused(pod({ message }), null), "3 nodes: Insufficient cpu");
  assert.equal(refused(pod({ message, node: "worker-1" }), null), "");
});

test("who runs unknown to the API is a gap of its own", () => {
  const cut = { id: "n", kind: "Node", name: "n", state: "NotReady", lit: true };
  assert.equal(gapOf(pod({ orphan: true }), undefined), "runs");
  assert.equal(gapOf(pod({ state: "Running" }), cut), "runs");
  assert.equal(gapOf(pod({ state: "Running" }), { ...cut, lit: false }), "off");
  assert.equal(gapOf(pod({ state: "Running", up: 0 }), cut), "stopped");
  assert.match(gapWords("runs", pod({ orphan: true })), /forgotten it/);
});

test("a named target port is looked up among those that the pod declares", () => {
  const web = pod({ ports: [[8080, "http"]], listens: [8080] });
  assert.ok(listensAt(web, "http"));
  assert.ok(listensAt(web, 8080));
  assert.ok(!listensAt(web, "https"));
  assert.ok(!listensAt(web, 80));
});

test("of a machine that hangs nobody says that it has no power", () => {
  assert.equal(gapWords("off", pod({ state: "Running" }), { id: "n", kind: "Node", name: "n", lit: false, power: "frozen" }), "the API still says Running, but its machine hangs");
  assert.equal(gapWords("off", pod({ state: "Running" })), "the API still says Running, but its machine has no power");
});

test("who is not drawn one by one is pointed at by what stands for them, with how many", () => {
  const rows = [{ id: "n", kind: "Node", name: "worker-1" }, pod({ id: "a", node: "worker-1", owner: "r" }), pod({ id: "b", node: "worker-1", owner: "r" }), { id: "s", kind: "Service", name: "s", yes: ["a"] }];
  const state = apply(NOTHING, { type: "snapshot", revision: 1, clock: { anchorWall: 0, anchorCluster: 0, speed: 1, paused: false }, rows });
  const box = { x: 0, y: 0, width: 26, height: 26 };
  const drawn = (/** @type {string[]} */ ...ids) => targetsOf(["a", "b"], standIns(state, ["a", "b"]), (id) => (ids.includes(id) ? box : null)).map(({ id, count }) => [id, count]);

  assert.deepEqual(drawn("a", "b", "n"), [["a", 0], ["b", 0]]);
  assert.deepEqual(drawn("n", "s"), [["n", 2]]);
  assert.deepEqual(drawn("s"), [["s", 1]]);
});
