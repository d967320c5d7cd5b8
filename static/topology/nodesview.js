/** The Nodes view: a lobby, the control plane's balcony, and the stages, with everybody in a place. Pure. */

import { floorPlan, houseOf, stepsFor } from "./floorplan.js";
import { MONITOR_GRACE, nodeRing } from "./gaps.js";
import { DOOR, plea, seatLobby } from "./lobby.js";
import { cast } from "./people.js";
import { overlap } from "./rooms.js";
import { capacity, columnOf, rowHeight, seatSize } from "./seats.js";
import { rowsOf } from "./state.js";
import { countOf, sum, troupesOf } from "./troupes.js";
import { counted, isDark } from "./words.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./state.js").State} State
 * @typedef {import("./rooms.js").Box} Box
 * @typedef {import("./people.js").Person} Person
 * @typedef {import("./floorplan.js").Plan} Plan
 * @typedef {import("./troupes.js").Troupe} Troupe
 * @typedef {{
 *   id: string, kind: "door" | "balcony" | "stage", name: string, box: Box, node: Row | null, level: "drawing" | "map" | "tiles",
 *   small: boolean, dark: boolean, lit: boolean, used: number, cap: number, count: number, worst: string, floors: number[],
 *   columns: number, pitch: number, spacing: number, evictsAt: number, dim: boolean, left: number, busy: number, tolerates: number, ring: import("./gaps.js").Ring | null
 * }} Room
 * @typedef {{ lines: string[], figure: import("./palette.js").Figure | "", who: string, until: number, room?: string }} Bubble
 * @typedef {{
 *   view: import("./follow.js").View, level: "drawing" | "map" | "tiles", width: number, height: number, rooms: Room[], people: Person[],
 *   bubbles: Bubble[], zones: { name: string, note: string, box: Box }[], tally?: import("./troupes.js").Tally, origin?: { x: number, y: number }, natural?: number,
 *   boxes: import("./ownershipview.js").OwnerBox[], wires: import("./ownershipview.js").Wire[],
 *   sockets?: import("./trafficview.js").Socket[], notes?: import("./trafficview.js").Note[], tried?: import("./trafficview.js").Tried[], streams?: import("./streams.js").Stream[]
 * }} Scene tally: of everybody, where not everybody is among the people
 * @typedef {{ width: number, height: number, phone: boolean, following: Set<string> | null, wall: number, zoom?: number, seen?: Box | null, closer?: (row: Row) => import("./closer.js").Closer | null }} Stage
 *   zoom: the stages are laid out so many times as large; seen: the part of the scene that is looked at, null for all of it
 * @typedef {{ troupe: Troupe, room: Room, people: Person[] | null }} Kept
 * @typedef {{
 *   all: import("./people.js").Cast | null, house: import("./floorplan.js").House | null, troupes: ReadonlyMap<string, Troupe>, kept: ReadonlyMap<string, Kept>,
 *   waiting: { troupe: Troupe, plugs: number, people: Person[] } | null, plan: Plan | null, shape: unknown[], pitch: number, columns: number, calmSince: number, seats: number
 * }} Memory what the picture before was made of: what is the same stays the same object
 */

/** @type {Memory} */
export const NO_MEMORY = { all: null, house: null, troupes: new Map(), kept: new Map(), waiting: null, plan: null, shape: [], pitch: 0, columns: 0, calmSince: 0, seats: 0 };

