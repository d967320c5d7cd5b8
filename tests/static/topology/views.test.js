import assert from "node:assert/strict";
import { test } from "node:test";
import { followed, readWhere, writeWhere } from "../../../static/topology/follow.js";
import { counts } from "../../../static/topology/legend.js";
import { NO_MEMORY, nodesScene } from "../../../static/topology/nodesview.js";
import { ownershipScene } from "../../../static/topology/ownershipview.js";
import { cast } from "../../../static/topology/people.js";
import { overlap } from "../../../static/topology/rooms.js";
import { NOTHING, apply } from "../../../static/topology/state.js";
import { tallyOf } from "../../../static/topology/troupes.js";
import { label, outline } from "../../../static/topology/twin.js";

/** @typedef {import("../../../static/topology/state.js").Row} Row */

const CLOCK = { anchorWall: 0, anchorCluster: 0, speed: 1, paused: false };
const STAGE = { width: 1280, height: 534, phone: false, following: null, wall: 0 };

/** @param {number} nodes @param {number} pods @param {Row[]} more */
function cluster(nodes, pods, ...more) {
  /** @type {Row[]} */
  const rows = [{ id: "cp", kind: "Node", name: "control-plane", roles: ["control-plane"], state: "Ready", cpu: 4000 }];
  for (let i = 0; i < nodes; i += 1) rows.push({ id: `n${i}`, kind: "Node", name: `worker-${i + 1}`, state: "Ready", cpu: 4000, zone: i % 2 ? "b" : "a" });
  rows.push({ id: "d", kind: "Deployment", ns: "default", name: "web", desired: pods }, { id: "r", kind: "ReplicaSet", ns: "default", name: "web-1", owner: "d", desired: pods, rev: 1 });
  for (let i = 0; i < pods; i += 1) rows.push({ id: `p${i}`, kind: "Pod", ns: "default", name: `web-1-${i}`, owner: "r", node: `worker-${(i % nodes) + 1}`, state: "Running", ok: true, cpu: 100 });
  return apply(NOTHING, { type: "snapshot", revision: 1, clock: CLOCK, rows: [...rows, ...more] });
}

for (const [nodes, pods, width] of [[3, 12, 1280], [3, 300, 1280], [3, 12, 390], [12, 60, 1280], [100, 1000, 1280], [100, 1000, 390]]) {
  test(`${nodes} nodes with ${pods} pods at ${width} px: everybody sits in the right room, and rooms do not overlap`, () => {
    const { scene } = nodesScene(cluster(nodes, pods), { ...STAGE, width, phone: width < 640 }, NO_MEMORY);

    assert.equal(scene.people.length, pods);
    for (const who of scene.people) {
      const room = scene.rooms.find((one) => one.name === who.room);
      assert.ok(room && who.x > room.box.x && who.x < room.box.x + room.box.width && who.y > room.box.y && who.y <= room.box.y + room.box.height, who.row.name);
    }
    scene.rooms.forEach((room, index) => assert.ok(scene.rooms.slice(index + 1).every((other) => !overlap(room.box, other.box)), room.name));
  });
}

test("a new pod moves nobody", () => {
  const before = nodesScene(cluster(3, 9), STAGE, NO_MEMORY);

  const after = nodesScene(cluster(3, 9, { id: "x", kind: "Pod", ns: "default", name: "x", node: "worker-1", state: "Running" }), STAGE, before.memory);

  for (const who of before.scene.people) {
    const now = after.scene.people.find((one) => one.id === who.id);
    assert.deepEqual([now?.x, now?.y], [who.x, who.y]);
  }
});

test("a pod without a node stands at the door", () => {
  const { scene } = nodesScene(cluster(2, 0, { id: "x", kind: "Pod", ns: "default", name: "x", state: "Pending" }), STAGE, NO_MEMORY);
  const door = /** @type {import("../../../static/topology/nodesview.js").Room} */ (scene.rooms.find((room) => room.kind === "door"));

  assert.ok(scene.people[0].x < door.box.x + door.box.width);
});

