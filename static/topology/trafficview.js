/** The Traffic view: visitors, Ingress, Service, pods, from left to right, with ports as sockets between. Pure. */

import { GROUPED, groupsScene } from "./groupsview.js";
import { leads, listensAt, reachable } from "./ports.js";
import { cast, person } from "./people.js";
import { EMPTY, seat } from "./seats.js";
import { nearest, wanted } from "./selectors.js";
import { rowsOf } from "./state.js";
import { stepFor } from "./tight.js";
import { cables, callers, outside, streams } from "./streams.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./people.js").Person} Person
 * @typedef {import("./ownershipview.js").OwnerBox} OwnerBox
 * @typedef {{ x: number, y: number, words: string, kind: "port" | "open" | "closed" | "declared", side: "left" | "right" | "aside" }} Socket aside: it begins there, on the wire
 * @typedef {{ x: number, y: number, pieces: import("./selectors.js").Letters[], who: string, width: number }} Note
 * @typedef {{ x: number, y: number, width: number, names: string[][] }} Tried names that a resolver asked for, each with its answer
 * @typedef {{ service: Row, pods: Person[], ghost: ReturnType<typeof nearest>, y: number, height: number, box: OwnerBox }} Line
 * @typedef {{ row: Row, box: OwnerBox }} Front
 * @typedef {{ visitors: OwnerBox | null, fronts: Front[], lines: Line[], senders: Person[], names: OwnerBox[] }} House everybody of this view in a place
 */

const SYSTEM = ["kube-system", "kube-public", "kube-node-lease"];
const SENDERS = 4;

/** How the rows stand, ever closer: seats, what a row needs at least, how high the Services are, what hangs below them, and whether their ports stand beside them. */
const STEPS = [
  { pitch: 62, line: 92, foot: 22, least: 92, gap: 8, box: 56, hang: 22, aside: false },
  { pitch: 50, line: 80, foot: 2, least: 80, gap: 3, box: 56, hang: 22, aside: false },
  { pitch: 40, line: 50, foot: 2, least: 66, gap: 2, box: 44, hang: 22, aside: false },
  { pitch: 34, line: 40, foot: 4, least: 46, gap: 4, box: 42, hang: 0, aside: true },
  { pitch: 30, line: 36, foot: 2, least: 38, gap: 3, box: 36, hang: 0, aside: true },
  { pitch: 18, line: 20, foot: 2, least: 26, gap: 3, box: 25, hang: 0, aside: true },
];
const PHONE = { pitch: 52, line: 86, foot: 22, least: 74, gap: 8, box: 56, hang: 0, aside: false };

/** @param {import("./state.js").State} state @param {import("./nodesview.js").Stage} stage @param {import("./seats.js").Seating} [before] */
export function trafficScene(state, stage, before = EMPTY) {
  const all = cast(state, stage.following);
  if (all.pods.length > GROUPED) return groupsScene(state, stage, "traffic", before);
  const found = servicesOf(state);
  const places = found.flatMap((one) => rowOf(one).map((pod) => ({ id: `${one.service.id}/${pod.id}`, room: one.service.id })));
  const seating = seat(before, places, stage.wall);
  const rough = { ...columns(stage), hasFronts: rowsOf(state, "Ingress").length > 0, most: places.length };
  const step = stage.phone ? 0 : stepFor(STEPS, (one) => tall(found, spaced(rough, one), seating), stage.height - rough.top - 16 - namesHigh(state), before.step);
  if (step < 0) return groupsScene(state, stage, "traffic", before);
  const plain = spaced(rough, stage.phone ? PHONE : STEPS[step]);
  const at = stage.phone ? { ...plain, top: plain.top + rowsOf(state, "Ingress").length * 64 } : plain;
  const { lines, bottom } = stand(found, all, at, stage, seating);
  const fronts = ingresses(state, lines, plain, stage);
  const { names, tried, end } = askedNames(state, at, bottom);
  const calling = stage.phone ? [] : callingPods(state, lines);
  const visitors = visitorsBox(lines, fronts, names, at, stage, state, calling.length);
  const senders = visitors ? sendersOf(all, calling, lines, visitors, at, stage) : [];
  const house = { visitors, fronts, lines, senders, names };
  const people = [...lines.flatMap((line) => line.pods), ...senders];
  const boxes = [...(visitors ? [visitors] : []), ...fronts.map((one) => one.box), ...lines.map((line) => line.box), ...names];
  return {
    scene: /** @type {import("./nodesview.js").Scene} */ ({
      view: "traffic", level: "drawing", width: stage.width, height: Math.max(stage.height, end + 16), rooms: [], people, bubbles: [], zones: [], boxes,
      wires: [...outside(house, at, stage), ...callers(state, house, at, stage), ...lines.flatMap((line) => cables(line, at, stage, isHeard(line)))],
      sockets: lines.flatMap((line) => sockets(line, at, stage)), notes: lines.flatMap((line) => notes(line, at)), tried, streams: streams(state, house, at, stage),
    }), seating: { ...seating, step: stage.phone ? 0 : step },
  };
}

