/** Where wanted, believed and true differ, and how long until it closes. Nearly all that confuses people is here. Pure. */

import { cores, duration, isDark } from "./words.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {"" | "off" | "stopped" | "shut" | "runs"} Gap runs: it truly does, but the API has forgotten it or hears nothing of it; off: its machine has no power, or hangs; stopped: the API calls it running, nothing runs; shut: it runs, nobody is let in
 * @typedef {{ kind: "back-off" | "grace" | "toleration" | "probe" | "deadline" | "node grace", since: number, until: number, every: number, word: string }} Ring
 * every: it begins anew each so many milliseconds (0: once)
 */

/** So long the node controller waits for a heartbeat; the classroom's clusters say theirs in the clock frame. */
export const MONITOR_GRACE = 50_000;

/** What is true of this pod beside what the API says. @param {Row} pod @param {Row | undefined} node @returns {Gap} */
export function gapOf(pod, node) {
  if (node?.lit === false && pod.state !== "Completed") return "off";
  if (pod.up === 0) return "stopped";
  if (pod.orphan || (isDark(node) && node?.lit && pod.state !== "Completed")) return "runs";
  if (pod.probe?.[0] === "readiness" && pod.state === "Running" && !pod.ok) return "shut";
  return "";
}

/** The next thing that will happen to this pod by itself. @param {Row} pod @param {Row | undefined} node @returns {Ring | null} */
export function ringOf(pod, node) {
  if (pod.state === "Completed") return null;
  if (pod.grace) return { kind: "grace", since: pod.grace[0], until: pod.grace[1], every: 0, word: "killed" };
  if (isDark(node) && node?.noExecute != null && pod.tol != null && !pod.deleting) {
    return { kind: "toleration", since: node.noExecute, until: node.noExecute + pod.tol * 1000, every: 0, word: "evicted" };
  }
  if (node?.lit === false) return null;
  if (pod.retryAt) return { kind: "back-off", since: pod.since ?? pod.retryAt - 10_000, until: pod.retryAt, every: 0, word: "next try" };
  if (pod.probe && pod.probe[2] > 0) return { kind: "probe", since: pod.probe[1] - pod.probe[2], until: pod.probe[1], every: pod.probe[2], word: `next ${pod.probe[0]} probe` };
  return null;
}

/** A silent machine: until the node controller calls it NotReady. @param {Row} node @param {number} grace milliseconds @returns {Ring | null} */
export function nodeRing(node, grace = MONITOR_GRACE) {
  if (isDark(node) || !node.beat || (node.lit !== false && !node.silent)) return null;
  return { kind: "node grace", since: node.beat, until: node.beat + grace, every: 0, word: "NotReady" };
}

/** How much of it is left, 1 to 0; null when it is over. @param {Ring} ring @param {number} now */
export function left(ring, now) {
  const takes = Math.max(1, ring.until - ring.since);
  if (ring.every) {
    const into = (((now - ring.since) % ring.every) + ring.every) % ring.every;
    return now < ring.until ? Math.min(1, (ring.until - now) / takes) : 1 - into / ring.every;
  }
  return now >= ring.until ? null : Math.min(1, (ring.until - now) / takes);
}

/** "evicted in 4:18"; empty when it is over. @param {Ring | null} ring @param {number} now */
export function told(ring, now) {
  const share = ring && left(ring, now);
  if (!ring || share === null) return "";
  return `${ring.word} in ${duration(share * (ring.every && now >= ring.until ? ring.every : ring.until - ring.since))}`;
}

/** The gap in words, for the tooltip and the text twin. @param {Gap} gap @param {Row} pod @param {Row} [node] */
export function gapWords(gap, pod, node) {
  if (gap === "off") return `${pod.state === "Running" ? "the API still says Running, but " : ""}its machine ${node?.power === "frozen" ? "hangs" : "has no power"}`;
  if (gap === "runs") return pod.orphan ? "the API has forgotten it, but it still runs on its machine" : "nobody hears from its machine, but it still runs there";
  if (gap === "stopped") return "the API says Running, but nothing runs there";
  if (gap !== "shut" || !pod.probe) return "";
  const [, , , count, threshold, well] = pod.probe;
  return `runs, but is not ready: readiness probe ${well ? "not yet answered well" : `failed ${count} of ${threshold}`}; no traffic reaches it`;
}

/** @typedef {"room" | "taint" | "labels" | "volume" | "gate" | "spread" | "node"} Wait */

const WAITS = /** @type {[Wait, RegExp, string][]} */ ([
  ["gate", /gate/i, "held by a gate"],
  ["volume", /PersistentVolumeClaim|persistentvolumeclaim|volume/i, "no volume"],
  ["room", /Insufficient|Too many pods|free ports/, "no room"],
  ["labels", /affinity|selector/, "wrong labels"],
  ["spread", /topology spread/, "uneven spread"],
  ["taint", /taint|unschedulable/, "kept out"],
]);

/** Which of the kinds of Pending it is: the reason that more nodes give counts. @param {Row} pod @returns {{ kind: Wait, word: string }} */
export function waitOf(pod) {
  const message = pod.message ?? "";
  // the control plane's own taint keeps everybody out: it is nobody's reason
  const plain = message.replace(/\d+ node\(s\) had untolerated taint(\(s\)| \{node-role[^}]*\})[,.]?/g, "");
  if (/Insufficient cpu/.test(plain) && pod.cpu) return { kind: "room", word: `needs ${cores(pod.cpu)} CPU` };
  if (/Insufficient memory/.test(plain) && pod.mem) return { kind: "room", word: `needs ${pod.mem} MiB` };
  for (const [kind, pattern, word] of WAITS) if (pattern.test(plain.split(/preemption:|no new claims/)[0])) return { kind, word };
  return message && /taint/.test(message) ? { kind: "taint", word: "kept out" } : { kind: "node", word: "no node yet" };
}
