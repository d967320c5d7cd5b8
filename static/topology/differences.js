/** Where the lowest layer looks different from the scene before. Pure. */

/** @typedef {import("./nodesview.js").Scene} Scene */
/** @typedef {import("./nodesview.js").Room} Room */
/** @typedef {import("./rooms.js").Box} Box */
/** @typedef {import("./ownershipview.js").OwnerBox} OwnerBox */

/** Rooms and boxes stand where they stood. @param {Scene} one @param {Scene} other */
export function sameOutline(one, other) {
  return one.view === other.view && one.width === other.width && one.height === other.height && standing(one.rooms, other.rooms) && standing(one.boxes, other.boxes);
}

/** @param {{ id: string, box: Box }[]} ones @param {{ id: string, box: Box }[]} others */
function standing(ones, others) {
  if (ones.length !== others.length) return false;
  for (let nth = 0; nth < ones.length; nth += 1) {
    const [{ id, box: a }, { id: other, box: b }] = [ones[nth], others[nth]];
    if (id !== other || (a !== b && (Math.abs(a.x - b.x) >= 1 || Math.abs(a.y - b.y) >= 1 || Math.abs(a.width - b.width) >= 1 || Math.abs(a.height - b.height) >= 1))) return false;
  }
  return true;
}

/** What has to be painted anew; null: everything. @param {Scene} before @param {Scene} after @returns {Box[] | null} */
export function changesOf(before, after) {
  if (before.view !== after.view || before.level !== after.level || before.width !== after.width || !standing(before.rooms, after.rooms)) return null;
  if (isEmpty(before) !== isEmpty(after) || !STRUNG.every((part) => alike(before[part], after[part]))) return null;
  const rooms = after.rooms.filter((room, nth) => before.rooms[nth] !== room && (look(before.rooms[nth]) !== look(room) || (room.kind === "door" && pleas(before) !== pleas(after))));
  // a title ends above the borders of the rooms below it
  const zones = after.zones.filter((zone, nth) => zone.note !== before.zones[nth]?.note);
  return [...rooms.map(outlines), ...zones.map(({ box }) => ({ ...box, height: box.height - 3 })), ...reboxed(before.boxes, after.boxes)];
}

/** What hangs between the boxes is painted as a whole. */
const STRUNG = /** @type {const} */ (["wires", "sockets", "notes", "tried"]);

/** Where a box went, came or says something else. @param {OwnerBox[]} before @param {OwnerBox[]} after @returns {Box[]} */
function reboxed(before, after) {
  const others = (/** @type {OwnerBox[]} */ those, /** @type {OwnerBox[]} */ than) => those.filter((one, nth) => one !== than[nth]);
  const place = (/** @type {OwnerBox} */ one) => Object.values(framed(one)).join();
  const went = new Map(others(before, after).map((one) => [place(one), one]));
  const areas = new Map([...went].map(([key, one]) => [key, framed(one)]));
  for (const one of others(after, before)) {
    if (alike(one, went.get(place(one)))) areas.delete(place(one));
    else areas.set(place(one), framed(one));
  }
  return [...areas.values()];
}

/** A box with all that sticks out of it. @param {OwnerBox} owner @returns {Box} */
function framed({ box: { x, y, width, height }, sign, plug }) {
  return { x: x - 4, y: y - 4, width: width + (sign || plug ? 60 : 8), height: height + 8 };
}

/** @param {any} one @param {any} other @returns {boolean} */
function alike(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => alike(one[name], other[name]));
}

/** Where nobody is, a word on the stage says how to begin. @param {Scene} scene */
export function isEmpty({ tally, people, boxes }) {
  return !boxes.length && !(tally ? tally.guests : people.some((who) => !who.row.system));
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
