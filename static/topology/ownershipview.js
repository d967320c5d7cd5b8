/** The Ownership view: Deployment > ReplicaSet > pods in rows, Services on the right, plugged into their pods. Pure. */

import { speaking, worstOf } from "./conditions.js";
import { GROUPED, groupsScene } from "./groupsview.js";
import { cast, person } from "./people.js";
import { byName, ownedBy, rowsOf } from "./state.js";
import { EMPTY, seat } from "./seats.js";
import { stepFor } from "./tight.js";
import { KEEPERS, SYSTEM, TOPS, counted, progress, suffix } from "./words.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./people.js").Person} Person
 * @typedef {{ id: string, kind: string, ns: string, name: string, title: string, sub: string, short: string, box: import("./rooms.js").Box, loose: boolean, dim: boolean, ring?: import("./gaps.js").Ring | null, note?: string, plug?: boolean, sign?: "signpost" | "hourglass", held?: string[], columns?: import("./paint/owners.js").Columns | null, claims?: string[], counts?: number[] }} OwnerBox
 * @typedef {{ kind: "own" | "serve" | "wait" | "ghost" | "loose", points: number[][], dim: boolean, says?: string[], rope?: boolean }} Wire rope: along many points; says: what the owner wants and what there is, while the two differ
 * @typedef {{ top: Row | null, set: Row | null, pods: Person[] }} Block
 * @typedef {{ x: number, y: number, set: number, setWide: number, topWide: number, pods: number, podsWide: number, service: number, serviceWide: number, pitch: number, row: number, tall: number }} Columns tall: a box
 */

/** How the rows stand, ever closer: what a row needs at least, how high its boxes are, how wide a seat is. */
const STEPS = [[66, 54, [68, 60, 52, 40, 34, 25, 18]], [48, 42, [30, 25, 18]], [35, 30, [25, 18, 12]], [30, 25, [18, 12]]].flatMap(([row, tall, pitches]) =>
  /** @type {number[]} */ (pitches).map((pitch) => ({ row: Number(row), tall: Number(tall), pitch })),
);
/** Without an owner, so few have their names below them. */
const ALONE = 12;
const NAMED = 84;

/** @param {import("./state.js").State} state @param {import("./nodesview.js").Stage} stage @param {import("./seats.js").Seating} [before]
 * @returns {{ scene: import("./nodesview.js").Scene, seating: import("./seats.js").Seating }} */
export function ownershipScene(state, stage, before = EMPTY) {
  const all = cast(state, stage.following);
  if (all.pods.length > GROUPED) return groupsScene(state, stage, "ownership", before);
  const people = all.pods.filter((pod) => !pod.system).map((pod) => person(all, pod));
  const seating = seat(before, people.map((who) => ({ id: who.id, room: who.row.owner ?? "" })), stage.wall);
  for (const who of people) who.slot = seating.seats.get(who.id)?.slot ?? 0;
  const blocks = blocksOf(all, people);
  const services = rowsOf(state, "Service").filter((one) => !SYSTEM.includes(one.ns ?? "") && !(one.ns === "default" && one.name === "kubernetes"));
  const rough = wide(stage, services.length);
  const step = stage.phone ? 0 : stepFor(STEPS, (one) => Math.max(tall(blocks, { ...rough, ...one }), services.length * (one.tall + 8)), stage.height - 30, before.step);
  if (step < 0) return groupsScene(state, stage, "ownership", before);
  return { scene: sceneOf(state, stage, blocks, services, stage.phone ? narrow(stage.width) : { ...rough, ...STEPS[step] }), seating: { ...seating, step } };
}

/** @param {import("./state.js").State} state @param {import("./nodesview.js").Stage} stage @param {Block[]} blocks @param {Row[]} services @param {Columns} columns @returns {import("./nodesview.js").Scene} */
function sceneOf(state, stage, blocks, services, columns) {
  const laid = stage.phone ? stack(blocks, columns) : rows(blocks, columns, stage.height);
  const plugs = plug(services, laid.people, columns, stage, laid.height);
  return {
    view: "ownership", level: "drawing", width: stage.width, height: Math.max(stage.height, laid.height + 16, plugs.height + 16), rooms: [],
    people: laid.people, bubbles: [], zones: [], boxes: dimmed([...laid.boxes, ...plugs.boxes], stage.following, state), wires: [...laid.wires, ...plugs.wires],
  };
}