test("the legend counts exactly what is on screen", () => {
  const { scene } = nodesScene(cluster(3, 9), STAGE, NO_MEMORY);

  const total = counts(tallyOf(scene.people)).reduce((sum, entry) => sum + entry.count, 0);

  assert.equal(total, scene.people.length);
});

test("versions are marked only while there are two", () => {
  const old = { id: "r0", kind: "ReplicaSet", ns: "default", name: "web-0", owner: "d", rev: 0 };
  const other = { id: "x", kind: "Pod", ns: "default", name: "web-0-x", owner: "r0", node: "worker-1", state: "Running" };

  assert.ok(nodesScene(cluster(2, 4), STAGE, NO_MEMORY).scene.people.every((who) => who.badge === null));
  assert.ok(nodesScene(cluster(2, 4, old, other), STAGE, NO_MEMORY).scene.people.every((who) => who.badge !== null));
});

test("following a Deployment or a Service finds its pods", () => {
  const state = cluster(2, 3, { id: "s", kind: "Service", ns: "default", name: "web", yes: ["p0"], no: ["p1"] });

  assert.equal(followed(state, { kind: "Deployment", ns: "default", name: "web" })?.size, 3);
  assert.deepEqual([...(followed(state, { kind: "Service", ns: "default", name: "web" }) ?? [])], ["p0", "p1"]);
  assert.equal(followed(state, { kind: "Deployment", ns: "default", name: "gone" }), null);
});

test("view and followed object survive in the address", () => {
  const follow = { kind: "Deployment", ns: "default", name: "web" };

  const where = { view: /** @type {const} */ ("ownership"), follow, pick: null, filter: "app=web", projector: true };
  assert.deepEqual(readWhere(writeWhere(where)), where);
  assert.deepEqual(readWhere(""), { view: "nodes", follow: null, pick: null, filter: "", projector: false });
});

test("ownership shows Deployment, ReplicaSet, pods and the Service plugged into them", () => {
  const { scene } = ownershipScene(cluster(2, 3, { id: "s", kind: "Service", ns: "default", name: "web", yes: ["p0", "p1"], no: ["p2"] }), STAGE);

  assert.deepEqual(scene.boxes.map((box) => box.kind).sort(), ["Deployment", "ReplicaSet", "Service"]);
  assert.equal(scene.people.length, 3);
  assert.equal(scene.wires.filter((wire) => wire.kind === "wait").length, 1);
});

test("ownership shows a StatefulSet that has no pod yet, and nothing of the system", () => {
  const db = { id: "db", kind: "StatefulSet", ns: "default", name: "db", desired: 3, readyCount: 0 };
  const proxy = { id: "kp", kind: "DaemonSet", ns: "kube-system", name: "kube-proxy", desired: 3, readyCount: 3 };
  const { scene } = ownershipScene(cluster(2, 0, db, proxy), STAGE);

  assert.deepEqual(scene.boxes.filter((box) => box.kind !== "Deployment" && box.kind !== "ReplicaSet").map((box) => `${box.kind} ${box.name}: ${box.sub}`), ["StatefulSet db: StatefulSet · 0 of 3 ready"]);
});

test("the text twin names every node and pod", () => {
  const state = cluster(3, 9);
  const entries = outline(state);

  assert.deepEqual(entries.filter((entry) => entry.row?.kind === "Node").map((entry) => entry.row?.name), ["control-plane", "worker-1", "worker-2", "worker-3"]);
  assert.equal(entries.filter((entry) => entry.row?.kind === "Pod").length, 9);
  assert.match(label(cast(state, null), /** @type {import("../../../static/topology/twin.js").Entry} */ (entries.find((entry) => entry.id === "p0"))), /web-1-0, Running, Ready, worker-1, ReplicaSet web-1 revision 1/);
});
