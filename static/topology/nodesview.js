/** The Nodes view: a lobby, the control plane's balcony, and the stages, with everybody in a place. Pure. */

import { MONITOR_GRACE, nodeRing } from "./gaps.js";
import { DOOR, plea, seatLobby } from "./lobby.js";
import { cast, person } from "./people.js";
import { columnsFor, levelOf, placeRooms } from "./rooms.js";
import { EMPTY, capacity, columnOf, needed, rowHeight, seat, seatSize } from "./seats.js";
import { rowsOf } from "./state.js";
import { counted, isDark } from "./words.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./state.js").State} State
 * @typedef {import("./rooms.js").Box} Box
 * @typedef {import("./people.js").Person} Person
 * @typedef {{
 *   id: string, kind: "door" | "balcony" | "stage", name: string, box: Box, node: Row | null, level: "drawing" | "map" | "tiles",
 *   small: boolean, dark: boolean, lit: boolean, used: number, cap: number, count: number, worst: string, floors: number[],
 *   columns: number, pitch: number, spacing: number, evictsAt: number, dim: boolean, left: number, busy: number, tolerates: number, ring: import("./gaps.js").Ring | null
 * }} Room
 * @typedef {{ lines: string[], figure: import("./palette.js").Figure | "", who: string, until: number, room?: string }} Bubble
 * @typedef {{
 *   view: import("./follow.js").View, level: "drawing" | "map" | "tiles", width: number, height: number, rooms: Room[], people: Person[], everybody: Person[],
 *   bubbles: Bubble[], zones: { name: string, note: string, box: Box }[],
 *   boxes: import("./ownershipview.js").OwnerBox[], wires: import("./ownershipview.js").Wire[],
 *   sockets?: import("./trafficview.js").Socket[], notes?: import("./trafficview.js").Note[], tried?: import("./trafficview.js").Tried[], streams?: import("./streams.js").Stream[]
 * }} Scene
 * @typedef {{ width: number, height: number, phone: boolean, following: Set<string> | null, wall: number, closer?: (row: Row) => import("./closer.js").Closer | null }} Stage
 * @typedef {{ seating: import("./seats.js").Seating, pitch: number, columns: number, calmSince: number, slots: string[], shape: string }} Memory
 */

/** @type {Memory} */
export const NO_MEMORY = { seating: EMPTY, pitch: 0, columns: 0, calmSince: 0, slots: [], shape: "" };

/** @param {State} state @param {Stage} stage @param {Memory} memory @returns {{ scene: Scene, memory: Memory }} */
export function nodesScene(state, stage, memory) {
  const all = cast(state, stage.following);
  const everybody = all.pods.map((pod) => person(all, pod));
  const present = everybody.filter((who) => who.row.node && all.nodes.has(who.row.node));
  const waiting = everybody.filter((who) => !who.row.node || !all.nodes.has(who.row.node)).map((who) => ({ ...who, room: DOOR }));
  const { workers, directors, slots } = houses([...all.nodes.values()], memory.slots);
  const seating = seat(memory.seating, [...present, ...waiting].map((who) => ({ id: who.id, room: who.room })), stage.wall);
  const plan = floorPlan(stage, workers, directors.length, memory);
  const seats = needed(seating);
  const most = workers.reduce((high, node) => Math.max(high, seats.get(node.name) ?? 0), 3);
  const byRoom = grouped(present);
  const shape = `${plan.columns} ${Math.round(stage.width)} ${Math.round(stage.height)} ${workers.length}`;
  const pitch = seatSize(plan.space, most, {
    before: shape === memory.shape ? memory.pitch : 0, most: plan.most, calm: stage.wall - memory.calmSince > 5000,
  });
  const stages = workers.map((node, index) => room(node, "stage", plan.boxes[index], plan, pitch, byRoom.get(node.name) ?? []));
  const balconies = directors.map((node, index) => room(node, "balcony", plan.balconies[index], plan, pitch, byRoom.get(node.name) ?? []));
  const rooms = [door(plan.door, stage.phone), ...balconies, ...stages];
  const roomOf = new Map(rooms.map((one) => [one.name, one]));
  const boxes = loosePlugs(state, plan.door, stage.phone);
  const people = [
    ...seatLobby(waiting.map((who) => ({ ...who, slot: seating.seats.get(who.id)?.slot ?? 0 })), plan.door, lobby(plan.door, stage.phone, boxes.length)),
    ...present.map((who) => seated(who, roomOf.get(who.room), seating)).filter((who) => who.pitch > 0),
  ];
  const steady = seating.seats.size === memory.seating.seats.size;
  return {
    scene: {
      view: "nodes", level: plan.level, width: stage.width, height: plan.height, rooms, people, everybody,
      bubbles: [...bubbles(people, stages, stage.closer ?? (() => null)), ...callouts(stages, byRoom)], zones: plan.zones.map((zone) => ({ ...zone, note: zoneNote(zone.name, stages, byRoom) })), boxes, wires: [],
    },
    memory: { seating, pitch, columns: plan.columns, calmSince: steady ? memory.calmSince : stage.wall, slots, shape },
  };
}