/** Who stands in a Service's row: its pods, or the nearest miss. @param {ReturnType<typeof servicesOf>[number]} one */
function rowOf({ mine, ghost }) {
  return ghost?.pods.slice(0, 1) ?? mine;
}

/** How many lines a Service's pods fill. @param {ReturnType<typeof servicesOf>[number]} one @param {Columns} at @param {import("./seats.js").Seating} seating */
function linesOf(one, at, seating) {
  const most = rowOf(one).reduce((slot, pod) => Math.max(slot, seating.seats.get(`${one.service.id}/${pod.id}`)?.slot ?? 0), 0);
  return Math.ceil((most + 1) / Math.max(1, Math.floor(at.podsWide / at.pitch)));
}

/** @param {ReturnType<typeof servicesOf>} found @param {Columns} at @param {import("./seats.js").Seating} seating */
function tall(found, at, seating) {
  return found.reduce((sum, one) => sum + Math.max(at.least, linesOf(one, at, seating) * at.line + at.foot) + at.gap, -at.gap);
}

/** Every Service with those it wants or has; where it has nobody, who comes nearest. @param {import("./state.js").State} state */
function servicesOf(state) {
  const pods = rowsOf(state, "Pod").filter((pod) => pod.state !== "Completed");
  const services = rowsOf(state, "Service").filter((one) => !SYSTEM.includes(one.ns ?? "") && !(one.ns === "default" && one.name === "kubernetes"));
  return services.map((service) => {
    const ends = [...(service.yes ?? []), ...(service.no ?? [])].flatMap((id) => state.rows.get(id) ?? []);
    const mine = [...new Map([...wanted(service, pods), ...ends].map((pod) => [pod.id, pod])).values()];
    return { service, mine, ghost: mine.length || !service.selector ? null : nearest(service, pods) };
  });
}

/** @param {ReturnType<typeof servicesOf>} found @param {import("./people.js").Cast} all @param {Columns} at @param {import("./nodesview.js").Stage} stage
 * @param {import("./seats.js").Seating} seating @returns {{ lines: Line[], bottom: number }} */
function stand(found, all, at, stage, seating) {
  let y = at.top;
  const shown = new Set();
  const perLine = Math.max(1, Math.floor(at.podsWide / at.pitch));
  const lines = found.map((one) => {
    const { service, ghost } = one;
    const here = rowOf(one);
    const slots = here.map((pod) => seating.seats.get(`${service.id}/${pod.id}`)?.slot ?? 0);
    const rows = linesOf(one, at, seating);
    const high = Math.max(at.least, rows * at.line + at.foot) + (stage.phone ? 74 : 0);
    const top = y + (stage.phone ? 84 : (high - rows * at.line) / 2);
    const pods = here.map((pod, index) => {
      const who = person(all, pod);
      const id = shown.has(pod.id) ? `${service.id}/${pod.id}` : pod.id;
      shown.add(pod.id);
      const [x, down] = [at.pods + (slots[index] % perLine) * at.pitch + at.pitch / 2, top + Math.floor(slots[index] / perLine) * at.line + at.pitch * 0.895 + 4];
      return { ...who, id, room: service.id, ...small(at, here.length), dim: Boolean(ghost) || who.dim, slot: slots[index], x, y: down };
    });
    const line = { service, pods, ghost, y, height: high, box: serviceBox(service, pods, ghost, at, y, stage.phone ? 64 : high) };
    y += high + at.gap;
    return line;
  });
  return { lines, bottom: y };
}