/** @param {State} state @param {Stage} stage @param {Memory} memory @returns {{ scene: Scene, memory: Memory }} */
export function nodesScene(state, stage, memory) {
  const all = cast(state, stage.following, memory.all);
  const house = houseOf(rowsOf(state, "Node"), memory.house);
  const troupes = troupesOf(all, memory.troupes, stage.wall);
  const troupeOf = (/** @type {Row} */ node) => /** @type {Troupe} */ (troupes.get(node.name));
  const most = house.workers.reduce((high, node) => Math.max(high, troupeOf(node).bench.need), 3);
  const steps = stage.phone ? stepsFor(stage.width, most, memory.plan?.steps) : 1;
  const shape = [house.order, house.directors.length, stage.width, stage.height, stage.phone, stage.zoom ?? 1, steps];
  const same = memory.plan !== null && shape.every((part, nth) => part === memory.shape[nth]);
  const plan = same ? /** @type {Plan} */ (memory.plan) : floorPlan(stage, house, memory.columns, steps);
  const pitch = seatSize(plan.space, most, { before: same ? memory.pitch : 0, most: plan.most, calm: stage.wall - memory.calmSince > 5000 });
  const kept = new Map();
  const steady = same && pitch === memory.pitch ? memory.kept : NO_MEMORY.kept;
  const furnish = (/** @type {Row} */ node, /** @type {"stage" | "balcony"} */ kind, /** @type {Box} */ box) => {
    const troupe = troupeOf(node);
    const old = steady.get(node.name);
    const now = old?.troupe === troupe ? old : { troupe, room: room(node, kind, box, plan, pitch, troupe), people: null };
    kept.set(node.name, now);
    return now.room;
  };
  const stages = house.workers.map((node, index) => furnish(node, "stage", plan.boxes[index]));
  const balconies = house.directors.map((node, index) => furnish(node, "balcony", plan.balconies[index]));
  const door = /** @type {Troupe} */ (troupes.get(DOOR));
  const boxes = loosePlugs(state, plan.door, stage.phone);
  const before = memory.waiting;
  const waiting = same && before?.troupe === door && before.plugs === boxes.length ? before : { troupe: door, plugs: boxes.length, people: queue(door, plan.door, lobby(plan.door, stage.phone, boxes.length)) };
  const people = [...waiting.people];
  for (const one of [...stages, ...balconies]) {
    if (one.level === "tiles" || (stage.seen && !overlap(one.box, stage.seen))) continue;
    const here = kept.get(one.name);
    here.people ??= here.troupe.people.flatMap((/** @type {Person} */ who) => seated(who, one, here.troupe.bench.slots.get(who.id) ?? 0));
    for (const who of here.people) people.push(who);
  }
  const seats = all.pods.length;
  return {
    scene: {
      view: "nodes", level: plan.level, width: plan.width, height: plan.height, rooms: [doorway(plan.door, stage.phone, door.people.length), ...balconies, ...stages], people,
      tally: sum([...troupes.values()].map((one) => one.tally)), origin: plan.origin, natural: plan.natural,
      bubbles: [...bubbles(people, stages, stage.closer ?? (() => null)), ...callouts(stages, troupes)], zones: plan.zones.map((zone) => ({ ...zone, note: zoneNote(zone.name, stages, troupes) })), boxes, wires: [],
    },
    memory: { all, house, troupes, kept, waiting, plan, shape, pitch, columns: plan.columns, calmSince: seats === memory.seats ? memory.calmSince : stage.wall, seats },
  };
}

/** @param {Troupe} troupe @param {Box} box @param {Parameters<typeof seatLobby>[2]} how */
function queue(troupe, box, how) {
  return seatLobby(troupe.people.map((who) => ({ ...who, slot: troupe.bench.slots.get(who.id) ?? 0 })), box, how);
}

/** "34 nodes, 320 pods, 8 in trouble" @param {string} name @param {Room[]} stages @param {ReadonlyMap<string, Troupe>} troupes */
function zoneNote(name, stages, troupes) {
  const here = stages.filter((one) => (one.node?.zone ?? "") === name);
  const tally = sum(here.flatMap((one) => troupes.get(one.name)?.tally ?? []));
  const trouble = TROUBLE.reduce((so, figure) => so + countOf(tally, figure), 0);
  return `${counted(here.length, "node")} · ${counted(tally.counts.reduce((a, b) => a + b, 0), "pod")}${trouble ? ` · ${trouble} in trouble` : ""}`;
}

