/** Whether a scene has to be painted anew: short texts that change when a layer would. Pure. */

import { DOOR } from "./lobby.js";

/** @typedef {import("./nodesview.js").Scene} Scene */

/** Changes when a room would look different: the layer with light and blur is the dear one. @param {Scene} scene */
export function roomsOf({ rooms, people, zones, bubbles, boxes }) {
  const told = rooms.map((room) => [room.id, room.box.x, room.box.y, room.box.width, room.box.height, room.node?.state, room.node?.cordoned, room.lit, room.used, room.cap, room.worst, room.pitch, room.floors.length, room.dim, room.evictsAt, room.node?.silent, room.ring?.until, Math.round(room.busy / 50)].join());
  return [told, people.filter((who) => who.room === DOOR).length, zones.map((zone) => zone.note), boxes.map((box) => box.id), bubbles.filter((one) => !one.figure).map((one) => one.lines)].join(";");
}

/** Changes when a room or box moves. @param {Scene} scene */
export function outlineOf({ view, rooms, boxes }) {
  return view + [...rooms, ...boxes].map(({ id, box }) => `${id} ${Math.round(box.x)} ${Math.round(box.y)} ${Math.round(box.width)}`).join();
}
