/** One pod as somebody to draw: figure, name, badge, what it waits for. The same person in every view. Pure. */

import { gapOf, gapWords, ringOf, waitOf } from "./gaps.js";
import { rowsOf } from "./state.js";
import { marksInWords } from "./aloud.js";
import { figureOf, shortName, suffix } from "./words.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./state.js").State} State
 * @typedef {{
 *   id: string, row: Row, figure: import("./palette.js").Figure, name: string, sub: string, told: boolean,
 *   badge: { text: string, fresh: boolean } | null, until: number, restarts: number, dim: boolean,
 *   gap: import("./gaps.js").Gap, ring: import("./gaps.js").Ring | null, wanted?: boolean,
 *   room: string, slot: number, x: number, y: number, pitch: number, label: "below" | "side" | "hash" | "none", wide: number
 * }} Person
 */

/** Who is who in this state, so that each pod is looked up once.
 * @param {State} state @param {Set<string> | null} following */
export function cast(state, following) {
  const nodes = new Map(rowsOf(state, "Node").map((node) => [node.name, node]));
  const pods = rowsOf(state, "Pod");
  const badges = badgesOf(state, pods);
  return { state, nodes, pods, badges, following };
}

/** @typedef {ReturnType<typeof cast>} Cast */

/** @param {Cast} all @param {Row} pod @returns {Person} */
export function person(all, pod) {
  const owner = pod.owner ? all.state.rows.get(pod.owner) : undefined;
  const top = owner?.owner ? all.state.rows.get(owner.owner) : undefined;
  const node = pod.node ? all.nodes.get(pod.node) : undefined;
  const figure = figureOf(pod, node);
  const gap = gapOf(pod, node);
  const name = shortName(pod, owner, top);
  const calm = figure === "Ready" || pod.system;
  return {
    id: pod.id, row: pod, figure, name, sub: calm && (!gap || gap === "shut") ? suffix(pod, name) : subtitle(pod, figure, gap), told: !calm || gap === "off" || gap === "stopped",
    badge: all.badges.get(pod.id) ?? null, until: pod.retryAt ?? 0, restarts: pod.restarts ?? 0,
    gap, ring: ringOf(pod, node), dim: all.following !== null && !all.following.has(pod.id),
    room: pod.node ?? "", slot: 0, x: 0, y: 0, pitch: 76, label: "below", wide: 76,
  };
}

/** kubectl's word, which is the figure's own wherever the two are the same.
 * @param {Row} pod @param {import("./palette.js").Figure} figure @param {import("./gaps.js").Gap} gap */
function subtitle(pod, figure, gap) {
  // in quotation marks: the API says so, and it is not so
  if (gap === "off" || gap === "stopped") return `“${pod.state}”`;
  if (figure === "Pending" && !pod.node && pod.message) return waitOf(pod).word;
  if (gap === "shut") return "Running not ready";
  if (figure === "NotReady" || figure === "Unknown") return pod.state === "Running" ? figure : (pod.state ?? figure);
  return pod.state ?? figure;
}

/** Versions are told apart only while a Deployment has pods of more than one.
 * @param {State} state @param {readonly Row[]} pods @returns {Map<string, { text: string, fresh: boolean }>} */
function badgesOf(state, pods) {
  /** @type {Map<string, Map<number, string[]>>} */
  const revisions = new Map();
  for (const pod of pods) {
    const set = pod.owner ? state.rows.get(pod.owner) : undefined;
    if (!set?.owner || set.rev === undefined) continue;
    const ofTop = revisions.get(set.owner) ?? new Map();
    const ids = ofTop.get(set.rev) ?? [];
    ids.push(pod.id);
    revisions.set(set.owner, ofTop.set(set.rev, ids));
  }
  const badges = new Map();
  for (const [top, ofTop] of revisions) {
    const newest = state.rows.get(top)?.rev ?? Math.max(...ofTop.keys());
    if (ofTop.size < 2) continue;
    for (const [rev, ids] of ofTop) for (const id of ids) badges.set(id, { text: `v${rev}`, fresh: rev === newest });
  }
  return badges;
}

/** @param {Person} who */
function figure(who) {
  return who.figure === "Pending" && !who.row.node && who.row.message;
}

/** A sentence for who cannot see the picture, and for the tooltip. @param {Cast} all @param {Person} who @param {import("./closer.js").Closer | null} [closer] */
export function sentence(all, who, closer = null) {
  const { row } = who;
  const owner = row.owner ? all.state.rows.get(row.owner) : undefined;
  const words = [row.name, row.state ?? ""];
  if (who.figure !== row.state && who.figure !== "CrashLoopBackOff") words.push(who.figure);
  words.push(row.node ?? "no node yet");
  if (owner) words.push(`${owner.kind} ${owner.name}${owner.rev ? ` revision ${owner.rev}` : ""}`);
  words.push(gapWords(who.gap, row));
  if (figure(who)) words.push(waitOf(row).word);
  words.push(...marksInWords(row, closer));
  return words.filter(Boolean).join(", ");
}
