import assert from "node:assert/strict";
import { test } from "node:test";
import { columns, placeOf, rateAt, span, words } from "../../../static/traffic/rates.js";

test("a slider's place and its rate belong together", () => {
  for (const rate of [1, 10, 250, 5000, 100000]) assert.equal(rateAt(placeOf(rate)), rate);
  assert.equal(rateAt(100), 100000);
  assert.equal(placeOf(0), 0);
});

test("a span has the unit that fits it", () => {
  assert.deepEqual([850, 4200, 180000, 1300000].map(span), ["850 µs", "4.2 ms", "180 ms", "1.3 s"]);
});

test("seconds count back from the newest, and without an answer there is no time", () => {
  const found = columns([[100, 5, 5, 0, 1, 2, 3], [101, 5, 0, 5, 0, 0, 0]]);
  assert.deepEqual(found.rate, [[-1, 0], [5, 0], [0, 5]]);
  assert.deepEqual(found.latency, [[-1, 0], [1, null], [2, null], [3, null]]);
});

test("the chart is also a sentence", () => {
  assert.equal(words([]), "Nothing was sent yet.");
  assert.match(words([[1, 10, 9, 1, 1000, 2000, 3000]]), /10 requests were sent, 9 were answered, 1 failed/);
});