/** @param {import("./people.js").Cast} all @param {Person[]} people @returns {Block[]} */
function blocksOf(all, people) {
  const { state } = all;
  const spoken = new Set(speaking(state, SYSTEM));
  const above = new Set([...spoken].map((row) => row.owner));
  const sets = state.rows.values().filter((row) => !SYSTEM.includes(row.ns ?? "") && (row.kind === "ReplicaSet" || KEEPERS.includes(row.kind) || spoken.has(row) || (row.owner === undefined && isOwner(state, row))));
  const blocks = sets
    .map((set) => ({ set, top: (set.owner && state.rows.get(set.owner)) || null, pods: people.filter((who) => who.row.owner === set.id) }))
    .filter((block) => block.pods.length || (block.set.desired ?? 0) > 0 || (spoken.has(block.set) && !above.has(block.set.id)));
  const shown = new Set(blocks.map((block) => block.top?.id));
  const idle = TOPS.flatMap((kind) => rowsOf(state, kind)).filter((top) => !SYSTEM.includes(top.ns ?? "") && !shown.has(top.id)).map((top) => ({ top, set: null, pods: [] }));
  const known = new Set(blocks.map((block) => block.set.id));
  const alone = people.filter((who) => !who.row.owner || !known.has(who.row.owner));
  const list = /** @type {Block[]} */ ([...blocks, ...idle]).sort((a, b) => byName(head(a), head(b)) || (b.set?.rev ?? 0) - (a.set?.rev ?? 0));
  return alone.length ? [...list, { top: null, set: null, pods: alone }] : list;
}

/** @param {import("./state.js").State} state @param {Row} row */
function isOwner(state, row) {
  return !["Pod", "Node", "Service", "Deployment", "Fault"].includes(row.kind) && ownedBy(state, row.id).some((one) => one.kind === "Pod");
}

/** Seats of those who are wanted and are not there: outlines. @param {Block} block @returns {Person[]} */
function missing({ set, pods }) {
  if (!set || set.kind === "Job" || !pods.length) return [];
  const short = Math.min(12, (set.desired ?? 0) - pods.filter((who) => !who.row.deleting).length);
  const taken = new Set(pods.map((who) => who.slot));
  const seats = [];
  for (let slot = 0; seats.length < short; slot += 1) if (!taken.has(slot)) seats.push(slot);
  return seats.map((slot) => ({ ...pods[0], id: `wanted ${set.id} ${slot}`, slot, wanted: true, name: "", sub: "", badge: null, ring: null, gap: /** @type {const} */ (""), restarts: 0, dim: false }));
}

/** What the owner wants and what there is: said while its tether is under strain, that is while somebody is missing, too many or going.
 * @param {{ set: Row | null, pods: { row: Row }[] }} block @returns {string[] | undefined} */
export function pulls({ set, pods }) {
  if (!set || set.kind === "Job" || set.desired === undefined) return undefined;
  const leaving = pods.filter((who) => who.row.deleting).length;
  const there = pods.length - leaving;
  if (there === set.desired && !leaving) return undefined;
  return [`wants ${set.desired}`, `has ${there}`, ...(leaving ? [`${leaving} leaving`] : [])];
}

/** A rollout in numbers: how many of each version, and between which two lines their sum has to stay. @param {Row} top @param {Block[]} blocks
 * @returns {import("./paint/owners.js").Columns | null} */
