/** Too many to be drawn one by one: named groups by owner, Service or claim, with how many are fine, bad and changing. Pure. */

import { speaking, worstOf } from "./conditions.js";
import { cast, person } from "./people.js";
import { EMPTY, seat } from "./seats.js";
import { ownedBy, podsOn, rowsOf } from "./state.js";
import { countOf, sum, tallyOf } from "./troupes.js";
import { KEEPERS, SYSTEM, TOPS, counted } from "./words.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./troupes.js").Tally} Tally
 * @typedef {{ row: Row, counts: number[], bright: boolean, word?: string }} Group counts: fine, bad, changing; bright: somebody in it is followed; word: instead of the counts
 * @typedef {import("./ownershipview.js").OwnerBox} Box
 * @typedef {import("./seats.js").Seating & { front?: import("./seats.js").Seating, groups?: Group[], boxes?: Box[], bottom?: number, how?: string }} Places
 *   front: who stands in the row of those in trouble; groups, boxes: as they were laid the last time, that wide
 * @typedef {{ scene: import("./nodesview.js").Scene, seating: Places }} Laid
 */

/** Above so many pods, names would not be readable: the views of owners and of traffic show groups. */
export const GROUPED = 200;
const BAD = /** @type {const} */ (["CrashLoopBackOff", "NotReady", "Unknown"]);
const CALM = /** @type {const} */ (["Ready", "Completed"]);
const [HEAD, EDGE, BESIDE] = [40, 12, 12];
/** A group's height and the gap below it: where that would have to be scrolled for, each says all in one line. */
const HIGHS = [[66, 12], [38, 6]];

/** @param {import("./state.js").State} state @param {import("./nodesview.js").Stage} stage @param {"ownership" | "traffic"} view @param {Places} [before] */
export function groupsScene(state, stage, view, before = EMPTY) {
  const all = cast(state, stage.following);
  const found = view === "traffic" ? byService(all) : byOwner(all);
  return layGroups(found.groups, found.tally, stage, view, before);
}

/** Each has a place of its own for as long as it is there; those in trouble stand in a first row beside that, so that they are seen without scrolling.
 * @param {Group[]} groups @param {Tally} tally of all their pods @param {import("./nodesview.js").Stage} stage @param {import("./follow.js").View} view @param {Places} before @returns {Laid} */
export function layGroups(groups, tally, stage, view, before) {
  const columns = stage.phone ? 1 : Math.max(2, Math.floor((stage.width - 2 * EDGE) / 250));
  const wide = (stage.width - 2 * EDGE - (columns - 1) * BESIDE) / columns;
  const troubled = groups.filter((group) => group.counts[1] > 0);
  const most = stage.phone ? 2 : columns;
  const first = placed(before.front ?? EMPTY, most);
  const known = troubled.filter((group) => (first.seats.get(keyOf(group.row))?.slot ?? most) < most);
  const others = troubled.filter((group) => !known.includes(group)).sort((a, b) => b.counts[1] - a.counts[1]);
  const loud = [...known, ...others].slice(0, most);
  const front = seated(loud, first, stage.wall);
  const same = before.groups?.length === groups.length && groups.every(({ row }, nth) => keyOf(row) === keyOf(/** @type {Group[]} */ (before.groups)[nth].row));
  const seating = same ? before : seated(groups, before, stage.wall);
  const rows = (stage.phone ? most : 1) + Math.ceil([...seating.seats.values()].reduce((so, { slot }) => Math.max(so, slot + 1), 0) / columns);
  const [high, gap] = stage.phone ? HIGHS[0] : (HIGHS.find(([each, below]) => 2 * HEAD + rows * (each + below) + 14 <= stage.height) ?? HIGHS[1]);
  const top = HEAD + (stage.phone ? most : 1) * (high + gap) + HEAD;
  const place = (/** @type {Group} */ { row }, /** @type {import("./seats.js").Seating} */ { seats }, /** @type {number} */ y) => {
    const slot = seats.get(keyOf(row))?.slot ?? 0;
    return { x: EDGE + (slot % columns) * (wide + BESIDE), y: y + Math.floor(slot / columns) * (high + gap), width: wide, height: high };
  };
  const how = `${wide} ${high} ${columns} ${stage.phone} ${stage.following !== null}`;
  const laid = same && how === before.how ? before : null;
  const dimmed = stage.following !== null;
  const all = groups.map((group, nth) => (laid?.groups?.[nth] === group ? /** @type {Box[]} */ (laid.boxes)[nth] : groupBox(group, place(group, seating, top), dimmed)));
  const boxes = [...all, ...loud.filter(({ row }) => (front.seats.get(keyOf(row))?.slot ?? 0) < most).map((group) => groupBox(group, place(group, front, HEAD), dimmed))];
  const note = troubled.length > loud.length ? `and ${troubled.length - loud.length} more` : troubled.length ? "" : "nobody";
  const zone = (/** @type {string} */ name, /** @type {string} */ said, /** @type {number} */ y) => ({ name, note: said, box: { x: EDGE, y, width: stage.width - 2 * EDGE, height: 34 } });
  const bottom = laid?.bottom ?? boxes.reduce((low, { box }) => Math.max(low, box.y + box.height), 0);
  return {
    scene: {
      view, level: "map", width: stage.width, height: Math.max(stage.height, bottom + 14), rooms: [], people: [], tally, bubbles: [], wires: [], boxes,
      zones: [zone("In trouble", note, 4), zone("All", counted(groups.length, "group"), top - HEAD + 2)],
    },
    seating: { seats: seating.seats, resting: seating.resting, front, groups, boxes: all, bottom, how },
  };
}

