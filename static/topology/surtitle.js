/** The surtitle: one sentence, as in an opera house, about the one thing that matters most now. Pure.
 * Words between asterisks are strong. The key is the sentence without its numbers: only a new key is read aloud. */

import { refusals } from "./lobby.js";
import { ownedBy, podsOn, rowsOf } from "./state.js";
import { counted, duration, figureOf, isDark, shortName } from "./words.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./state.js").State} State
 * @typedef {{ words: string, key: string }} Sentence
 * @typedef {{ state: State, now: number, nodes: readonly Row[], pods: readonly Row[], uneasy: readonly Row[], tops: readonly Row[], nodeOf: Map<string, Row> }} Sight uneasy: pods that do not simply run and are ready, which nearly all questions are about
 */

const QUESTIONS = [darkMachine, deadDirector, rollout, healing, silentNode, crash, unplaced, stuck, notReadyPod, growth, leaving, arriving, cordon, standstill, empty];

/** @param {State} state @param {number} now cluster time @returns {Sentence} */
export function surtitle(state, now) {
  if (!state.revision) return { words: "The lights are about to come up.", key: "start" };
  const [nodes, pods] = [rowsOf(state, "Node"), rowsOf(state, "Pod")];
  const uneasy = pods.filter((pod) => pod.state !== "Running" || !pod.ok || pod.deleting);
  const sight = { state, now, nodes, pods, uneasy, tops: rowsOf(state, "Deployment"), nodeOf: new Map(nodes.map((node) => [node.name, node])) };
  for (const ask of QUESTIONS) {
    const said = ask(sight);
    if (said) return said;
  }
  return quiet(sight);
}

/** @param {string} words @returns {Sentence} */
function say(words) {
  return { words, key: words.replace(/[\d:.]+ ?(s|h|min)?\b/g, "#") };
}

/** @param {Sight} sight @param {Row} pod */
function nameOf({ state }, pod) {
  const owner = state.rows.get(pod.owner ?? "");
  return shortName(pod, owner, state.rows.get(owner?.owner ?? ""));
}

/** @param {Sight} sight */
function darkMachine(sight) {
  const out = sight.nodes.filter((node) => node.lit === false && !node.roles?.includes("control-plane"));
  if (!out.length) return null;
  const frozen = out.every((node) => node.power === "frozen");
  if (out.length > 1) return say(`*${out.length} nodes* ${frozen ? "hang" : "are dark"}: ${out.slice(0, 2).map((node) => `*${node.name}*`).join(" and ")}${out.length > 2 ? " and more" : ""}.`);
  const [node] = out;
  const there = podsOn(sight.state, node.name).filter((pod) => !pod.system);
  const still = there.filter((pod) => !pod.deleting).length;
  if (!isDark(node)) return say(`*${node.name}* ${frozen ? "hangs" : "lost its power"}. Nobody has noticed yet.`);
  // the taint that evicts comes a moment after the word
  const tolerated = there.filter((pod) => !pod.deleting && pod.tol != null).map((pod) => (node.noExecute ?? sight.now) + (pod.tol ?? 0) * 1000);
  const due = tolerated.length ? Math.min(...tolerated) - sight.now : 0;
  if (still && due > 0) return say(`*${node.name}* ${frozen ? "hangs" : "is dark"}. Its *${counted(still, "pod")}* will be evicted in *${duration(due)}*.`);
  if (still && tolerated.length) return say(`*${node.name}* ${frozen ? "hangs" : "is dark"}. Its *${counted(still, "pod")}* ${still === 1 ? "is" : "are"} evicted now.`);
  if (still) return say(`*${node.name}* ${frozen ? "hangs" : "is dark"}. *${counted(still, "pod")}* ${still === 1 ? "stays" : "stay"} with it.`);
  return null;
}

/** After an eviction: how far those have come who lost somebody in the dark. @param {Sight} sight */
function healing(sight) {
  const lost = sight.uneasy.filter((pod) => pod.deleting && isDark(sight.nodeOf.get(pod.node ?? "")));
  const owners = new Set(lost.map((pod) => sight.state.rows.get(pod.owner ?? "")?.owner));
  const short = sight.tops.find((top) => owners.has(top.id) && (top.readyCount ?? 0) < (top.desired ?? 0));
  return short ? say(`*${short.name}* heals: *${short.readyCount ?? 0} of ${short.desired}* pods are ready.`) : null;
}

/** @param {Sight} sight */
function deadDirector({ nodes, uneasy }) {
  const node = nodes.find((one) => one.roles?.includes("control-plane") && (one.lit === false || isDark(one)));
  if (node) return say(`*${node.name}* is dark: nobody schedules, and nothing heals.`);
  const silent = uneasy.find((pod) => pod.system && pod.node && pod.state !== "Running" && nodes.some((one) => one.name === pod.node && one.roles?.includes("control-plane")));
  return silent ? say(`*${silent.name}* is down: ${silent.state}.`) : null;
}

/** @param {Sight} sight */
function crash(sight) {
  const failing = sight.uneasy.filter((pod) => figureOf(pod, undefined) === "CrashLoopBackOff" && !pod.system && !isDark(sight.nodeOf.get(pod.node ?? "")));
  if (!failing.length) return null;
  const [pod] = [...failing].sort((a, b) => (a.retryAt ?? Infinity) - (b.retryAt ?? Infinity));
  const name = nameOf(sight, pod);
  if (/Image|Pull/.test(pod.state ?? "")) {
    const [, image] = /image "([^"]+)"/.exec(pod.message ?? "") ?? [];
    const [typed, nearest] = pod.pull ?? [image, ""];
    const why = nearest ? `: the nearest that exists is *${nearest}*` : "";
    return say(`*${name}* cannot pull ${typed ? `*${typed}*` : "its image"}${why}.${again(pod, sight.now)}`);
  }
  if (pod.state === "CrashLoopBackOff") return say(`*${name}* keeps crashing.${again(pod, sight.now)}`);
  return say(`*${name}* fell: *${pod.state}*${pod.exit != null ? `, exit code ${pod.exit}` : ""}.`);
}