/** @param {Row} node @param {"stage" | "balcony"} kind @param {Box} box @param {Plan} plan @param {number} pitch @param {Troupe} troupe @returns {Room} */
function room(node, kind, box, plan, pitch, troupe) {
  const inner = { width: box.width - plan.pad * 2, height: box.height - plan.head - plan.foot };
  const { columns, rows } = capacity(inner, pitch);
  const spacing = Math.max(pitch, Math.min(pitch * 1.22, inner.width / Math.max(1, columns)));
  const text = rowHeight(pitch) - pitch * 0.895;
  const floor = box.y + box.height - plan.foot - (plan.level === "drawing" ? text : 4);
  const evicted = node.noExecute && troupe.tolerates < Infinity;
  return {
    id: node.id, kind, name: node.name, box, node, level: kind === "balcony" ? "drawing" : plan.level, small: plan.small, dark: isDark(node), lit: node.lit !== false,
    used: troupe.used, busy: troupe.busy, ring: nodeRing(node, node.patience ?? MONITOR_GRACE), cap: node.cpu ?? 0, count: troupe.people.length, worst: worst(troupe.tally, plan.level === "tiles"),
    floors: Array.from({ length: Math.max(1, rows) }, (_, row) => floor - row * rowHeight(pitch)),
    columns: Math.max(1, columns), pitch, spacing, dim: troupe.dim, tolerates: troupe.tolerates < Infinity ? troupe.tolerates * 1000 : 0, evictsAt: evicted ? (node.noExecute ?? 0) + troupe.tolerates * 1000 : 0,
    left: box.x + (box.width - Math.max(1, columns) * spacing) / 2,
  };
}

/** @param {Box} box @param {boolean} small @param {number} count @returns {Room} */
function doorway(box, small, count) {
  return {
    id: "door", kind: "door", name: "At the door", box, node: null, level: "drawing", small, dark: false, lit: true, used: 0, cap: 0, count,
    worst: "", floors: [box.y + box.height - 56 - 57], columns: 1, pitch: 0, spacing: 0, evictsAt: 0, dim: false, left: box.x, busy: 0, tolerates: 0, ring: null,
  };
}

const TROUBLE = /** @type {const} */ (["CrashLoopBackOff", "Unknown", "NotReady"]);

/** A room is in trouble when many of its people are: one alone is a mark, and only a tile shows it. @param {import("./troupes.js").Tally} tally @param {boolean} tile */
function worst(tally, tile) {
  const all = tally.counts.reduce((one, other) => one + other, 0);
  const most = tile ? 1 : Math.max(3, all / 4);
  return TROUBLE.find((figure) => countOf(tally, figure) >= most) ?? "";
}

/** Services whose selector matches nobody hang in the lobby, their plugs loose. @param {State} state @param {Box} door @param {boolean} phone
 * @returns {import("./ownershipview.js").OwnerBox[]} */
function loosePlugs(state, door, phone) {
  if (phone || door.height < 360) return [];
  const loose = rowsOf(state, "Service").filter((one) => one.ns !== "kube-system" && one.type !== "ExternalName" && one.selector && !one.yes?.length && !one.no?.length);
  return loose.slice(0, 3).map((row, index) => ({
    id: row.id, kind: "Service", ns: row.ns ?? "", name: row.name, title: row.name, sub: "no pod matches", short: "", loose: true, dim: false, plug: true,
    box: { x: door.x + 14, y: door.y + 80 + index * 52, width: door.width - 36, height: 44 },
  }));
}

/** Where the lobby's people stand: on the stages' floor; on a phone beside the words. @param {Box} box @param {boolean} phone @param {number} plugs */
function lobby(box, phone, plugs) {
  return phone
    ? { floor: box.y + box.height - 30, head: 6, most: 43, left: 168 }
    : { floor: box.y + box.height - 56 - 57, head: 150 + plugs * 52, most: 84, left: 10 };
}

