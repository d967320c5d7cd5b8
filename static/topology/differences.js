/** What of a scene has to be painted anew since the one before. Pure. */

/** @typedef {import("./nodesview.js").Scene} Scene */
/** @typedef {import("./nodesview.js").Room} Room */

/** Rooms and boxes stand where they stood. @param {Scene} one @param {Scene} other */
export function sameOutline(one, other) {
  return one.view === other.view && one.width === other.width && one.height === other.height && standing(one.rooms, other.rooms) && standing(one.boxes, other.boxes);
}

/** @param {{ id: string, box: import("./rooms.js").Box }[]} ones @param {{ id: string, box: import("./rooms.js").Box }[]} others */
function standing(ones, others) {
  if (ones.length !== others.length) return false;
  for (let nth = 0; nth < ones.length; nth += 1) {
    const [{ id, box: a }, { id: other, box: b }] = [ones[nth], others[nth]];
    if (id !== other || (a !== b && (Math.abs(a.x - b.x) >= 1 || Math.abs(a.y - b.y) >= 1 || Math.abs(a.width - b.width) >= 1 || Math.abs(a.height - b.height) >= 1))) return false;
  }
  return true;
}

/** @typedef {{ rooms: Room[], zones: Scene["zones"] }} Changes */

/** The rooms and titles that look different though they stand where they stood; null: all must be painted anew.
 * @param {Scene} before @param {Scene} after @returns {Changes | null} */
export function changesOf(before, after) {
  if (after.view !== "nodes" || before.level !== after.level || !sameOutline(before, after) || invited(before) !== invited(after)) return null;
  const rooms = after.rooms.filter((room, nth) => before.rooms[nth] !== room && (look(before.rooms[nth]) !== look(room) || (room.kind === "door" && pleas(before) !== pleas(after))));
  return { rooms, zones: after.zones.filter((zone, nth) => zone.note !== before.zones[nth]?.note) };
}

/** Where nobody is, a word on the stage says how to begin. @param {Scene} scene */
function invited({ tally, boxes }) {
  return !tally?.guests && !boxes.length;
}

/** @param {Scene} scene */
export function pleas({ bubbles }) {
  return bubbles.flatMap((one) => (one.figure || one.room ? [] : one.lines)).join();
}

/** A room with its border. @param {Room} room */
export function outlines({ box, level }) {
  const more = level === "drawing" ? 6 : level === "map" ? 3 : 1;
  return { x: box.x - more, y: box.y - more, width: box.width + more * 2, height: box.height + more * 2 };
}

/** Changes when the room would look different. @param {Room} room */
function look({ node, lit, used, cap, count, kind, worst, pitch, floors, dim, evictsAt, ring, busy }) {
  return [node?.state, node?.cordoned, lit, used, cap, kind === "door" ? count : 0, worst, pitch, floors.length, dim, evictsAt, node?.silent, ring?.until, Math.round(busy / 50)].join();
}
