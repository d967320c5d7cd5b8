import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf } from "../../../static/topology/differences.js";
import { groupsScene } from "../../../static/topology/groupsview.js";
import { NO_MEMORY, nodesScene } from "../../../static/topology/nodesview.js";
import { ownershipScene } from "../../../static/topology/ownershipview.js";
import { EMPTY, sit } from "../../../static/topology/seats.js";
import { NOTHING, apply } from "../../../static/topology/state.js";
import { storageScene } from "../../../static/topology/storageview.js";
import { tallyOf } from "../../../static/topology/troupes.js";
import { limits, nearer, split } from "../../../static/topology/zoom.js";

/** @typedef {import("../../../static/topology/state.js").Row} Row */

const CLOCK = { anchorWall: 0, anchorCluster: 0, speed: 1, paused: false };
const STAGE = { width: 1280, height: 534, phone: false, following: null, wall: 0 };

/** @param {number} nodes @param {number} pods @returns {Row[]} */
function rows(nodes, pods) {
  const list = /** @type {Row[]} */ ([]);
  for (let i = 0; i < nodes; i += 1) list.push({ id: `n${i}`, kind: "Node", name: `worker-${i}`, state: "Ready", cpu: 4000, zone: `z${i % 3}` });
  for (let i = 0; i < pods; i += 1) {
    const app = Math.floor(i / 5);
    if (i % 5 === 0) list.push({ id: `d${app}`, kind: "Deployment", ns: "default", name: `app-${app}`, desired: 5 }, { id: `r${app}`, kind: "ReplicaSet", ns: "default", name: `app-${app}-1`, owner: `d${app}`, desired: 5, rev: 1 });
    list.push({ id: `p${i}`, kind: "Pod", ns: "default", name: `app-${app}-1-${i}`, owner: `r${app}`, node: `worker-${i % nodes}`, state: "Running", ok: true, cpu: 100, claims: [`data-${i}`] });
  }
  return list;
}

/** @param {Row[]} list @param {import("../../../static/topology/state.js").State} [before] */
function shown(list, before = NOTHING) {
  return apply(before, { type: "snapshot", revision: before.revision + 1, clock: CLOCK, rows: list });
}

/** @param {Row[]} list @param {string} id @param {Partial<Row>} columns */
function but(list, id, columns) {
  return list.map((row) => (row.id === id ? { ...row, ...columns } : row));
}

/** @param {import("../../../static/topology/nodesview.js").Scene} scene */
function places({ people, boxes, rooms }) {
  const found = new Map(people.map((who) => [who.id, `${who.x} ${who.y} ${who.pitch}`]));
  for (const one of [...boxes, ...rooms]) found.set(one.id, JSON.stringify(one.box));
  return found;
}

for (const [nodes, pods] of [[3, 30], [100, 1000], [1000, 10000]]) {
  test(`${nodes} nodes: a change of one pod moves nobody else, and only its room is another`, () => {
    const list = rows(nodes, pods);
    const first = shown(list);
    const before = nodesScene(first, STAGE, NO_MEMORY);

    const after = nodesScene(shown(but(list, "p4", { state: "CrashLoopBackOff", ok: undefined }), first), STAGE, before.memory);

    assert.deepEqual(places(after.scene), places(before.scene));
    const others = after.scene.rooms.filter((room, nth) => room.kind === "stage" && room !== before.scene.rooms[nth]);
    assert.deepEqual(others.map((room) => room.name), [`worker-${4 % nodes}`]);
    assert.ok((changesOf(before.scene, after.scene)?.length ?? 0) <= 2); // the room, and the title of its zone
  });
}

test("a pod that goes and one that comes move nobody else", () => {
  const list = rows(100, 1000);
  const first = shown(list);
  const before = nodesScene(first, STAGE, NO_MEMORY);

  const after = nodesScene(shown([...list.filter((row) => row.id !== "p7"), { id: "new", kind: "Pod", ns: "default", name: "aaa", node: "worker-9", state: "Running" }], first), { ...STAGE, wall: 100 }, before.memory);

  const [were, are] = [places(before.scene), places(after.scene)];
  for (const [id, place] of were) if (id !== "p7") assert.equal(are.get(id), place, id);
});

test("a picture made step by step tells the same as one made at once", () => {
  let list = rows(100, 1000);
  let state = shown(list);
  let { memory } = nodesScene(state, STAGE, NO_MEMORY);
  for (let step = 0; step < 40; step += 1) {
    list = but(list, `p${step * 7}`, [{ ok: undefined }, { node: "worker-1" }, { deleting: true }, { node: undefined }][step % 4]);
    if (step % 10 === 5) list = but(list, `n${step}`, { state: "NotReady" });
    if (step === 20) list = list.filter((row) => row.id !== "n50");
    state = shown(list, state);
    ({ memory } = nodesScene(state, STAGE, memory));
  }

  const told = nodesScene(state, STAGE, memory).scene;
  const afresh = nodesScene(shown(list), STAGE, NO_MEMORY).scene;

  const about = (/** @type {typeof told} */ scene) => [scene.tally, scene.zones.map((zone) => zone.note), scene.rooms.map((room) => [room.name, room.used, room.worst, room.count, room.dark]).sort()];
  assert.deepEqual(about(told), about(afresh));
});

test("a seat is kept, and one that was left rests", () => {
  const who = (/** @type {string} */ ids) => [...ids].map((id) => ({ id }));
  const first = sit(undefined, who("abc"), 0);

  const second = sit(first, who("acd"), 1000);
  const third = sit(second, who("acde"), 2000);

  assert.deepEqual([...second.slots], [["a", 0], ["c", 2], ["d", 3]]);
  assert.equal(third.slots.get("e"), 1);
  assert.equal(third.need, 4);
});