/** @param {Person} who @param {Room} at @param {number} slot @returns {Person[]} nobody where there is no room */
function seated(who, at, slot) {
  if (at.kind === "balcony") return [inBalcony(who, slot, at)];
  const row = Math.floor(slot / at.columns);
  if (row >= at.floors.length) return [];
  return [{
    ...who, slot, pitch: at.pitch, wide: at.spacing, label: at.pitch >= 34 ? "below" : "none",
    x: at.left + columnOf(slot % at.columns, at.columns) * at.spacing + at.spacing / 2, y: at.floors[row],
  }];
}

/** The control plane's own people sit side by side, their names beside (or, on a phone, below) them.
 * @param {Person} who @param {number} slot @param {Room} at @returns {Person} */
function inBalcony(who, slot, at) {
  const phone = at.box.width < 480;
  const from = phone ? 0 : Math.min(210, at.box.width * 0.28);
  const wide = (at.box.width - from - 12) / Math.max(4, at.count);
  const label = wide >= 150 ? "side" : "below";
  return {
    ...who, slot, pitch: label === "side" ? 46 : 34, wide, label,
    x: at.box.x + from + wide * slot + (label === "side" ? 24 : wide / 2 + 6),
    y: at.box.y + at.box.height - (label === "side" ? 17 : 26),
  };
}

/** On the map: the two rooms with most crashes. @param {Room[]} stages @param {ReadonlyMap<string, Troupe>} troupes @returns {Bubble[]} */
function callouts(stages, troupes) {
  const crashing = (/** @type {Room} */ one) => countOf(/** @type {Troupe} */ (troupes.get(one.name)).tally, "CrashLoopBackOff");
  return stages
    .filter((one) => one.level !== "drawing" && one.worst === "CrashLoopBackOff" && !one.dark && crashing(one) > 2)
    .sort((a, b) => crashing(b) - crashing(a))
    .slice(0, 2)
    .map((one) => ({ lines: [`${one.name} · ${crashing(one)} crashing`], figure: /** @type {const} */ (""), who: "", room: one.id, until: 0 }));
}

/** Two at most: who waits longest at the door, who crashed, who is held. @param {Person[]} people @param {Room[]} stages
 * @param {(row: Row) => import("./closer.js").Closer | null} closer @returns {Bubble[]} */
function bubbles(people, stages, closer) {
  const free = stages.reduce((most, one) => (one.dark || one.node?.cordoned ? most : Math.max(most, one.cap - one.used)), 0);
  const list = /** @type {Bubble[]} */ ([]);
  const asking = people.filter((who) => !who.row.node && who.row.message).sort((a, b) => a.y - b.y)[0];
  if (asking) list.push({ lines: plea(asking.row, free), figure: /** @type {const} */ (""), who: asking.id, until: 0 });
  const crashed = people.filter((who) => who.figure === "CrashLoopBackOff" && who.label === "below" && !who.row.pull);
  const first = crashed.find((who) => (who.until ?? 0) > 0) ?? crashed[0];
  if (first) list.push({ lines: [first.row.state ?? "", ...lastWords(first.row, closer(first.row))], figure: first.figure, who: first.id, until: first.until });
  const held = people.find((who) => who.row.held && who.label === "below");
  if (held) list.push({ lines: ["deleted, still here", `held by ${held.row.held?.[0]}`], figure: /** @type {const} */ (""), who: held.id, until: 0 });
  return list.filter((bubble) => bubble.lines.length).slice(0, 2);
}

/** How it ended, and the last that it wrote. @param {Row} row @param {import("./closer.js").Closer | null} closer */
function lastWords(row, closer) {
  const code = row.exit == null ? "" : row.oom ? `exit ${row.exit}: out of memory` : `exit ${row.exit}`;
  const last = closer?.last ? `“${closer.last}”` : "";
  return code || last ? [[code, last].filter(Boolean).join(" · ")] : [];
}