/** @param {Person[]} people @returns {Map<string, Person[]>} by room */
function grouped(people) {
  const rooms = new Map();
  for (const who of people) {
    const here = rooms.get(who.room);
    if (here) here.push(who);
    else rooms.set(who.room, [who]);
  }
  return rooms;
}

/** Rooms keep their order: newcomers take the lowest free slot. @param {Row[]} nodes @param {string[]} before */
function houses(nodes, before) {
  const directors = nodes.filter((node) => node.roles?.includes("control-plane"));
  const workers = new Map(nodes.filter((node) => !node.roles?.includes("control-plane")).map((node) => [node.name, node]));
  const slots = before.filter((name) => workers.has(name));
  const known = new Set(slots);
  for (const name of workers.keys()) if (!known.has(name)) slots.push(name);
  return { directors, slots, workers: slots.map((name) => /** @type {Row} */ (workers.get(name))) };
}

/** @typedef {ReturnType<typeof floorPlan>} Plan */

/** @param {Stage} stage @param {Row[]} workers @param {number} directors @param {Memory} memory */
function floorPlan(stage, workers, directors, memory) {
  return stage.phone ? phonePlan(stage, workers.length, directors) : widePlan(stage, workers, directors, memory);
}

/** @param {Stage} stage @param {Row[]} workers @param {number} directors @param {Memory} memory */
function widePlan(stage, workers, directors, memory) {
  const edge = 16;
  const lobbyWide = stage.width < 1000 ? 152 : 196;
  const left = edge + lobbyWide + 14;
  const high = directors ? 78 : 0;
  const top = edge + (directors ? high + 14 : 0);
  const area = { x: left, y: top, width: stage.width - left - edge, height: stage.height - top - edge };
  const columns = columnsFor(area, Math.max(1, workers.length), { before: memory.columns });
  const rough = placeRooms(area, workers.length, { columns })[0] ?? area;
  const level = levelOf(rough.height < 110 ? Math.min(rough.width, 199) : rough.width);
  const { boxes, zones } = level === "drawing" ? { boxes: placeRooms(area, workers.length, { columns }), zones: [] } : quarters(area, workers);
  const box = boxes[0] ?? area;
  const small = level !== "drawing" || box.height < 300;
  return {
    level: levelOf(level === "drawing" ? 200 : Math.min(199, box.width)), columns, boxes, small, height: stage.height, zones, most: level === "drawing" ? 84 : 21,
    door: { x: edge, y: edge, width: lobbyWide, height: stage.height - 2 * edge },
    balconies: placeRooms({ x: left, y: edge, width: area.width, height: high }, directors, { columns: Math.max(1, directors) }),
    ...trim(level, small, box),
  };
}

