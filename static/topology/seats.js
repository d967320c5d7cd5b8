/** Who sits where: the lowest free seat, kept for life. A freed seat rests until its leaver has walked out. Pure. */

/**
 * @typedef {{ room: string, slot: number }} Seat
 * @typedef {{ seats: Map<string, Seat>, resting: Map<string, number>, step?: number }} Seating resting: "room slot" -> free again at (ms); step: how close the rows of the view stand
 */

const REST = 700;

/** @type {Seating} */
export const EMPTY = { seats: new Map(), resting: new Map() };

/** The same as before where nobody comes or goes. @param {Seating} before @param {{ id: string, room: string }[]} people in the order in which they came
 * @param {number} now milliseconds @returns {Seating} */
export function seat(before, people, now) {
  if (people.length === before.seats.size && people.every(({ id, room }) => before.seats.get(id)?.room === room)) return before;
  const seats = new Map();
  const taken = new Map();
  const resting = new Map([...before.resting].filter(([, until]) => until > now));
  const standing = [];
  for (const { id, room } of people) {
    const old = before.seats.get(id);
    if (old && old.room === room) take(seats, taken, id, old);
    else standing.push({ id, room });
  }
  for (const [id, old] of before.seats) {
    if (!seats.has(id)) resting.set(`${old.room} ${old.slot}`, now + REST);
  }
  for (const { id, room } of standing) take(seats, taken, id, { room, slot: lowest(taken.get(room), resting, room) });
  return { seats, resting };
}

/** @param {Map<string, Seat>} seats @param {Map<string, Set<number>>} taken @param {string} id @param {Seat} place */
function take(seats, taken, id, place) {
  seats.set(id, place);
  const slots = taken.get(place.room) ?? new Set();
  taken.set(place.room, slots.add(place.slot));
}

/** @param {Set<number> | undefined} taken @param {Map<string, number>} resting @param {string} room */
function lowest(taken, resting, room) {
  let slot = 0;
  while (taken?.has(slot) || resting.has(`${room} ${slot}`)) slot += 1;
  return slot;
}

/** Seat widths in pixels. One size for all rooms of a view. */
const LADDER = [84, 76, 68, 62, 54, 46, 43, 40, 34, 29, 25, 21, 18, 15, 12, 10, 8, 6.5, 5, 4];

/** Height of a row of seats: a figure, and below it what still can be read. @param {number} pitch */
export function rowHeight(pitch) {
  const figure = pitch * 0.895;
  if (pitch >= 62) return figure + 57;
  if (pitch >= 46) return figure + 42;
  if (pitch >= 43) return figure + 33;
  if (pitch >= 34) return figure + 22;
  return pitch * 1.12;
}

/** @param {{ width: number, height: number }} space the inside of a room @param {number} pitch */
export function capacity(space, pitch) {
  const columns = Math.max(0, Math.floor((space.width + pitch * 0.1) / pitch));
  const rows = Math.max(0, Math.floor(space.height / rowHeight(pitch)));
  return { columns, rows, seats: columns * rows };
}

/** The largest seat of the ladder with room for so many. Smaller at once; larger only with half as many to spare.
 * @param {{ width: number, height: number }} space @param {number} need @param {{ before?: number, most?: number, calm?: boolean }} [how] */
export function seatSize(space, need, { before = 0, most = 84, calm = true } = {}) {
  const ladder = LADDER.filter((pitch) => pitch <= most);
  const fits = (/** @type {number} */ count) => ladder.find((pitch) => capacity(space, pitch).seats >= count) ?? ladder[ladder.length - 1];
  const tight = fits(need);
  if (!before || tight <= before) return tight;
  return calm ? Math.max(Math.min(before, most), fits(Math.ceil(need * 1.5))) : Math.min(before, most);
}

/** A row fills from the middle, where the light is. @param {number} nth @param {number} columns */
export function columnOf(nth, columns) {
  const middle = (columns - 1) >> 1;
  return middle + (nth % 2 ? (nth + 1) / 2 : -nth / 2);
}

/** @typedef {{ people: readonly { id: string }[], slots: Map<string, number>, resting: Map<number, number>, need: number }} Bench one room's seats: those of `people`; slot -> free again at (ms) */

/** The same rules for one room alone: where nobody comes or goes, nothing is looked at.
 * @param {Bench | undefined} before @param {readonly { id: string }[]} people in the order in which they came @param {number} now milliseconds @returns {Bench} */
export function sit(before, people, now) {
  if (before?.people === people) return before;
  const slots = new Map();
  const taken = new Set();
  for (const { id } of people) {
    const slot = before?.slots.get(id);
    if (slot === undefined) continue;
    slots.set(id, slot);
    taken.add(slot);
  }
  const resting = new Map([...(before?.resting ?? [])].filter(([, until]) => until > now));
  for (const [id, slot] of before?.slots ?? []) if (!slots.has(id)) resting.set(slot, now + REST);
  for (const { id } of people) {
    if (slots.has(id)) continue;
    let slot = 0;
    while (taken.has(slot) || resting.has(slot)) slot += 1;
    slots.set(id, slot);
    taken.add(slot);
  }
  return { people, slots, resting, need: taken.size ? Math.max(...taken) + 1 : 0 };
}
