/** The layers of the picture: rooms at the bottom, people at rest above them, whatever moves or speaks on top. */

import { isEmpty } from "./differences.js";
import { poseAt } from "./motion.js";
import { patchOf } from "./company.js";
import { paintBubbles } from "./paint/bubble.js";
import { paintBalcony, paintDoor, paintInvitation, paintMapRoom, paintTile, paintZone } from "./paint/house.js";
import { paintFlight } from "./paint/marks.js";
import { paintOwner, paintWire } from "./paint/owners.js";
import { FIGURE_FROM, paintMarks, paintPerson } from "./paint/people.js";
import { paintRegistries } from "./paint/registry.js";
import { paintStage } from "./paint/room.js";
import { paintNote, paintSocket, paintStream, paintTried } from "./paint/traffic.js";
import { overlap } from "./rooms.js";
import { poseOf } from "./steps.js";

/**
 * @typedef {import("./nodesview.js").Scene} Scene
 * @typedef {import("./nodesview.js").Room} Room
 * @typedef {import("./rooms.js").Box} Box
 * @typedef {import("./company.js").Actor} Actor
 * @typedef {CanvasRenderingContext2D} Context
 * @typedef {{ palette: import("./palette.js").Palette, lamps: import("./lamps.js").Lamps, now: number, clock: number, picked: string, seen: Box, still: boolean }} Light
 * now: milliseconds of the page; clock: cluster time; seen: the part of the scene that is on screen
 */

/** So many flights are drawn with ring and path; more would be a tangle. */
const FLIGHTS = 9;
/** More patches than these are not worth it. */
const PATCHES = 120;
/** Where ropes hang through all of them, these. */
const FEW = 8;

const INVITATIONS = {
  nodes: ["The stage is empty.", "Apply some YAML: pods come in by the door."],
  ownership: ["Nobody owns anything yet.", "Apply a Deployment and look here again."],
  traffic: ["Nobody can be called yet.", "Apply a Service and look here again."],
  storage: ["Nobody keeps anything yet.", "Apply a PersistentVolumeClaim and look here again."],
};

/** @param {Context} c @param {Scene} scene @param {Light} light */
export function paintRooms(c, scene, light) {
  wipe(c, light.seen);
  paintHouse(c, scene, light, light.seen);
}

/** Only where something looks different. @param {Context} c @param {Scene} scene @param {Box[]} areas @param {Light} light */
export function repaintRooms(c, scene, areas, light) {
  const seen = areas.filter((area) => overlap(area, light.seen));
  if (seen.length > (scene.wires.length ? FEW : PATCHES)) return paintRooms(c, scene, light);
  for (const area of seen) within(c, area, () => paintHouse(c, scene, light, area));
  return undefined;
}

/** All of the lowest layer that is in this part of the scene. @param {Context} c @param {Scene} scene @param {Light} light @param {Box} area */
function paintHouse(c, scene, light, area) {
  const p = light.palette;
  for (const zone of scene.zones) if (overlap(zone.box, area)) paintZone(c, p, zone);
  for (const room of scene.rooms) if (overlap(room.box, area)) paintRoom(c, scene, room, light);
  for (const wire of scene.wires) paintWire(c, p, wire);
  for (const box of scene.boxes) if (overlap(box.box, area)) paintOwner(c, p, box, box.id !== "" && box.id === light.picked, light.clock);
  for (const socket of scene.sockets ?? []) paintSocket(c, p, socket);
  for (const note of scene.notes ?? []) paintNote(c, p, note);
  for (const tried of scene.tried ?? []) paintTried(c, p, tried);
  if (isEmpty(scene)) invite(c, scene, light);
}

/** @param {Context} c @param {Scene} scene @param {Room} room @param {Light} light */
function paintRoom(c, scene, room, { palette, lamps, now, clock }) {
  if (room.kind === "door") paintDoor(c, palette, room, room.count, scene.bubbles.find((bubble) => !bubble.figure && !bubble.room)?.lines ?? []);
  else if (room.kind === "balcony") paintBalcony(c, palette, room);
  else if (room.level === "drawing") paintStage(c, palette, room, { lamp: lamps.at(room.id, now), now: clock });
  else if (room.level === "map") paintMapRoom(c, palette, room);
  else paintTile(c, palette, room);
}