/** The map: zones are columns by name, each a grid of its own with rooms of one size. @param {Box} area @param {Row[]} workers */
function quarters(area, workers) {
  const names = [...new Set(workers.map((node) => node.zone ?? ""))].sort();
  const title = names.length > 1 ? 34 : 0;
  const wide = (area.width - 18 * (names.length - 1)) / names.length;
  const inner = { ...area, y: area.y + title, width: wide, height: area.height - title };
  const most = Math.max(...names.map((name) => workers.filter((node) => (node.zone ?? "") === name).length));
  const gap = most > 150 ? 2 : 6;
  const columns = columnsFor(inner, most, { gap, ideal: 1.1, least: 0 });
  /** @type {Map<string, Box>} */
  const places = new Map();
  names.forEach((name, index) => {
    const here = workers.filter((node) => (node.zone ?? "") === name);
    const grid = placeRooms({ ...inner, x: area.x + index * (wide + 18) }, Math.max(most, here.length), { columns, gap });
    here.forEach((node, slot) => places.set(node.id, grid[slot]));
  });
  const zones = title ? names.map((name, index) => ({ name, box: { x: area.x + index * (wide + 18), y: area.y, width: wide, height: title } })) : [];
  return { boxes: workers.map((node) => /** @type {Box} */ (places.get(node.id))), zones };
}

/** "34 nodes, 320 pods, 8 in trouble" @param {string} name @param {Room[]} stages @param {Map<string, Person[]>} byRoom */
function zoneNote(name, stages, byRoom) {
  const here = stages.filter((one) => (one.node?.zone ?? "") === name);
  const pods = here.flatMap((one) => byRoom.get(one.name) ?? []);
  const trouble = pods.filter((who) => TROUBLE.includes(who.figure)).length;
  return `${counted(here.length, "node")} · ${counted(pods.length, "pod")}${trouble ? ` · ${trouble} in trouble` : ""}`;
}

/** @param {Stage} stage @param {number} count @param {number} directors */
function phonePlan(stage, count, directors) {
  const edge = 10;
  const width = stage.width - edge * 2;
  const door = { x: edge, y: edge, width, height: 96 };
  const many = count > 12;
  const columns = many ? 4 : 1;
  const rows = Math.ceil(count / columns);
  const each = many ? 76 : 142;
  const area = { x: edge, y: door.y + door.height + 10, width, height: rows * each + (rows - 1) * 10 };
  const boxes = placeRooms(area, count, { columns, gap: 10 });
  const bottom = area.y + (count ? area.height + 10 : 0);
  const balconies = placeRooms({ x: edge, y: bottom, width, height: directors * 98 + Math.max(0, directors - 1) * 10 }, directors, { columns: 1, gap: 10 });
  const level = many ? /** @type {const} */ ("map") : /** @type {const} */ ("drawing");
  return {
    level, columns, boxes, small: true, zones: [], door, balconies, most: many ? 21 : 43,
    height: Math.max(stage.height, bottom + directors * 108), ...trim(level, true, boxes[0] ?? area),
  };
}

/** What a room keeps for its head and its foot, and what is left for the seats.
 * @param {"drawing" | "map" | "tiles"} level @param {boolean} small @param {Box} box */
function trim(level, small, box) {
  const map = level !== "drawing";
  const head = map ? (box.width >= 84 ? 24 : 6) : small ? 42 : 84;
  const foot = map ? 10 : small ? 31 : 56;
  const pad = map ? 6 : 15;
  return { head, foot, pad, space: { width: box.width - pad * 2, height: box.height - head - foot } };
}

/** @param {Row} node @param {"stage" | "balcony"} kind @param {Box} box @param {Plan} plan @param {number} pitch @param {Person[]} here @returns {Room} */
function room(node, kind, box, plan, pitch, here) {
  const inner = { width: box.width - plan.pad * 2, height: box.height - plan.head - plan.foot };
  const { columns, rows } = capacity(inner, pitch);
  const spacing = Math.max(pitch, Math.min(pitch * 1.22, inner.width / Math.max(1, columns)));
  const text = rowHeight(pitch) - pitch * 0.895;
  const floor = box.y + box.height - plan.foot - (plan.level === "drawing" ? text : 4);
  const live = here.filter((who) => who.figure !== "Completed");
  const evicted = live.filter((who) => node.noExecute && who.row.tol != null && !who.row.deleting);
  return {
    id: node.id, kind, name: node.name, box, node, level: kind === "balcony" ? "drawing" : plan.level, small: plan.small, dark: isDark(node), lit: node.lit !== false,
    used: live.reduce((sum, who) => sum + (who.row.cpu ?? 0), 0), busy: live.reduce((sum, who) => sum + (who.row.use?.[0] ?? 0), 0), ring: nodeRing(node, node.patience ?? MONITOR_GRACE), cap: node.cpu ?? 0, count: here.length, worst: plan.level === "tiles" ? (TROUBLE.find((figure) => here.some((who) => who.figure === figure)) ?? "") : worst(here),
    floors: Array.from({ length: Math.max(1, rows) }, (_, row) => floor - row * rowHeight(pitch)),
    columns: Math.max(1, columns), pitch, spacing, dim: here.length > 0 && here.every((who) => who.dim),
    tolerates: shortest(live.flatMap((who) => (who.row.tol == null || who.row.deleting ? [] : who.row.tol * 1000))),
    evictsAt: evicted.length ? (node.noExecute ?? 0) + Math.min(...evicted.map((who) => (who.row.tol ?? 0) * 1000)) : 0,
    left: box.x + (box.width - Math.max(1, columns) * spacing) / 2,
  };
}