export function columnsOf(top, blocks) {
  const mine = blocks.filter((block) => block.top?.id === top.id && block.set);
  if (!top.bounds || mine.length < 2) return null;
  const fresh = mine.filter((block) => block.set?.rev === top.rev);
  const count = (/** @type {Block[]} */ some, /** @type {(who: Person) => boolean} */ which) => some.reduce((sum, block) => sum + block.pods.filter((who) => !who.row.deleting && which(who)).length, 0);
  const old = mine.filter((block) => !fresh.includes(block));
  const [most, least] = limits(top);
  return { old: count(old, () => true), oldReady: count(old, (who) => Boolean(who.row.ok)), fresh: count(fresh, () => true), freshReady: count(fresh, (who) => Boolean(who.row.ok)), most, least };
}

/** What a rollout may do: so many more, so many fewer than wanted. @param {Row} top */
export function bounds(top) {
  if (!top.bounds) return "";
  const [most, least] = limits(top);
  return `has ${top.have ?? 0} · at most ${most} · ${least} must be ready`;
}

/** Surge above and unavailable below what is wanted. @param {Row} top @returns {[number, number]} */
function limits({ desired = 0, bounds: rule }) {
  const share = (/** @type {string | number} */ part, /** @type {(n: number) => number} */ round) => (typeof part === "string" && part.endsWith("%") ? round((desired * Number.parseInt(part, 10)) / 100) : Number(part));
  const surge = share(rule?.[0] ?? 0, Math.ceil);
  const lack = share(rule?.[1] ?? 0, Math.floor);
  return [desired + surge, Math.max(0, desired - (surge || lack ? lack : 1))];
}

/** @param {Block} block @returns {Row} */
function head(block) {
  return block.top ?? block.set ?? { id: "", kind: "", name: "~" };
}

/** @param {import("./nodesview.js").Stage} stage @param {number} services @returns {Omit<Columns, "row" | "tall" | "pitch">} */
function wide({ width }, services) {
  const boxWide = Math.min(210, width * 0.17);
  const serviceWide = services ? Math.min(230, width * 0.2) : 0;
  const set = 32 + boxWide + 56;
  const pods = set + boxWide + 84;
  const podsWide = width - pods - 32 - (services ? serviceWide + 70 : 0);
  return { x: 32, y: 18, set, setWide: boxWide, topWide: boxWide, pods, podsWide, service: width - serviceWide - 32, serviceWide };
}

/** @param {Block[]} blocks @param {Columns} at */
function tall(blocks, at) {
  return blocks.reduce((sum, block) => sum + highOf(block, blocks, at), 0);
}

/** A row is as high as its pods need; a rollout's two rows as high as its arithmetic. @param {Block} block @param {Block[]} blocks @param {Columns} at */
function highOf(block, blocks, at) {
  const least = block.top && columnsOf(block.top, blocks) ? Math.max(at.row, 66) : at.row;
  return Math.max(least, linesOf(block, at) * lineHeight(block, at) + (at.row < 66 ? 6 : 14));
}

/** How far apart its pods stand: those who belong to nobody are known by their names alone. @param {Block} block @param {Columns} at */
function apart({ top, set, pods }, { pitch, podsWide }) {
  return !top && !set && pitch >= 25 && pods.length <= ALONE ? Math.max(pitch, Math.min(NAMED, podsWide)) : pitch;
}

/** @param {Block} block @param {Columns} at */
function linesOf(block, at) {
  return Math.max(1, Math.ceil(span(block) / Math.max(1, Math.floor(at.podsWide / apart(block, at)))));
}

/** How many places its pods take, free ones between them included. @param {Block} block */
function span(block) {
  return Math.max(block.pods.reduce((most, who) => Math.max(most, who.slot + 1), 0), ...missing(block).map((who) => who.slot + 1), 0);
}

/** A row of figures, the wires below, and, where there is room, what tells the pods apart. @param {Block} block @param {Columns} at */
function lineHeight(block, at) {
  const { pitch } = at;
  if (pitch < 52 && apart(block, at) > pitch) return pitch * 0.895 + 36;
  if (pitch >= 52) return pitch * 0.895 + 40;
  return pitch >= 34 ? pitch * 0.895 + 22 : pitch;
}