test("coming nearer turns tiles into stages on which everybody stands with a name", () => {
  const state = shown(rows(1000, 10000));
  const far = nodesScene(state, STAGE, NO_MEMORY);
  const zoom = /** @type {number} */ (far.scene.natural);
  const seen = { x: 3000, y: 1000, width: 1280, height: 534 };

  const near = nodesScene(state, { ...STAGE, zoom, seen }, far.memory).scene;

  assert.equal(far.scene.level, "tiles");
  assert.equal(near.level, "drawing");
  assert.ok(near.people.length > 5 && near.people.length < 400);
  assert.ok(near.people.every((who) => who.label === "below" && who.pitch >= 46));
});

test("the point below the mouse stays below it", () => {
  const { layout, scale } = split(30, 12);
  const [at, origin] = [500, 226];

  assert.deepEqual([layout, scale], [12, 2.5]);
  assert.equal(nearer(nearer(at, origin, layout), origin, 1 / layout), at);
  assert.equal(nearer(100, origin, layout), 100);
});

test("all of a long list can be fitted in", () => {
  assert.equal(limits({ width: 1280, height: 2000, natural: 1, view: "ownership", stage: { width: 1280, height: 500 } }).least, 0.25);
});

test("groups of owners keep their places when one gets into trouble, which is then seen at the top", () => {
  const list = rows(100, 1000);
  const first = shown(list);
  const before = groupsScene(first, STAGE, "ownership", EMPTY);

  const after = groupsScene(shown(but(list, "p999", { ok: undefined, lost: true }), first), STAGE, "ownership", before.seating);

  const below = (/** @type {typeof before} */ { scene }) => new Map(scene.boxes.filter((box) => box.box.y > 120).map((box) => [box.id, JSON.stringify(box.box)]));
  assert.deepEqual(below(after), below(before));
  assert.deepEqual(after.scene.boxes.filter((box) => box.box.y < 120).map((box) => [box.name, box.sub]), [["app-199", "4 fine · 1 bad"]]);
  assert.equal(after.scene.tally?.guests, 1000);
});

test("a change of one pod paints its group anew, and no other", () => {
  const list = rows(100, 1000);
  const first = shown(list);
  const before = groupsScene(first, STAGE, "ownership", EMPTY);

  const after = groupsScene(shown(but(list, "p999", { state: "ContainerCreating", ok: undefined }), first), STAGE, "ownership", before.seating);

  assert.deepEqual(after.scene.boxes.filter((box) => !before.scene.boxes.includes(box)).map((box) => box.name), ["app-199"]);
  assert.equal(changesOf(before.scene, after.scene)?.length, 1);
});

test("who found no place among those in trouble gets the next that is free", () => {
  const list = rows(100, 1000);
  const falling = (/** @type {number[]} */ ids) => ids.reduce((those, id) => but(those, `p${id}`, { ok: undefined, lost: true }), list);
  const front = (/** @type {{ scene: import("../../../static/topology/nodesview.js").Scene }} */ { scene }) => scene.boxes.filter((box) => box.box.y < 80).map((box) => box.name).sort();
  const many = groupsScene(shown(falling([0, 5, 10, 15, 20, 25])), STAGE, "ownership", EMPTY);
  const fewer = shown(falling([5, 10, 15, 20, 25]));

  const soon = groupsScene(fewer, { ...STAGE, wall: STAGE.wall + 100 }, "ownership", many.seating);
  const later = groupsScene(fewer, { ...STAGE, wall: STAGE.wall + 2000 }, "ownership", soon.seating);

  assert.deepEqual(front(many), ["app-0", "app-1", "app-2", "app-3", "app-4"]);
  assert.deepEqual(front(soon), ["app-1", "app-2", "app-3", "app-4"]);
  assert.deepEqual(front(later), ["app-1", "app-2", "app-3", "app-4", "app-5"]);
});

test("many claims stand in groups by who mounts them", () => {
  const list = rows(3, 60);
  const claims = list.filter((row) => row.kind === "Pod" && row.id !== "p3").map((pod) => ({ id: `c${pod.id}`, kind: "PersistentVolumeClaim", ns: "default", name: `data-${pod.id.slice(1)}`, state: "Bound", size: "1Gi" }));

  const { scene } = storageScene(shown([...list, ...claims]), STAGE);

  assert.deepEqual(scene.boxes.filter((box) => box.name === "app-0").map((box) => box.sub), ["4 fine · 1 bad", "4 fine · 1 bad"]);
  assert.equal(scene.zones[1].note, "12 groups");
});

test("an object with conditions stands with its owner and its worst word", () => {
  const list = [...rows(3, 5), { id: "x", kind: "Certificate", ns: "default", name: "shop", owner: "d0", conditions: /** @type {[string, string, string][]} */ ([["Issuing", "True", "Asked"], ["Ready", "False", "NoIssuer"]]) }];

  const { scene } = ownershipScene(shown(list), STAGE);
  const box = scene.boxes.find((one) => one.id === "x");

  assert.deepEqual([box?.sub, box?.note, box?.loose], ["Certificate · not Ready", "NoIssuer", true]);
  assert.ok(box && scene.wires.some((wire) => wire.kind === "own" && wire.points[1][0] === box.box.x && wire.points[1][1] === box.box.y + box.box.height / 2));
  assert.equal(tallyOf(scene.people).guests, 5);
});