/** @param {Context} c @param {Scene} scene @param {Light} light */
function invite(c, scene, { palette, seen }) {
  const left = scene.rooms.reduce((least, room) => (room.kind === "stage" ? Math.min(least, room.box.x) : least), scene.rooms.length > 1 ? Infinity : 0);
  paintInvitation(c, palette, INVITATIONS[scene.view], (left < Infinity ? left : 0) / 2 + scene.width / 2, seen.y + seen.height * 0.52);
}

/** @param {Context} c @param {Iterable<Actor>} actors @param {Light} light */
export function paintPeople(c, actors, light) {
  wipe(c, light.seen);
  stand(c, [...actors].filter((actor) => !actor.move && overlap(patchOf(actor.who), light.seen)), light);
}

/** Only where somebody changed. @param {Context} c @param {Iterable<Actor>} actors @param {Box[]} patches @param {Light} light */
export function repaintPeople(c, actors, patches, light) {
  const seen = patches.filter((patch) => overlap(patch, light.seen));
  if (seen.length > PATCHES) return paintPeople(c, actors, light);
  if (!seen.length) return undefined;
  c.save();
  c.beginPath();
  for (const { x, y, width, height } of seen) c.rect(x, y, width, height);
  c.clip();
  for (const { x, y, width, height } of seen) c.clearRect(x, y, width, height);
  stand(c, [...actors].filter((actor) => !actor.move && seen.some((patch) => overlap(patch, patchOf(actor.who)))), light);
  c.restore();
  return undefined;
}

/** @param {Context} c @param {Actor[]} resting @param {Light} light */
function stand(c, resting, { palette, clock }) {
  const [marks, figures] = split(resting);
  if (marks.length) paintMarks(c, palette, marks.map(({ who }) => ({ who, pose: poseOf(who) })));
  for (const { who } of figures) paintPerson(c, palette, who, poseOf(who), clock);
}

/** @param {Context} c @param {Scene} scene @param {ReadonlySet<Actor>} moving @param {Light} light @returns {import("./paint/bubble.js").Said[]} what was said */
export function paintMovers(c, scene, moving, { palette, now, clock, seen, still }) {
  wipe(c, seen);
  const [marks, figures] = split([...moving]);
  if (marks.length) paintMarks(c, palette, marks.map((actor) => ({ who: actor.who, pose: poseAt(/** @type {any} */ (actor.move), now) })));
  let told = 0;
  for (const { who, move } of moving) if (move?.kind === "fly" && (told += 1) <= FLIGHTS) paintFlight(c, palette, who, move, now);
  for (const { who, move } of figures) {
    if (move) paintPerson(c, palette, { ...who, label: move.kind === "shake" ? who.label : "none" }, poseAt(move, now), clock);
  }
  for (const stream of scene.streams ?? []) paintStream(c, palette, stream, now, still);
  const registries = paintRegistries(c, palette, scene);
  return [...registries, ...paintBubbles(c, palette, scene, clock, registries)];
}

/** @param {Actor[]} actors @returns {[Actor[], Actor[]]} marks and figures */
function split(actors) {
  const small = (/** @type {Actor} */ { who }) => who.pitch < FIGURE_FROM;
  return [actors.filter(small), actors.filter((actor) => !small(actor))];
}

/** @param {Context} c @param {Box} box */
function wipe(c, { x, y, width, height }) {
  c.clearRect(x - 1, y - 1, width + 2, height + 2);
}

/** @param {Context} c @param {Box} box @param {() => void} paint */
function within(c, box, paint) {
  c.save();
  c.beginPath();
  c.rect(box.x, box.y, box.width, box.height);
  c.clip();
  c.clearRect(box.x, box.y, box.width, box.height);
  paint();
  c.restore();
}
