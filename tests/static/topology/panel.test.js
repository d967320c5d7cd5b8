import assert from "node:assert/strict";
import { test } from "node:test";
import { targetOf } from "../../../static/topology/panel.js";

const PLURALS = { NetworkPolicy: "networkpolicies", Ingress: "ingresses", Pod: "pods", Traffic: "traffic" };

test("an address tells whose page it is, whatever the plural of its kind", () => {
  assert.deepEqual(targetOf("/c/abc/inspect/networkpolicies/default/deny/", PLURALS), { kind: "NetworkPolicy", ns: "default", name: "deny" });
  assert.deepEqual(targetOf("/c/abc/why/ingresses/shop/front/?tab=why", PLURALS), { kind: "Ingress", ns: "shop", name: "front" });
  assert.deepEqual(targetOf("/c/abc/inspect/traffic/default/load/", PLURALS), { kind: "Traffic", ns: "default", name: "load" });
});

test("another page is about nobody", () => {
  assert.equal(targetOf("/c/abc/editor/", PLURALS), null);
  assert.equal(targetOf("/c/abc/inspect/leases/_/x/", PLURALS), null);
});