/** @param {Columns} at @param {number} count who is alone has room for a long name */
function small({ pitch }, count) {
  return { pitch, wide: count > 1 ? pitch : Math.max(pitch, 120), label: pitch >= 50 ? /** @type {const} */ ("hash") : /** @type {const} */ ("none"), badge: null };
}

/** Pods that send and stand behind no Service. @param {import("./state.js").State} state @param {Line[]} lines */
function callingPods(state, lines) {
  const known = new Set(lines.filter((line) => !line.ghost).flatMap((line) => line.pods.map((who) => who.row.id)));
  const ids = [...new Set(rowsOf(state, "Flow").map((flow) => flow.from ?? ""))].filter((id) => !known.has(id));
  return ids.flatMap((id) => state.rows.get(id) ?? []).filter((row) => row.kind === "Pod").slice(0, SENDERS);
}

/** They stand below the visitors. @param {import("./people.js").Cast} all @param {Row[]} pods @param {Line[]} lines @param {OwnerBox} visitors
 * @param {Columns} at @param {import("./nodesview.js").Stage} stage @returns {Person[]} */
function sendersOf(all, pods, lines, visitors, at, stage) {
  const shown = new Set(lines.flatMap((line) => line.pods.map((who) => who.id)));
  const step = Math.min(96, (stage.height - visitors.box.y - 56 - 16) / Math.max(1, pods.length));
  const pitch = step > 90 ? 62 : 50;
  return pods.map((pod, index) => ({
    ...person(all, pod), id: shown.has(pod.id) ? `sender/${pod.id}` : pod.id, room: "senders", pitch, wide: at.clientWide, label: /** @type {const} */ ("hash"), badge: null, slot: index,
    x: at.client + at.clientWide / 2, y: visitors.box.y + 56 + 14 + pitch + index * step,
  }));
}

/** So much room the names that nobody knows need. @param {import("./state.js").State} state */
function namesHigh(state) {
  const asked = new Map(rowsOf(state, "Flow").flatMap((flow) => (flow.tried ? [[flow.tried[0][0], flow.tried.length - 1]] : [])));
  return [...asked.values()].reduce((sum, count) => sum + Math.max(92, count * 24 + 30) + 8, 0);
}

/** Names that could not be turned into an address: each a box, and beside it the names that were tried.
 * @param {import("./state.js").State} state @param {Columns} at @param {number} y @returns {{ names: OwnerBox[], tried: Tried[], end: number }} */
function askedNames(state, at, y) {
  const asked = new Map(rowsOf(state, "Flow").flatMap((flow) => (flow.tried ? [[flow.tried[0][0], flow.tried]] : [])));
  const [names, tried] = [/** @type {OwnerBox[]} */ ([]), /** @type {Tried[]} */ ([])];
  let end = y;
  for (const [name, [[, reason], ...list]] of asked) {
    const high = Math.max(92, list.length * 24 + 30);
    const phone = at.pods < at.service + at.serviceWide;
    const box = { x: at.service, y: phone ? end : end + high / 2 - 28, width: at.serviceWide, height: 56 };
    names.push({ id: "", kind: "Name", ns: "", name, title: name, sub: `no such name: ${reason}`, short: reason, box, loose: true, dim: false });
    tried.push({ x: phone ? at.service + 14 : at.service + at.serviceWide + 34, y: phone ? end + 74 : end + high / 2 - (list.length * 24) / 2 + 8, width: phone ? at.serviceWide - 20 : at.pods + at.podsWide - at.service - at.serviceWide - 40, names: list });
    end += phone ? 74 + list.length * 24 + 14 : high + 8;
  }
  return { names, tried, end };
}

