import assert from "node:assert/strict";
import { test } from "node:test";
import { stepsFor } from "../../../static/topology/floorplan.js";
import { columnsFor, levelOf, overlap, placeRooms } from "../../../static/topology/rooms.js";

const AREA = { x: 226, y: 100, width: 1038, height: 480 };

test("rooms lie in the area and do not overlap", () => {
  const boxes = placeRooms(AREA, 7, { columns: 4 });

  for (const [index, box] of boxes.entries()) {
    assert.ok(box.x >= AREA.x && box.x + box.width <= AREA.x + AREA.width + 0.001);
    assert.ok(box.y + box.height <= AREA.y + AREA.height + 0.001);
    assert.ok(boxes.every((other, nth) => nth === index || !overlap(box, other)));
  }
});

test("adding a room to a grid with a free place moves no other", () => {
  const before = placeRooms(AREA, 5, { columns: 3 });

  assert.deepEqual(placeRooms(AREA, 6, { columns: 3 }).slice(0, 5), before);
});

test("three nodes stand side by side", () => {
  assert.equal(columnsFor(AREA, 3), 3);
});

test("less is drawn the smaller a room is", () => {
  assert.deepEqual([336, 80, 20].map(levelOf), ["drawing", "map", "tiles"]);
});

test("a phone's stages grow with their people, and shrink only when much is free", () => {
  assert.deepEqual([3, 7, 8, 9, 17, 90].map((most) => stepsFor(390, most)), [1, 1, 1, 2, 3, 3]);
  assert.equal(stepsFor(390, 8, 2), 2);
  assert.equal(stepsFor(390, 5, 2), 1);
});