/** Who found no place in the row, because one that was left still rested, is a newcomer the next time. @param {import("./seats.js").Seating} front @param {number} most */
function placed({ seats, resting }, most) {
  return { seats: new Map([...seats].filter(([, { slot }]) => slot < most)), resting };
}

/** @param {Group[]} groups @param {import("./seats.js").Seating} before @param {number} now */
function seated(groups, before, now) {
  return seat(before, groups.map(({ row }) => ({ id: keyOf(row), room: "" })), now);
}

/** Not all groups are an object's. @param {Row} row */
function keyOf(row) {
  return row.id || row.name;
}

/** What was drawn of a group: once in its place, and once more in front when it is in trouble. @type {WeakMap<Group, Box[]>} */
const boxed = new WeakMap();

/** The same box for as long as it stands there. @param {Group} group @param {import("./rooms.js").Box} box @param {boolean} dimmed @returns {Box} */
function groupBox(group, box, dimmed) {
  const known = boxed.get(group) ?? [];
  const dim = dimmed && !group.bright;
  const old = known.find((one) => one.dim === dim && one.box.x === box.x && one.box.y === box.y && one.box.width === box.width && one.box.height === box.height);
  if (old) return old;
  const now = { ...saying(group), dim, box };
  boxed.set(group, [now, ...known.slice(0, 1)]);
  return now;
}

/** @param {Group} group */
function saying({ row, counts, word }) {
  const [fine, bad, changing] = counts;
  const sub = word ?? [`${fine} fine`, bad && `${bad} bad`, changing && `${changing} changing`].filter(Boolean).join(" · ");
  return { id: row.id, kind: row.kind, ns: row.ns ?? "", name: row.name, title: row.name, sub, short: "", loose: false, counts };
}

/** @param {Tally} tally */
function sorted(tally) {
  const all = tally.counts.reduce((one, other) => one + other, 0);
  const [fine, bad] = [CALM, BAD].map((figures) => figures.reduce((so, figure) => so + countOf(tally, figure), 0));
  return [fine, bad, all - fine - bad];
}

/** Counted once, for as long as the pods, their machines and who is followed are the same.
 * @type {WeakMap<readonly Row[], { pods: readonly Row[], nodes: unknown, following: unknown, tally: Tally, counts: number[], bright: boolean }>} */
const told = new WeakMap();

