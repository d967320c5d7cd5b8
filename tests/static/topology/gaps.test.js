import assert from "node:assert/strict";
import { test } from "node:test";
import { filtered } from "../../../static/topology/filter.js";
import { gapOf, left, nodeRing, ringOf, told, waitOf } from "../../../static/topology/gaps.js";
import { NO_MEMORY, nodesScene } from "../../../static/topology/nodesview.js";
import { differing, nearest } from "../../../static/topology/selectors.js";
import { signsOf } from "../../../static/topology/signs.js";
import { NOTHING, apply } from "../../../static/topology/state.js";
import { storageScene } from "../../../static/topology/storageview.js";
import { stepFor } from "../../../static/topology/tight.js";
import { trafficScene } from "../../../static/topology/trafficview.js";
import { lights } from "../../../static/topology/way.js";

/** @typedef {import("../../../static/topology/state.js").Row} Row */
const CLOCK = { anchorWall: 0, anchorCluster: 0, speed: 1, paused: false };
const STAGE = { width: 1280, height: 534, phone: false, following: null, wall: 0 };
const POD = { id: "p", kind: "Pod", ns: "default", name: "web-1", node: "worker-1", state: "Running", ok: true, labels: { app: "web" } };
const NODE = { id: "n", kind: "Node", name: "worker-1", state: "Ready", lit: true };

/** @param {Row[]} rows */
function state(...rows) {
  return apply(NOTHING, { type: "snapshot", revision: 1, clock: CLOCK, rows });
}

test("a pod of a machine without power is not what the API calls it", () => {
  assert.equal(gapOf(POD, { ...NODE, lit: false }), "off");
  assert.equal(gapOf(POD, NODE), "");
  assert.equal(gapOf({ ...POD, up: 0 }, NODE), "stopped");
});

test("who runs and is not ready stands behind a shutter, and its ring turns with the probe", () => {
  const pod = { ...POD, ok: undefined, probe: /** @type {[string, number, number, number, number, number]} */ (["readiness", 10_000, 5_000, 3, 3, 0]) };
  const ring = /** @type {import("../../../static/topology/gaps.js").Ring} */ (ringOf(pod, NODE));

  assert.equal(gapOf(pod, NODE), "shut");
  assert.equal(left(ring, 12_500), 0.5);
  assert.equal(left(ring, 17_500), 0.5);
});

test("rings count down to the kill, the eviction and the node's NotReady", () => {
  assert.equal(told(ringOf({ ...POD, grace: [0, 30_000] }, NODE), 10_000), "killed in 20 s");
  assert.equal(told(ringOf({ ...POD, tol: 300 }, { ...NODE, state: "NotReady", noExecute: 0 }), 42_000), "evicted in 4:18");
  assert.equal(told(nodeRing({ ...NODE, lit: false, beat: 1_000 }, 50_000), 11_000), "NotReady in 40 s");
  assert.equal(left({ kind: "grace", since: 0, until: 10, every: 0, word: "" }, 10), null);
});

test("the four kinds of Pending have words of their own", () => {
  const waits = (/** @type {string} */ message) => waitOf({ ...POD, node: undefined, cpu: 16_000, message }).word;

  assert.equal(waits("0/3 nodes are available: 3 Insufficient cpu."), "needs 16 CPU");
  assert.equal(waits("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector."), "wrong labels");
  assert.equal(waits("0/3 nodes are available: 3 node(s) had untolerated taint {gpu: yes}."), "kept out");
  assert.equal(waits('0/3 nodes are available: persistentvolumeclaim "x" not found.'), "no volume");
});

test("the nearest miss of a selector shows the letters that differ", () => {
  const miss = nearest({ id: "s", kind: "Service", ns: "default", name: "s", selector: { app: "wab" } }, [POD]);

  assert.deepEqual(miss?.letters, [{ text: "app=w", off: false }, { text: "e", off: true }, { text: "b", off: false }]);
  assert.equal(differing("app=web", "app=we").at(-1)?.text, "·");
});

test("errors, namespaces, labels and names find pods", () => {
  const all = state(NODE, POD, { ...POD, id: "q", name: "bad", ns: "shop", state: "CrashLoopBackOff", ok: undefined, labels: {} });
  const found = (/** @type {string} */ words) => [...(filtered(all, words) ?? [])];

  assert.deepEqual(found("errors"), ["q"]);
  assert.deepEqual(found("ns:default app=web"), ["p"]);
  assert.deepEqual(found("app!=web"), ["q"]);
  assert.deepEqual(found("we"), ["p"]);
  assert.equal(filtered(all, " "), null);
});

