import assert from "node:assert/strict";
import { test } from "node:test";
import { ended } from "../../../static/terminal/ending.js";

test("an exit code is told, and none when all went well", () => {
  assert.equal(ended({ code: 0 }), "The shell has ended.");
  assert.equal(ended({ code: 3 }), "The shell has ended with exit code 3.");
});

test("an image without a shell is told in its own words", () => {
  const error = 'error executing command in container: exec failed: exec: "sh": executable file not found in $PATH: unknown';
  assert.equal(ended({ error }), 'No shell here: exec: "sh": executable file not found in $PATH.');
});

test("a lost connection is no end of the shell", () => {
  assert.equal(ended(null, 1006), "The connection broke off.");
  assert.equal(ended(null, 4403), "You may look only.");
});