/** 0: nobody has to go. @param {number[]} times */
function shortest(times) {
  return times.length ? Math.min(...times) : 0;
}

/** @param {Box} box @param {boolean} small @returns {Room} */
function door(box, small) {
  return {
    id: "door", kind: "door", name: "At the door", box, node: null, level: "drawing", small, dark: false, lit: true, used: 0, cap: 0, count: 0,
    worst: "", floors: [box.y + box.height - 56 - 57], columns: 1, pitch: 0, spacing: 0, evictsAt: 0, dim: false, left: box.x, busy: 0, tolerates: 0, ring: null,
  };
}

const TROUBLE = ["CrashLoopBackOff", "Unknown", "NotReady"];

/** A room is in trouble when many of its people are: one alone is a mark. @param {Person[]} here */
function worst(here) {
  return TROUBLE.find((figure) => here.filter((who) => who.figure === figure).length >= Math.max(3, here.length / 4)) ?? "";
}

/** Services whose selector matches nobody hang in the lobby, their plugs loose. @param {State} state @param {Box} door @param {boolean} phone
 * @returns {import("./ownershipview.js").OwnerBox[]} */
function loosePlugs(state, door, phone) {
  if (phone || door.height < 360) return [];
  const loose = rowsOf(state, "Service").filter((one) => one.ns !== "kube-system" && one.selector && !one.yes?.length && !one.no?.length);
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

/** @param {Person} who @param {Room | undefined} at @param {import("./seats.js").Seating} seating @returns {Person} */
function seated(who, at, seating) {
  const place = seating.seats.get(who.id);
  if (!place || !at || at.level === "tiles") return { ...who, pitch: 0 };
  if (at.kind === "balcony") return inBalcony(who, place.slot, at);
  const row = Math.floor(place.slot / at.columns);
  if (row >= at.floors.length) return { ...who, pitch: 0 };
  return {
    ...who, slot: place.slot, pitch: at.pitch, wide: at.spacing, label: at.pitch >= 34 ? "below" : "none",
    x: at.left + columnOf(place.slot % at.columns, at.columns) * at.spacing + at.spacing / 2, y: at.floors[row],
  };
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

/** On the map: the two rooms with most crashes. @param {Room[]} stages @param {Map<string, Person[]>} byRoom @returns {Bubble[]} */
function callouts(stages, byRoom) {
  const loud = stages.filter((one) => one.level !== "drawing" && one.worst === "CrashLoopBackOff" && !one.dark);
  const crashing = (/** @type {Room} */ one) => (byRoom.get(one.name) ?? []).filter((who) => who.figure === "CrashLoopBackOff").length;
  return loud
    .map((one) => ({ lines: [`${one.name} · ${crashing(one)} crashing`], figure: /** @type {const} */ (""), who: "", room: one.id, until: 0, count: crashing(one) }))
    .filter((one) => one.count > 2)
    .sort((a, b) => b.count - a.count)
    .slice(0, 2);
}

/** Two at most: who waits longest at the door, who crashed, who is held. @param {Person[]} people @param {Room[]} stages
 * @param {(row: Row) => import("./closer.js").Closer | null} closer @returns {Bubble[]} */
function bubbles(people, stages, closer) {
  const free = Math.max(0, ...stages.filter((one) => !one.dark && !one.node?.cordoned).map((one) => one.cap - one.used));
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
