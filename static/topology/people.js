/** One pod as somebody to draw: figure, name, badge, what it waits for. The same person in every view. Pure. */

import { gapOf, gapWords, ringOf, waitOf } from "./gaps.js";
import { ownedBy, rowsOf } from "./state.js";
import { marksInWords } from "./aloud.js";
import { KEEPERS, TOPS, figureOf, shortName, suffix } from "./words.js";

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

/** @typedef {{ text: string, fresh: boolean }} Badge */
/** @typedef {{
 *   state: State, nodes: ReadonlyMap<string, Row>, pods: readonly Row[], badges: ReadonlyMap<string, Badge>, owners: { lists: (readonly Row[])[], names: object }, following: Set<string> | null
 * }} Cast `names` and `badges` are those of the last time for as long as they would be alike: who is the same then need not be cast again. */

/** Who is who in this state, so that each is looked up once. @param {State} state @param {Set<string> | null} following @param {Cast | null} [before] @returns {Cast} */
export function cast(state, following, before = null) {
  const lists = OWNERS.map((kind) => rowsOf(state, kind));
  const same = before !== null && lists.every((list, nth) => sameOwners(list, before.owners.lists[nth]));
  const badges = badgesOf(state);
  return {
    state, nodes: byNodeName(rowsOf(state, "Node")), pods: rowsOf(state, "Pod"), following, owners: { lists, names: same ? before.owners.names : {} },
    badges: before && sameBadges(badges, before.badges) ? before.badges : badges,
  };
}

const OWNERS = [...TOPS, "ReplicaSet", ...KEEPERS];

/** @type {WeakMap<readonly Row[], Map<string, Row>>} */
const named = new WeakMap();

/** @param {readonly Row[]} nodes */
function byNodeName(nodes) {
  const found = named.get(nodes) ?? new Map(nodes.map((node) => [node.name, node]));
  named.set(nodes, found);
  return found;
}

/** Nobody's name can have changed. @param {readonly Row[]} one @param {readonly Row[]} other */
function sameOwners(one, other) {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let nth = 0; nth < one.length; nth += 1) if (one[nth] !== other[nth] && (one[nth].id !== other[nth].id || one[nth].owner !== other[nth].owner)) return false;
  return true;
}

/** @param {ReadonlyMap<string, Badge>} one @param {ReadonlyMap<string, Badge>} other */
function sameBadges(one, other) {
  return one.size === other.size && [...one].every(([id, badge]) => other.get(id)?.text === badge.text && other.get(id)?.fresh === badge.fresh);
}

/** Cast once, the same somebody for as long as nothing about them changes. @type {WeakMap<Row, { who: Person, node: Row | undefined, owner: Row | undefined, top: Row | undefined, badge: Badge | undefined }>} */
const known = new WeakMap();

/** @param {Cast} all @param {Row} pod @returns {Person} */
export function person(all, pod) {
  const owner = pod.owner ? all.state.rows.get(pod.owner) : undefined;
  const top = owner?.owner ? all.state.rows.get(owner.owner) : undefined;
  const node = pod.node ? all.nodes.get(pod.node) : undefined;
  const badge = pod.owner ? all.badges.get(pod.owner) : undefined;
  const dim = all.following !== null && !all.following.has(pod.id);
  const old = known.get(pod);
  if (old && old.who.dim === dim && old.node === node && old.owner === owner && old.top === top && old.badge === badge) return old.who;
  const who = { ...drawn(pod, node, owner, top), badge: badge ?? null, dim };
  known.set(pod, { who, node, owner, top, badge });
  return who;
}

/** @param {Row} pod @param {Row | undefined} node @param {Row | undefined} owner @param {Row | undefined} top @returns {Person} */
function drawn(pod, node, owner, top) {
  const figure = figureOf(pod, node);
  const gap = gapOf(pod, node);
  const name = shortName(pod, owner, top);
  const calm = figure === "Ready" || pod.system;
  return {
    id: pod.id, row: pod, figure, name, sub: calm && (!gap || gap === "shut") ? suffix(pod, name) : subtitle(pod, figure, gap), told: !calm || gap === "off" || gap === "stopped",
    badge: null, until: pod.retryAt ?? 0, restarts: pod.restarts ?? 0, gap, ring: ringOf(pod, node), dim: false,
    room: pod.node ?? "", slot: 0, x: 0, y: 0, pitch: 76, label: "below", wide: 76,
  };
}

/** kubectl's word, which is the figure's own wherever the two are the same.
 * @param {Row} pod @param {import("./palette.js").Figure} figure @param {import("./gaps.js").Gap} gap */
function subtitle(pod, figure, gap) {
  // in quotation marks: the API says so, and it is not so
  if (gap === "off" || gap === "stopped") return `“${pod.state}”`;
  if (gap === "runs") return pod.orphan ? "forgotten, runs" : "still runs";
  if (figure === "Pending" && !pod.node && pod.message) return waitOf(pod).word;
  if (gap === "shut") return "Running not ready";
  if (figure === "NotReady" || figure === "Unknown") return pod.state === "Running" ? figure : (pod.state ?? figure);
  return pod.state ?? figure;
}

/** Versions are told apart only while a Deployment has pods of more than one: by the set that owns them.
 * @param {State} state @returns {Map<string, Badge>} */
function badgesOf(state) {
  const badges = new Map();
  for (const [top, all] of siblings(rowsOf(state, "ReplicaSet"))) {
    const sets = all.filter((set) => ownedBy(state, set.id).length);
    if (sets.length < 2 || sets.every((set) => set.rev === sets[0].rev)) continue;
    const newest = state.rows.get(top)?.rev ?? Math.max(...sets.map((set) => set.rev ?? 0));
    for (const set of sets) badges.set(set.id, { text: `v${set.rev}`, fresh: set.rev === newest });
  }
  return badges;
}

/** @type {WeakMap<readonly Row[], [string, Row[]][]>} */
const grouped = new WeakMap();

/** The sets of each owner that has more than one. @param {readonly Row[]} sets */
function siblings(sets) {
  const kept = grouped.get(sets);
  if (kept) return kept;
  /** @type {Map<string, Row[]>} */
  const byOwner = new Map();
  for (const set of sets) {
    if (!set.owner || set.rev === undefined) continue;
    const those = byOwner.get(set.owner);
    if (those) those.push(set);
    else byOwner.set(set.owner, [set]);
  }
  const found = [...byOwner].filter(([, those]) => those.length > 1);
  grouped.set(sets, found);
  return found;
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
  words.push(gapWords(who.gap, row, all.nodes.get(row.node ?? "")));
  if (figure(who)) words.push(waitOf(row).word);
  words.push(...marksInWords(row, closer));
  return words.filter(Boolean).join(", ");
}