test("a wrong target port leaves the plug before the wall", () => {
  const service = (/** @type {number} */ target) => /** @type {Row} */ ({ id: "s", kind: "Service", ns: "default", name: "web", type: "ClusterIP", selector: { app: "web" }, yes: ["p"], sockets: [[80, target, 0, "", "TCP"]] });
  const right = trafficScene(state(NODE, { ...POD, listens: [80] }, service(80)), STAGE).scene;
  const wrong = trafficScene(state(NODE, { ...POD, listens: [80] }, service(8080)), STAGE).scene;

  assert.ok(right.wires.some((wire) => wire.kind === "serve"));
  assert.deepEqual(wrong.wires.map((wire) => wire.kind), ["loose"]);
  assert.ok(signsOf(wrong, 0).some((one) => one.sign === "closed"));
});

test("a request that fails is on screen with its way", () => {
  const flow = /** @type {Row} */ ({ id: "f", kind: "Flow", ns: "default", name: "t", from: "outside", via: "s", to: "p", rate: 4, failing: 1 });
  const { scene } = trafficScene(state(NODE, POD, { id: "s", kind: "Service", ns: "default", name: "web", selector: { app: "web" }, yes: ["p"] }, flow), STAGE);

  assert.equal(scene.streams?.length, 1);
  assert.equal(scene.streams?.[0].ok, false);
});

test("storage shows the claim that does not exist and the volume that nobody has", () => {
  const { scene } = storageScene(state({ ...POD, claims: ["nobody"] }, { id: "v", kind: "PersistentVolume", name: "pv", state: "Available", size: "1Gi" }), STAGE);

  assert.ok(scene.boxes.some((box) => box.title === "nobody" && box.sub === "no such claim"));
  assert.ok(scene.boxes.some((box) => box.id === "v"));
});

test("each step passes its author, the API server and the store", () => {
  const step = { revision: 7, op: "ADDED", resource: "pods", namespace: "default", name: "web", uid: "p", actor: "alice", why: "", station: "you" };

  assert.deepEqual(lights([step]).map((one) => one.place), ["you", "api", "store"]);
});

test("the legend lists the rings that hang over a silent machine, and no shutter that is not drawn", () => {
  const dark = { ...NODE, lit: false, beat: 1_000, patience: 50_000 };
  const pod = { ...POD, tol: 300 };
  const signs = (/** @type {Row[]} */ ...rows) => signsOf(nodesScene(state(...rows), STAGE, NO_MEMORY).scene, 10_000).map((one) => one.sign);

  assert.deepEqual(signs(dark, pod), ["off", "toleration", "node grace", "dark"]);
  assert.ok(!signs(NODE, { ...POD, ok: undefined, lost: true, probe: ["readiness", 10_000, 5_000, 3, 3, 0] }).includes("shut"));
});

test("Services stand closer before they have to be scrolled for, and at last in named groups", () => {
  const seen = (/** @type {number} */ count) => {
    const services = Array.from({ length: count }, (_, nth) => /** @type {Row[]} */ ([
      { ...POD, id: `p${nth}`, name: `p${nth}`, labels: { app: `s${nth}` } },
      { id: `s${nth}`, kind: "Service", ns: "default", name: `s${nth}`, selector: { app: `s${nth}` }, yes: [`p${nth}`], sockets: [[80, 80, 0, "", "TCP"]] },
    ])).flat();
    return trafficScene(state(NODE, ...services), { ...STAGE, height: 478 }).scene;
  };

  for (const count of [1, 4, 6, 8, 10, 12, 15, 30]) assert.equal(seen(count).height, 478, `${count} Services`);
  assert.equal(seen(15).people.length, 15);
  assert.deepEqual([seen(30).level, seen(30).boxes.length], ["map", 30]);
});

test("who comes and goes at the edge moves nobody", () => {
  const steps = [90, 60, 30];
  const tall = (/** @type {number} */ step) => step * 5;

  assert.equal(stepFor(steps, tall, 450), 0);
  assert.equal(stepFor(steps, tall, 449), 1);
  assert.equal(stepFor(steps, tall, 450, 1), 1);
  assert.equal(stepFor(steps, tall, 500, 1), 0);
  assert.equal(stepFor(steps, tall, 100), -1);
});
