import assert from "node:assert/strict";
import { test } from "node:test";
import { worstOf } from "../../../static/topology/conditions.js";

const row = (/** @type {[string, string, string][]} */ ...conditions) => ({ id: "x", kind: "Widget", name: "x", conditions });

test("False is bad news, and True is for what is called after a failure", () => {
  assert.deepEqual(worstOf(row(["Ready", "False", "NoIssuer"], ["Synced", "True", ""])), { word: "not Ready", reason: "NoIssuer", bad: true, changing: false });
  assert.equal(worstOf(row(["Available", "True", ""], ["Degraded", "True", "Lost"])).word, "Degraded");
  assert.equal(worstOf(row(["Ready", "True", ""], ["DiskPressure", "False", ""])).word, "Ready");
});

test("what is under way is not trouble", () => {
  assert.deepEqual(worstOf(row(["Progressing", "True", "Rolling"])), { word: "Progressing", reason: "Rolling", bad: false, changing: true });
  assert.equal(worstOf(row(["Ready", "Unknown", "Silent"])).word, "Ready unknown");
});

test("where all is well the summary is the word", () => {
  assert.equal(worstOf(row(["AbleToScale", "True", ""], ["ScalingLimited", "False", ""])).word, "AbleToScale");
  assert.equal(worstOf(row(["Initialized", "True", ""], ["Accepted", "True", ""])).word, "Accepted");
});