/** @param {number} width @returns {Columns} */
function narrow(width) {
  return { x: 12, y: 14, set: 12, setWide: width - 24, topWide: width - 24, pods: 44, podsWide: width - 56, service: 12, serviceWide: width - 24, pitch: 46, row: 74, tall: 54 };
}

/** @param {Block[]} blocks @param {Columns} at @param {number} height of the stage */
function rows(blocks, at, height) {
  const laid = { boxes: /** @type {OwnerBox[]} */ ([]), people: /** @type {Person[]} */ ([]), wires: /** @type {Wire[]} */ ([]), height: at.y };
  // what is left over is shared out, a little to each
  const roomy = { ...at, row: Math.max(at.row, Math.min(at.row + 22, at.row + (height - 30 - tall(blocks, at)) / Math.max(1, blocks.length))) };
  /** @type {Map<string, { box: OwnerBox, from: number }>} */
  const tops = new Map();
  for (const block of blocks) {
    const perLine = Math.max(1, Math.floor(at.podsWide / apart(block, at)));
    const lines = linesOf(block, at);
    const lineHigh = lineHeight(block, at);
    const high = highOf(block, blocks, roomy);
    const middle = laid.height + high / 2;
    if (block.set) laid.boxes.push(ownerBox(block.set, at.set, middle, at.setWide, null, at.tall));
    if (block.top) {
      const known = tops.get(block.top.id);
      const from = known?.from ?? laid.height;
      const box = known?.box ?? ownerBox(block.top, at.x, middle, at.topWide, columnsOf(block.top, blocks), at.tall);
      if (known) box.box.y = (from + laid.height + high) / 2 - box.box.height / 2;
      else laid.boxes.push(box);
      tops.set(block.top.id, { box, from });
    }
    if (!block.set && !block.top) laid.boxes.push(loneBox(at, middle, block.pods.length));
    laid.people.push(...stand(block, at, laid.height + (high - lines * lineHigh) / 2, perLine, lineHigh));
    if (block.set && (block.pods.length || pulls(block))) laid.wires.push({ kind: "own", points: [[at.set + at.setWide, middle], [at.pods - 6, middle]], dim: false, says: pulls(block) });
    laid.height += high;
  }
  for (const block of blocks) if (block.top && block.set) laid.wires.push(tether(laid.boxes, block.top, block.set));
  return laid;
}

/** @param {Row} row @param {number} x @param {number} middle @param {number} width @param {import("./paint/owners.js").Columns | null} [columns] @param {number} [least] how high it is when there is nothing to note @returns {OwnerBox} */
function ownerBox(row, x, middle, width, columns = null, least = 54) {
  if (row.conditions) return spokenBox(row, x, middle, width, least);
  const ready = progress(row);
  const title = row.rev && row.kind === "ReplicaSet" ? `${row.name.replace(/-[^-]+$/, "")} · v${row.rev}` : row.name;
  const rolls = row.held ? `held by ${row.held[0]}` : row.stuck ? "stuck: no progress in time" : row.deadline || columns ? bounds(row) : "";
  const high = columns ? 124 : rolls && least >= 54 ? 74 : least;
  const ring = row.deadline ? { kind: /** @type {const} */ ("deadline"), since: row.deadline[0], until: row.deadline[1], every: 0, word: "called stuck" } : null;
  return { id: row.id, kind: row.kind, ns: row.ns ?? "", name: row.name, title, sub: high < 54 && rolls && !row.deadline ? rolls : `${row.kind} · ${ready}`, short: high < 54 && rolls && !row.deadline ? rolls : ready, box: { x, y: middle - high / 2, width, height: high }, loose: false, dim: false, ring, note: high < 54 ? "" : rolls, held: row.held, columns };
}

