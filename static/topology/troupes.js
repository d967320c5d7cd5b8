/** Everybody in one room, kept from picture to picture for as long as nothing about them changes. Pure. */

import { DOOR } from "./lobby.js";
import { FIGURES } from "./palette.js";
import { person } from "./people.js";
import { sit } from "./seats.js";
import { podsOn } from "./state.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./people.js").Person} Person
 * @typedef {{ counts: number[], words: Map<string, number>, guests: number }} Tally counts: by figure, in the legend's order; words: of those in trouble; guests: not of the system
 * @typedef {{
 *   pods: readonly Row[], node: Row | null, all: import("./people.js").Cast, people: Person[], bench: import("./seats.js").Bench, tally: Tally,
 *   used: number, busy: number, tolerates: number, dim: boolean
 * }} Troupe tolerates: seconds until the first of them is evicted from a node that is gone, or Infinity
 */

/** By the name of the room. @param {import("./people.js").Cast} all @param {ReadonlyMap<string, Troupe>} before @param {number} now milliseconds
 * @returns {Map<string, Troupe>} */
export function troupesOf(all, before, now) {
  const found = new Map();
  let present = 0;
  for (const [name, node] of all.nodes) {
    const pods = podsOn(all.state, name);
    present += pods.length;
    found.set(name, troupe(all, before.get(name), pods, node, now));
  }
  const waiting = podsOn(all.state, "");
  // a node may be gone whose pods are not: they stand at the door
  const lost = present + waiting.length < all.pods.length ? all.pods.filter((pod) => pod.node && !all.nodes.has(pod.node)) : [];
  found.set(DOOR, troupe(all, before.get(DOOR), lost.length ? [...waiting, ...lost] : waiting, null, now));
  return found;
}

/** @param {import("./people.js").Cast} all @param {Troupe | undefined} before @param {readonly Row[]} pods @param {Row | null} node @param {number} now @returns {Troupe} */
function troupe(all, before, pods, node, now) {
  if (before && before.pods === pods && before.node === node && alike(before.all, all)) return before;
  const people = pods.map((pod) => (node ? person(all, pod) : { ...person(all, pod), room: DOOR }));
  const live = people.filter((who) => who.figure !== "Completed");
  return {
    pods, node, all, people, bench: sit(before?.bench, pods, now), tally: tallyOf(people),
    used: live.reduce((sum, who) => sum + (who.row.cpu ?? 0), 0), busy: live.reduce((sum, who) => sum + (who.row.use?.[0] ?? 0), 0),
    tolerates: live.reduce((least, { row }) => (row.tol == null || row.deleting ? least : Math.min(least, row.tol)), Infinity),
    dim: people.length > 0 && people.every((who) => who.dim),
  };
}

/** @param {import("./people.js").Cast} one @param {import("./people.js").Cast} other */
function alike(one, other) {
  return one.owners.names === other.owners.names && one.badges === other.badges && one.following === other.following;
}

const CRASH = FIGURES.indexOf("CrashLoopBackOff");

/** @param {Person[]} people @returns {Tally} */
export function tallyOf(people) {
  const tally = { counts: FIGURES.map(() => 0), words: new Map(), guests: 0 };
  for (const who of people) {
    if (who.wanted) continue;
    const nth = FIGURES.indexOf(who.figure);
    tally.counts[nth] += 1;
    if (nth === CRASH) tally.words.set(who.row.state ?? "", (tally.words.get(who.row.state ?? "") ?? 0) + 1);
    if (!who.row.system) tally.guests += 1;
  }
  return tally;
}

/** @param {Iterable<Tally>} tallies @returns {Tally} */
export function sum(tallies) {
  const all = { counts: FIGURES.map(() => 0), words: new Map(), guests: 0 };
  for (const { counts, words, guests } of tallies) {
    for (let nth = 0; nth < counts.length; nth += 1) all.counts[nth] += counts[nth];
    if (words.size) for (const [word, count] of words) all.words.set(word, (all.words.get(word) ?? 0) + count);
    all.guests += guests;
  }
  return all;
}

/** @param {Tally} tally @param {import("./palette.js").Figure} figure */
export function countOf(tally, figure) {
  return tally.counts[FIGURES.indexOf(figure)];
}