/** @param {import("./people.js").Cast} all @param {readonly Row[]} pods */
function count(all, pods) {
  const old = told.get(pods);
  if (old && old.nodes === all.nodes && old.following === all.following) return old;
  const people = pods.filter((pod) => pod.kind === "Pod" && !pod.system).map((pod) => person(all, pod));
  const tally = tallyOf(people);
  const now = { pods, nodes: all.nodes, following: all.following, tally, counts: sorted(tally), bright: people.some((who) => !who.dim) };
  told.set(pods, now);
  return now;
}

/** @param {{ tally: Tally, bright: boolean }[]} parts */
function together(parts) {
  const tally = sum(parts.map((one) => one.tally));
  return { tally, counts: sorted(tally), bright: parts.some((one) => one.bright) };
}

/** Of each machine, as it was counted the last time. @type {WeakMap<ReadonlyMap<string, Row>, ReturnType<typeof count>[]>} */
const present = new WeakMap();

/** Machine by machine, so that only those with news are counted again. @param {import("./people.js").Cast} all */
function everybody(all) {
  const before = present.get(all.nodes);
  const now = ["", ...all.nodes.keys()].map((name, nth) => {
    const pods = podsOn(all.state, name);
    return before?.[nth].pods === pods && before[nth].following === all.following ? before[nth] : count(all, pods);
  });
  present.set(all.nodes, now);
  return sum(now.map((one) => one.tally));
}

/** The same group for as long as it would say the same. @type {WeakMap<Row, { of: readonly unknown[], guests: number, group: Group }>} */
const grouped = new WeakMap();

/** @param {Row} row @param {readonly unknown[]} of what it is made from @param {() => { counts: number[], bright: boolean, tally?: Tally, word?: string }} make */
function group(row, of, make) {
  const old = grouped.get(row);
  if (old && old.of.length === of.length && of.every((one, nth) => one === old.of[nth])) return old;
  const { counts, bright, word, tally } = make();
  const now = { of, guests: tally?.guests ?? 0, group: { row, counts, bright, word } };
  grouped.set(row, now);
  return now;
}

/** @param {import("./people.js").Cast} all */
function byOwner(all) {
  const groups = /** @type {Group[]} */ ([]);
  let owned = 0;
  const add = (/** @type {Row} */ row, /** @type {(readonly Row[])[]} */ lists) => {
    const found = group(row, [all.nodes, all.following, ...lists], () => together(lists.map((pods) => count(all, pods))));
    owned += found.guests;
    if (found.guests || row.desired) groups.push(found.group);
  };
  for (const kind of [...TOPS, ...KEEPERS, "ReplicaSet"]) {
    const isTop = TOPS.includes(kind);
    for (const row of rowsOf(all.state, kind)) {
      if (SYSTEM.includes(row.ns ?? "") || (row.owner && all.state.rows.has(row.owner))) continue;
      const own = ownedBy(all.state, row.id);
      add(row, isTop ? own.map((set) => ownedBy(all.state, set.id)) : [own]);
    }
  }
  for (const row of speaking(all.state, SYSTEM)) groups.push(group(row, [], () => ({ ...spoken(row), bright: false })).group);
  const guests = everybody(all);
  if (owned < guests.guests) add({ id: "", kind: "", name: "no owner" }, [all.pods.filter((pod) => !pod.system && (!pod.owner || !all.state.rows.has(pod.owner)))]);
  return { groups, tally: guests };
}

/** @param {Row} row */
function spoken(row) {
  const { word, bad, changing } = worstOf(row);
  return { counts: [Number(!bad && !changing), Number(bad), Number(changing)], word: `${row.kind} · ${word}` };
}

/** @param {import("./people.js").Cast} all */
function byService(all) {
  const groups = rowsOf(all.state, "Service").filter((row) => !SYSTEM.includes(row.ns ?? "") && !(row.ns === "default" && row.name === "kubernetes")).map((row) => {
    const pods = [...(row.yes ?? []), ...(row.no ?? [])].flatMap((id) => all.state.rows.get(id) ?? []);
    return group(row, [all.nodes, all.following, ...pods], () => {
      const people = pods.map((pod) => person(all, pod));
      return { counts: sorted(tallyOf(people)), bright: people.some((who) => !who.dim) };
    }).group;
  });
  return { groups, tally: everybody(all) };
}