/** Of a kind that has no drawing of its own: the worst that its conditions say. @param {Row} row @param {number} x @param {number} middle @param {number} width @param {number} least @returns {OwnerBox} */
function spokenBox(row, x, middle, width, least) {
  const { word, reason, bad } = worstOf(row);
  const high = reason && least >= 54 ? 74 : least;
  return { id: row.id, kind: row.kind, ns: row.ns ?? "", name: row.name, title: row.name, sub: `${row.kind} · ${word}`, short: `${row.kind.length > 12 ? row.kind.replace(/[^A-Z]/g, "") : row.kind} · ${word}`, box: { x, y: middle - high / 2, width, height: high }, loose: bad, dim: false, note: high < 54 ? "" : reason, held: row.held };
}

/** @param {Columns} at @param {number} middle @param {number} count @returns {OwnerBox} */
function loneBox(at, middle, count) {
  return { id: "", kind: "", ns: "", name: "", title: "no owner", sub: counted(count, "pod"), short: "", box: { x: at.set, y: middle - at.tall / 2, width: at.setWide, height: at.tall }, loose: true, dim: false };
}

/** @param {Block} block @param {Columns} at @param {number} top @param {number} perLine @param {number} lineHigh @returns {Person[]} */
function stand(block, at, top, perLine, lineHigh) {
  const step = apart(block, at);
  const label = step > at.pitch || at.pitch >= 52 ? /** @type {const} */ ("hash") : /** @type {const} */ ("none");
  return [...block.pods, ...missing(block)].map((who) => ({
    ...who, room: "owners", pitch: at.pitch, wide: step, label, badge: null,
    name: who.wanted ? "wanted" : step > at.pitch ? who.row.name : suffix(who.row, who.name) || who.name,
    x: at.pods + (who.slot % perLine) * step + step / 2,
    y: top + Math.floor(who.slot / perLine) * lineHigh + (at.pitch >= 34 ? at.pitch * 0.895 + 4 : at.pitch),
  }));
}

/** @param {OwnerBox[]} boxes @param {Row} top @param {Row} set @returns {Wire} */
function tether(boxes, top, set) {
  const from = /** @type {OwnerBox} */ (boxes.find((one) => one.id === top.id)).box;
  const to = /** @type {OwnerBox} */ (boxes.find((one) => one.id === set.id)).box;
  return { kind: "own", points: [[from.x + from.width, from.y + from.height / 2], [to.x, to.y + to.height / 2]], dim: false };
}

/** On a phone everything stands below one another. @param {Block[]} blocks @param {Columns} at */
function stack(blocks, at) {
  const laid = { boxes: /** @type {OwnerBox[]} */ ([]), people: /** @type {Person[]} */ ([]), wires: /** @type {Wire[]} */ ([]), height: at.y };
  let last = "";
  for (const block of blocks) {
    if (block.top && block.top.id !== last) {
      const box = ownerBox(block.top, at.x, laid.height + 27, at.topWide, columnsOf(block.top, blocks));
      box.box.y = laid.height;
      laid.boxes.push(box);
      last = block.top.id;
      laid.height += box.box.height + 6;
    }
    const pull = pulls(block)?.join(" · ") ?? "";
    if (block.set) laid.boxes.push(strained(ownerBox(block.set, at.set + 24, laid.height + 27, at.setWide - 24), pull));
    else if (!block.top) laid.boxes.push(loneBox({ ...at, set: at.set + 24, setWide: at.setWide - 24 }, laid.height + 27, block.pods.length));
    laid.height += block.set || !block.top ? (pull ? 80 : 60) : 0;
    const perLine = Math.max(1, Math.min(block.pods.length > 30 ? 12 : 6, Math.floor(at.podsWide / apart(block, at))));
    const lineHigh = at.pitch * 0.895 + (apart(block, at) > at.pitch ? 36 : 14);
    laid.people.push(...stand(block, at, laid.height, perLine, lineHigh));
    laid.height += Math.ceil(span(block) / perLine) * lineHigh + 10;
  }
  return laid;
}

/** Where there is no rope to write it on, the box says what is wanted and what there is. @param {OwnerBox} owner @param {string} pull @returns {OwnerBox} */
function strained(owner, pull) {
  return pull ? { ...owner, note: pull, box: { ...owner.box, height: 74 } } : owner;
}