/** @param {Row} pod @param {number} now */
function again(pod, now) {
  return (pod.retryAt ?? 0) > now ? ` It waits, then tries again in *${duration((pod.retryAt ?? 0) - now)}*.` : "";
}

/** @param {Sight} sight */
function unplaced(sight) {
  const lost = sight.uneasy.filter((pod) => !pod.node && pod.message && !pod.deleting);
  if (!lost.length) return null;
  const said = refusals(lost[0].message ?? "").filter(([, why]) => why !== "taint control-plane");
  const [, reason] = said.sort((a, b) => b[0] - a[0])[0] ?? [0, ""];
  const why = reason ? `: *${reason}*` : "";
  return lost.length > 1 ? say(`*${lost.length} pods* find no node${why}.`) : say(`*${nameOf(sight, lost[0])}* finds no node${why}.`);
}

/** @param {Sight} sight */
function stuck({ tops }) {
  const top = tops.find((one) => one.stuck);
  return top ? say(`*${top.name}* is stuck: *${top.updated ?? 0} of ${top.desired}* new pods made no progress in time.`) : null;
}

/** Two versions on stage at once. Where the new one falls over, that is the news instead. @param {Sight} sight */
function rollout({ state, tops, uneasy }) {
  const falling = new Set(uneasy.filter((pod) => figureOf(pod, undefined) === "CrashLoopBackOff").map((pod) => pod.owner));
  for (const top of tops) {
    const own = ownedBy(state, top.id);
    if (own.length < 2) continue;
    const sets = own.filter((set) => set.kind === "ReplicaSet" && ownedBy(state, set.id).some((pod) => !pod.deleting));
    const fresh = sets.find((set) => set.rev === top.rev);
    const old = sets.find((set) => set.rev !== top.rev);
    if (!fresh || !old || falling.has(fresh.id)) continue;
    if (top.paused) return say(`*${top.name}* is paused between v${old.rev} and v${fresh.rev}.`);
    return say(`*${top.name}* rolls from v${old.rev} to v${fresh.rev}: *${fresh.readyCount ?? 0} of ${top.desired}* new pods are ready.`);
  }
  return null;
}

/** @param {Sight} sight */
function notReadyPod(sight) {
  const pod = sight.uneasy.find((one) => !one.system && figureOf(one, sight.nodeOf.get(one.node ?? "")) === "NotReady");
  return pod ? say(`*${nameOf(sight, pod)}* is running but not ready: no traffic reaches it.`) : null;
}

/** A node that is not there any more outranks what came of that, which is told with it. @param {Sight} sight */
function silentNode(sight) {
  const node = sight.nodes.find((one) => isDark(one) || one.lit === false);
  if (!node) return null;
  const out = node.lit !== false ? `is *${node.state}*` : node.power === "frozen" ? "hangs" : "is dark";
  const next = crash(sight) ?? unplaced(sight);
  if (next) return say(`*${node.name}* ${out}. ${next.words}`);
  const moved = node.lit === false && sight.pods.some((pod) => !pod.system && pod.node !== node.name);
  return say(`*${node.name}* ${out}.${moved ? " Its pods found another stage." : ""}`);
}

/** @param {Sight} sight */
function growth({ tops, uneasy, state }) {
  const top = tops.find((one) => (one.readyCount ?? 0) < (one.desired ?? 0));
  if (top) return say(`*${top.name}* fills up: *${top.readyCount ?? 0} of ${top.desired}* pods are ready.`);
  const owners = new Set(uneasy.filter((pod) => pod.deleting).map((pod) => state.rows.get(pod.owner ?? "")?.owner));
  const less = tops.find((one) => owners.has(one.id));
  return less ? say(`*${less.name}* shrinks to *${counted(less.desired ?? 0, "pod")}*.`) : null;
}

/** @param {Sight} sight */
function leaving(sight) {
  const going = sight.uneasy.filter((pod) => pod.deleting);
  if (!going.length) return null;
  return going.length > 1 ? say(`*${going.length} pods* are leaving.`) : say(`*${nameOf(sight, going[0])}* is leaving.`);
}

/** @param {Sight} sight */
function arriving(sight) {
  const coming = sight.uneasy.filter((pod) => !pod.system && ["Pending", "ContainerCreating"].includes(figureOf(pod, undefined)));
  if (!coming.length) return null;
  return coming.length > 1 ? say(`*${coming.length} pods* are coming.`) : say(`*${nameOf(sight, coming[0])}* is coming: ${coming[0].state}.`);
}

/** @param {Sight} sight */
function cordon({ nodes }) {
  const node = nodes.find((one) => one.cordoned);
  return node ? say(`*${node.name}* is cordoned: nobody new comes in.`) : null;
}

/** @param {Sight} sight */
function standstill({ state }) {
  return state.clock.paused ? say("The clock stands still.") : null;
}

/** @param {Sight} sight */
function empty({ pods, nodes }) {
  if (!nodes.length) return say("No node has joined yet.");
  return pods.some((pod) => !pod.system) ? null : say("The stage is yours: apply some YAML.");
}

/** @param {Sight} sight */
function quiet({ pods, nodes }) {
  const mine = pods.filter((pod) => !pod.system && pod.state !== "Completed");
  const workers = nodes.filter((node) => !node.roles?.includes("control-plane"));
  return say(`All is well: *${counted(mine.length, "pod")}* on *${counted(workers.length, "node")}*.`);
}
