import assert from "node:assert/strict";
import { test } from "node:test";

import { Past } from "../../../static/visit/past.js";
import { pathOf } from "../../../static/visit/browser.js";

test("going back and forward, and a new page forgets what lay ahead", () => {
  const past = new Past();
  for (const path of ["a", "b", "c"]) past.at(path, true);

  assert.equal(past.back(), "b");
  assert.equal(past.back(), "a");
  assert.equal(past.canGoBack, false);
  assert.equal(past.forward(), "b");
  past.at("d", true);

  assert.equal(past.canGoForward, false);
  assert.equal(past.back(), "b");
});

test("a redirect on the way back takes the place of the page", () => {
  const past = new Past();
  past.at("a", true);
  past.at("b", true);
  past.back();
  past.at("a/", false);

  assert.equal(past.now, "a/");
  assert.equal(past.canGoForward, true);
});

test("what is typed becomes a path below the cluster", () => {
  assert.equal(pathOf("/c/x/", "web.example.com"), "/c/x/visit/web.example.com/");
  assert.equal(pathOf("/c/x/", "https://web.example.com/a?b"), "/c/x/visit/web.example.com:443/a?b");
  assert.equal(pathOf("/c/x/", "worker-1:30080"), "/c/x/visit/worker-1:30080/");
  assert.equal(pathOf("/c/x/", "javascript:alert(1)"), null);
});