/** Each Service hangs near its pods; a wire runs below them, with a plug for each: closed when ready, open when not.
 * @param {Row[]} services @param {Person[]} people @param {Columns} at @param {import("./nodesview.js").Stage} stage @param {number} bottom */
function plug(services, people, at, stage, bottom) {
  const near = services.map((service) => ({ service, pods: people.filter((who) => joined(service, who.id)) }));
  near.sort((a, b) => middleOf(a.pods) - middleOf(b.pods) || byName(a.service, b.service));
  const boxes = /** @type {OwnerBox[]} */ ([]);
  const wires = /** @type {Wire[]} */ ([]);
  let floor = stage.phone ? bottom + 6 : at.y;
  /** The lowest place that leaves room for all below. @param {number} more */
  const last = (more) => stage.height - 8 - more * (at.tall + (at.tall < 54 ? 6 : 10));
  near.forEach(({ service, pods }, nth) => {
    const wanted = pods.length && !stage.phone ? Math.min(middleOf(pods) - 20 - at.tall / 4, last(near.length - nth)) : floor;
    const box = { x: at.service, y: Math.max(floor, wanted), width: at.serviceWide, height: at.tall };
    floor = box.y + at.tall + (at.tall < 54 ? 6 : 10);
    boxes.push(serviceBox(service, box, pods.length));
    if (!stage.phone) wires.push(...cables(service, pods, box, nth));
  });
  return { boxes, wires, height: floor };
}

/** @param {Row} service @param {string} id */
function joined(service, id) {
  return Boolean(service.yes?.includes(id) || service.no?.includes(id));
}

/** @param {Person[]} pods */
function middleOf(pods) {
  return pods.length ? pods.reduce((sum, who) => sum + who.y, 0) / pods.length : Infinity;
}

/** @param {Row} service @param {import("./rooms.js").Box} box @param {number} count @returns {OwnerBox} */
function serviceBox(service, box, count) {
  const ready = service.yes?.length ?? 0;
  const sub = count ? `${ready} of ${count} ready · ${service.ports?.[0] ?? ""}` : `no endpoints · ${Object.entries(service.selector ?? {}).map((pair) => pair.join("=")).join(",") || "no selector"}`;
  return { id: service.id, kind: "Service", ns: service.ns ?? "", name: service.name, title: `Service ${service.name}`, sub, short: count ? `${ready} of ${count} ready` : "no endpoints", box, loose: count === 0, dim: false };
}

/** @param {Row} service @param {Person[]} pods @param {import("./rooms.js").Box} box @param {number} nth @returns {Wire[]} */
function cables(service, pods, box, nth) {
  /** @type {Map<number, Person[]>} */
  const lines = new Map();
  for (const who of pods) lines.set(who.y, [...(lines.get(who.y) ?? []), who]);
  const wires = /** @type {Wire[]} */ ([]);
  for (const [y, row] of lines) {
    const under = y + 8 + (nth % 2) * 3;
    const bend = box.x - 34 - (nth % 4) * 7;
    wires.push({ kind: "serve", points: [[Math.min(...row.map((who) => who.x)), under], [bend, under], [box.x, box.y + box.height / 2]], dim: false });
    for (const who of row) wires.push({ kind: service.yes?.includes(who.id) ? "serve" : "wait", points: [[who.x, under]], dim: who.dim });
  }
  return wires;
}

/** @param {OwnerBox[]} boxes @param {Set<string> | null} following @param {import("./state.js").State} state @returns {OwnerBox[]} */
function dimmed(boxes, following, state) {
  if (!following) return boxes;
  const owners = new Set();
  for (const id of following) {
    const set = state.rows.get(state.rows.get(id)?.owner ?? "");
    if (set) owners.add(set.id).add(set.owner);
  }
  return boxes.map((box) => ({ ...box, dim: !owners.has(box.id) && !(box.kind === "Service" && [...following].some((id) => joined(/** @type {Row} */ (state.rows.get(box.id)), id))) }));
}
