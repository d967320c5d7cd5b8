import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY, capacity, columnOf, seat, seatSize } from "../../../static/topology/seats.js";

const people = (/** @type {string} */ ids, room = "n") => [...ids].map((id) => ({ id, room }));
const slots = (/** @type {import("../../../static/topology/seats.js").Seating} */ seating) => Object.fromEntries([...seating.seats].map(([id, place]) => [id, place.slot]));

test("everybody takes the lowest free seat", () => {
  assert.deepEqual(slots(seat(EMPTY, people("abc"), 0)), { a: 0, b: 1, c: 2 });
});

test("nobody moves when somebody else comes or goes", () => {
  const before = seat(EMPTY, people("abcd"), 0);

  const after = seat(before, people("acdef"), 10_000);

  assert.deepEqual(slots(after), { a: 0, c: 2, d: 3, e: 4, f: 5 });
});

test("a freed seat rests until its leaver has walked out", () => {
  const left = seat(seat(EMPTY, people("ab"), 0), people("b"), 1000);

  assert.equal(slots(seat(left, people("bc"), 1200)).c, 2);
  assert.equal(slots(seat(left, people("bc"), 1800)).c, 0);
});

test("who changes the room gets a new seat there", () => {
  const before = seat(EMPTY, people("ab"), 0);

  const after = seat(before, [{ id: "a", room: "m" }, { id: "b", room: "n" }], 0);

  assert.deepEqual(after.seats.get("a"), { room: "m", slot: 0 });
  assert.deepEqual(after.seats.get("b"), { room: "n", slot: 1 });
});

test("seats shrink at once and grow only when half as many more would fit", () => {
  const space = { width: 310, height: 280 };
  const crowded = seatSize(space, 60);

  const little = seatSize(space, 55, { before: crowded });
  const emptied = seatSize(space, 6, { before: crowded });

  assert.ok(capacity(space, crowded).seats >= 60);
  assert.equal(little, crowded);
  assert.ok(emptied > crowded);
  assert.equal(seatSize(space, 6, { before: crowded, calm: false }), crowded);
});

test("a row fills from the middle, every column once", () => {
  assert.deepEqual([0, 1, 2, 3].map((nth) => columnOf(nth, 4)), [1, 2, 0, 3]);
  for (let columns = 1; columns < 12; columns += 1) {
    const taken = Array.from({ length: columns }, (_, nth) => columnOf(nth, columns)).sort((a, b) => a - b);
    assert.deepEqual(taken, Array.from({ length: columns }, (_, column) => column));
  }
});