/** @param {import("./nodesview.js").Stage} stage */
function columns(stage) {
  const { width } = stage;
  if (stage.phone) return { top: 74, client: 12, clientWide: width - 24, front: 30, frontWide: width - 42, service: 46, serviceWide: width - 58, pods: 78, podsWide: width - 88 };
  const clientWide = 120;
  const frontWide = Math.min(200, width * 0.16);
  const serviceWide = Math.min(220, width * 0.19);
  const front = 24 + clientWide + 56;
  const service = front + frontWide + 64;
  const pods = service + serviceWide + 170;
  return { top: 18, client: 24, clientWide, front, frontWide, service, serviceWide, pods, podsWide: width - pods - 20 };
}

/** @typedef {ReturnType<typeof columns> & { hasFronts: boolean, most: number }} Rough most: of all pods, those that come twice counted twice */
/** @typedef {Rough & typeof PHONE} Columns */

/** Many stand closer, without names, so that all Services are seen together. @param {Rough} at @param {typeof PHONE} step @returns {Columns} */
function spaced(at, step) {
  const pitch = at.most > 150 ? 15 : at.most > 60 ? 29 : 62;
  return pitch < step.pitch ? { ...at, ...step, pitch, line: pitch + (pitch > 25 ? 12 : 3) } : { ...at, ...step };
}

/** @param {Row} service @param {Person[]} pods @param {Line["ghost"]} ghost @param {Columns} at @param {number} y @param {number} high @returns {OwnerBox} */
function serviceBox(service, pods, ghost, at, y, high) {
  const ready = service.yes?.length ?? 0;
  const matched = ghost ? 0 : pods.length;
  const selector = Object.entries(service.selector ?? {}).map((pair) => pair.join("=")).join(",");
  const sub = matched || ready ? `${ready} of ${Math.max(matched, ready)} ready` : service.type === "ExternalName" ? "a name elsewhere" : "0 endpoints";
  return {
    id: service.id, kind: "Service", ns: service.ns ?? "", name: service.name, title: service.name, sub: `${sub}${selector ? ` · ${selector}` : ""}`, short: sub,
    box: { x: at.service, y: y + high / 2 - at.box / 2 - Math.max(0, Math.min(at.hang, at.box + 44 - high)) / 2, width: at.serviceWide, height: at.box }, loose: !ready, dim: false,
  };
}

/** @param {import("./state.js").State} state @param {Line[]} lines @param {Columns} at @param {import("./nodesview.js").Stage} stage @returns {Front[]} */
function ingresses(state, lines, at, stage) {
  let floor = at.top;
  return rowsOf(state, "Ingress").map((row) => {
    const mine = lines.filter((line) => leads(row, line.service));
    const middle = mine.length ? mine.reduce((sum, line) => sum + line.y + line.height / 2, 0) / mine.length : floor + 30;
    const y = stage.phone ? floor : Math.max(floor, middle - at.box / 2);
    floor = y + at.box + (stage.phone ? 8 : 10);
    const nobody = !row.given?.length;
    const rule = row.rules?.[0];
    const sub = nobody ? `nobody carries it out${row.type ? `: ${row.type}` : ""}` : rule ? `${rule[0]}${rule[1]}${(row.rules?.length ?? 0) > 1 ? ` +${(row.rules?.length ?? 0) - 1}` : ""}` : "no rule";
    return { row, box: { id: row.id, kind: "Ingress", ns: row.ns ?? "", name: row.name, title: row.name, sub, short: nobody ? "no address" : "", box: { x: at.front, y, width: at.frontWide, height: at.box }, loose: nobody, dim: false, sign: nobody ? "signpost" : undefined } };
  });
}

/** Always in sight, at the height of what they reach. @param {Line[]} lines @param {Front[]} fronts @param {OwnerBox[]} names @param {Columns} at
 * @param {import("./nodesview.js").Stage} stage @param {import("./state.js").State} state @param {number} below so many stand below them @returns {OwnerBox | null} */
