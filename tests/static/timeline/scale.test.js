import assert from "node:assert/strict";
import { test } from "node:test";
import { BACK, MINUTE, clockOf, groups, heights, joined, markBeside, momentAt, share, spanOf } from "../../../static/timeline/scale.js";

const mark = (/** @type {number} */ at, sort = "alarm", revision = at) => ({ at, sort, revision, words: "", about: [] });

test("the track reaches back half an hour, less in a young cluster, and to the moment that is looked at", () => {
  const now = 100 * MINUTE;

  assert.deepEqual(spanOf(0, now, null), { from: now - BACK, to: now });
  assert.deepEqual(spanOf(now - 5 * MINUTE, now, null), { from: now - 5 * MINUTE, to: now });
  assert.deepEqual(spanOf(now - 1, now, null), { from: now - MINUTE, to: now });
  assert.deepEqual(spanOf(0, now, 10 * MINUTE), { from: 10 * MINUTE, to: now });
});

test("a place on the track and its moment belong together", () => {
  const span = { from: 1000, to: 3000 };

  assert.equal(momentAt(span, share(span, 1500)), 1500);
  assert.equal(share(span, 99_999), 1);
  assert.equal(momentAt(span, -1), 1000);
});

test("one change among thousands can be seen", () => {
  const found = heights([[0, 5000], [500, 1], [5000, 3]], { from: 0, to: 1000 }, 10);

  assert.equal(found[0], 1);
  assert.ok(found[5] >= 0.1);
  assert.equal(found[9], 0);
});

test("marks on one another are one, with the gravest's shape", () => {
  const found = groups([mark(0, "rollout"), mark(5, "fault"), mark(500, "alarm")], { from: 0, to: 1000 }, 1000);

  assert.deepEqual(found.map(({ sort, marks }) => [sort, marks.length]), [["fault", 2], ["alarm", 1]]);
});

test("the next and the last mark", () => {
  const marks = [mark(1), mark(5), mark(9)];

  assert.equal(markBeside(marks, 5, true)?.at, 9);
  assert.equal(markBeside(marks, 5, false)?.at, 1);
  assert.equal(markBeside(marks, 9, true), undefined);
});

test("what is read again replaces a bar and repeats no mark", () => {
  const known = { bars: /** @type {Array<[number, number]>} */ ([[0, 1], [5, 2]]), marks: [mark(1)] };

  const found = joined(known, { bars: [[5, 7], [10, 1]], marks: [mark(1), mark(8)] });

  assert.deepEqual(found.bars, [[0, 1], [5, 7], [10, 1]]);
  assert.deepEqual(found.marks.map(({ at }) => at), [1, 8]);
});

test("a moment is written as the cluster's clock writes it", () => {
  assert.equal(clockOf(Date.UTC(2026, 0, 1, 15, 2, 11) * 1000), "15:02:11");
});
