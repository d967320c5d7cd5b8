import assert from "node:assert/strict";
import { test } from "node:test";
import { plea, refusals } from "../../../static/topology/lobby.js";
import { duration, figureOf, progress, shortName } from "../../../static/topology/words.js";

const pod = (/** @type {string} */ state, more = {}) => ({ id: "p", kind: "Pod", name: "web-1-x", node: "n", state, ...more });
const READY = { id: "n", kind: "Node", name: "n", state: "Ready" };
const DARK = { ...READY, state: "NotReady" };

test("kubectl's word and the Ready condition decide the figure", () => {
  const told = /** @type {const} */ ([
    ["Pending", {}, "Pending"], ["ContainerCreating", {}, "ContainerCreating"], ["Init:0/1", {}, "ContainerCreating"],
    ["Running", {}, "Running"], ["Running", { ok: true }, "Ready"], ["Running", { lost: true }, "NotReady"],
    ["CrashLoopBackOff", {}, "CrashLoopBackOff"], ["ImagePullBackOff", {}, "CrashLoopBackOff"], ["Error", {}, "CrashLoopBackOff"],
    ["Init:Error", {}, "CrashLoopBackOff"], ["OOMKilled", {}, "CrashLoopBackOff"], ["Terminating", { deleting: true }, "Terminating"],
    ["Completed", {}, "Completed"], ["Unknown", {}, "Unknown"],
  ]);
  for (const [state, more, figure] of told) assert.equal(figureOf(pod(state, more), READY), figure, state);
});

test("on a node that nobody hears from, a pod is a ghost unless it is over", () => {
  assert.equal(figureOf(pod("Running", { ok: true }), DARK), "Unknown");
  assert.equal(figureOf(pod("Completed"), DARK), "Completed");
});

test("a pod is called after what owns it", () => {
  const set = { id: "r", kind: "ReplicaSet", name: "web-1" };
  const top = { id: "d", kind: "Deployment", name: "web" };

  assert.equal(shortName(pod("Running"), set, top), "web");
  assert.equal(shortName(pod("Running"), undefined, undefined), "web-1-x");
  assert.equal(shortName({ ...pod("Running"), name: "db-0" }, { id: "s", kind: "StatefulSet", name: "db" }, undefined), "db-0");
  assert.equal(shortName({ ...pod("Running"), name: "web-5ff967bdd7-zxjzq", owner: "gone" }, undefined, undefined), "web");
  assert.equal(shortName({ ...pod("Running"), name: "kube-scheduler-n", system: true }, undefined, undefined), "scheduler");
});

test("durations read as people say them", () => {
  assert.deepEqual([400, 42_000, 258_000, 7_500_000].map(duration), ["1 s", "42 s", "4:18", "2 h 5 min"]);
});

test("the scheduler's message is taken apart", () => {
  const message = "0/4 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 1 node(s) were unschedulable, 2 Insufficient cpu. preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.";

  assert.deepEqual(refusals(message), [[1, "taint control-plane"], [1, "cordoned"], [2, "Insufficient cpu"]]);
});

test("who finds no CPU says how much is wanted and how much there is", () => {
  const message = "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";

  assert.deepEqual(plea({ ...pod("Pending"), cpu: 3000, message }, 700), ["I need 3 CPU.", "Most free: 0.7"]);
});

test("a Job gets done, all others get ready, a CronJob has a schedule", () => {
  const row = { id: "x", name: "x", desired: 3, readyCount: 1 };
  assert.equal(progress({ ...row, kind: "Deployment" }), "1 of 3 ready");
  assert.equal(progress({ ...row, kind: "Job", state: "Running" }), "1 of 3 done");
  assert.equal(progress({ ...row, kind: "Job", state: "Failed" }), "Failed, 1 of 3 done");
  assert.equal(progress({ ...row, kind: "CronJob", schedule: "*/5 * * * *" }), "*/5 * * * *");
  assert.equal(progress({ ...row, kind: "CronJob", paused: true }), "suspended");
});