function visitorsBox(lines, fronts, names, at, stage, state, below) {
  if (!lines.length && !names.length) return null;
  const aims = [...fronts.map((one) => one.box.box.y + 28), ...lines.filter((line) => reachable(line.service)).map((line) => line.y + line.height / 2)];
  const middle = aims.length ? aims.reduce((sum, one) => sum + one, 0) / aims.length : stage.height / 2;
  const inside = rowsOf(state, "Flow").some((flow) => state.rows.get(flow.from ?? "")?.kind === "Node");
  const sub = inside ? "and machines" : aims.length ? "from outside" : "find no way in";
  const y = stage.phone ? 8 : Math.max(18, Math.min(middle - 28, stage.height * 0.4, stage.height - 72 - below * 96));
  return { id: "", kind: "Visitors", ns: "", name: "", title: "Visitors", sub, short: "", box: { x: at.client, y, width: at.clientWide, height: stage.phone ? 52 : 56 }, loose: false, dim: false };
}

/** Whether somebody truly listens there. @param {Line} line @param {number | string} target */
function heard(line, target) {
  return line.pods.some((who) => listensAt(who.row, target));
}

/** @param {Line} line */
function isHeard(line) {
  const ports = line.service.sockets ?? [];
  return !ports.length || ports.some(([, target]) => heard(line, target));
}

/** node port > port > target port > what truly listens. @param {Line} line @param {Columns} at @param {import("./nodesview.js").Stage} stage @returns {Socket[]} */
function sockets(line, at, stage) {
  const { box } = line.box;
  const list = /** @type {Socket[]} */ ([]);
  const all = line.service.sockets ?? [];
  const shown = all.slice(0, at.aside || stage.phone ? 1 : 2);
  shown.forEach(([port, target, nodePort], index) => {
    const words = `${nodePort && !at.aside ? `${nodePort} ▸ ` : ""}${port} ▸ ${target}`;
    const good = heard(line, target);
    const told = good || at.aside || !line.pods.length || line.ghost ? "" : "  nobody listens";
    const more = index === shown.length - 1 && all.length > shown.length ? `  +${all.length - shown.length}` : "";
    const place = at.aside ? { x: box.x + box.width + 6, y: box.y + box.height / 2 } : { x: box.x + box.width / 2, y: box.y + box.height + 11 + index * 20 };
    list.push({ ...place, words: words + told + more, kind: good ? "open" : line.pods.length && !line.ghost ? "closed" : "port", side: at.aside ? "aside" : "left" });
  });
  if (stage.phone || line.ghost || !line.pods.length) return list;
  const listens = [...new Set(line.pods.flatMap((who) => who.row.listens ?? []))].sort((a, b) => a - b).slice(0, 3);
  const declared = [...new Set(line.pods.flatMap((who) => (who.row.ports ?? []).map(([port]) => Number(port))))].filter((port) => !listens.includes(port)).slice(0, 2);
  const x = at.pods - 34;
  const y = (at.pitch < 25 ? box.y + box.height / 2 : line.pods[0].y + 8) - (listens.length + declared.length - 1) * 24;
  const seen = [...listens.map((port) => ({ port, kind: /** @type {const} */ ("open") })), ...declared.map((port) => ({ port, kind: /** @type {const} */ ("declared") }))];
  // a row that is low has room for as many as stand above one another in it
  const room = Math.max(1, Math.floor(line.height / 24));
  seen.slice(-room).forEach(({ port, kind }, index) => list.push({ x, y: y + (index + Math.max(0, seen.length - room)) * 24, words: String(port), kind, side: "right" }));
  return list;
}

/** @param {Line} line @param {Columns} at @returns {Note[]} */
function notes(line, at) {
  if (!line.ghost) return [];
  const [who] = line.pods;
  return [{ x: who.x + at.pitch * 0.6, y: who.y - (at.pitch < 62 ? 18 : 26), pieces: line.ghost.letters, who: who.row.name, width: at.podsWide - at.pitch }];
}
