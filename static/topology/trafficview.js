/** The Traffic view: visitors, Ingress, Service, pods, from left to right, with ports as sockets between. Pure. */

import { GROUPED, groupsScene } from "./groupsview.js";
import { leads, listensAt, reachable } from "./ports.js";
import { cast, person } from "./people.js";
import { EMPTY, seat } from "./seats.js";
import { nearest, wanted } from "./selectors.js";
import { rowsOf } from "./state.js";
import { cables, callers, outside, streams } from "./streams.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./people.js").Person} Person
 * @typedef {import("./ownershipview.js").OwnerBox} OwnerBox
 * @typedef {{ x: number, y: number, words: string, kind: "port" | "open" | "closed" | "declared", side: "left" | "right" }} Socket
 * @typedef {{ x: number, y: number, pieces: import("./selectors.js").Letters[], width: number }} Note
 * @typedef {{ x: number, y: number, width: number, names: string[][] }} Tried names that a resolver asked for, each with its answer
 * @typedef {{ service: Row, pods: Person[], ghost: ReturnType<typeof nearest>, y: number, height: number, box: OwnerBox }} Line
 * @typedef {{ row: Row, box: OwnerBox }} Front
 * @typedef {{ visitors: OwnerBox | null, fronts: Front[], lines: Line[], senders: Person[], names: OwnerBox[] }} House everybody of this view in a place
 */

const SYSTEM = ["kube-system", "kube-public", "kube-node-lease"];
const SENDERS = 4;

/** @param {import("./state.js").State} state @param {import("./nodesview.js").Stage} stage @param {import("./seats.js").Seating} [before] */
export function trafficScene(state, stage, before = EMPTY) {
  const all = cast(state, stage.following);
  if (all.pods.length > GROUPED) return groupsScene(state, stage, "traffic", before);
  const found = servicesOf(state);
  const places = found.flatMap(({ service, mine, ghost }) => (ghost?.pods.slice(0, 1) ?? mine).map((pod) => ({ id: `${service.id}/${pod.id}`, room: service.id })));
  const plain = crowded({ ...columns(stage), hasFronts: rowsOf(state, "Ingress").length > 0 }, places.length);
  const at = stage.phone ? { ...plain, top: plain.top + rowsOf(state, "Ingress").length * 64 } : plain;
  const seating = seat(before, places, stage.wall);
  const { lines, bottom } = stand(found, all, at, stage, seating);
  const fronts = ingresses(state, lines, plain, stage);
  const { names, tried, end } = askedNames(state, at, bottom);
  const visitors = visitorsBox(lines, fronts, names, at, stage, state);
  const senders = visitors ? sendersOf(all, lines, visitors, at, stage) : [];
  const house = { visitors, fronts, lines, senders, names };
  const people = [...lines.flatMap((line) => line.pods), ...senders];
  const boxes = [...(visitors ? [visitors] : []), ...fronts.map((one) => one.box), ...lines.map((line) => line.box), ...names];
  return {
    scene: /** @type {import("./nodesview.js").Scene} */ ({
      view: "traffic", level: "drawing", width: stage.width, height: Math.max(stage.height, end + 16), rooms: [], people, bubbles: [], zones: [], boxes,
      wires: [...outside(house, at, stage), ...callers(state, house, at, stage), ...lines.flatMap((line) => cables(line, at, stage, isHeard(line)))],
      sockets: lines.flatMap((line) => sockets(line, at, stage)), notes: lines.flatMap((line) => notes(line, at)), tried, streams: streams(state, house, at, stage),
    }), seating,
  };
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
  const lines = found.map(({ service, mine, ghost }) => {
    const here = ghost?.pods.slice(0, 1) ?? mine;
    const slots = here.map((pod) => seating.seats.get(`${service.id}/${pod.id}`)?.slot ?? 0);
    const rows = Math.max(1, Math.ceil((Math.max(0, ...slots) + 1) / perLine));
    const high = Math.max(stage.phone ? 74 : 92, rows * at.line + 22) + (stage.phone ? 64 : 0);
    const top = y + (stage.phone ? 74 : (high - rows * at.line) / 2);
    const pods = here.map((pod, index) => {
      const who = person(all, pod);
      const id = shown.has(pod.id) ? `${service.id}/${pod.id}` : pod.id;
      shown.add(pod.id);
      const [x, down] = [at.pods + (slots[index] % perLine) * at.pitch + at.pitch / 2, top + Math.floor(slots[index] / perLine) * at.line + at.pitch * 0.895 + 4];
      return { ...who, id, room: service.id, ...small(at), dim: Boolean(ghost) || who.dim, slot: slots[index], x, y: down };
    });
    const line = { service, pods, ghost, y, height: high, box: serviceBox(service, pods, ghost, at, y, stage.phone ? 64 : high) };
    y += high + 8;
    return line;
  });
  return { lines, bottom: y };
}

/** @param {Columns} at */
function small({ pitch }) {
  return { pitch, wide: pitch, label: pitch >= 50 ? /** @type {const} */ ("hash") : /** @type {const} */ ("none"), badge: null };
}

/** Pods that send and stand behind no Service: below the visitors. @param {import("./people.js").Cast} all @param {Line[]} lines @param {OwnerBox} visitors
 * @param {Columns} at @param {import("./nodesview.js").Stage} stage @returns {Person[]} */
function sendersOf(all, lines, visitors, at, stage) {
  if (stage.phone) return [];
  const known = new Set(lines.filter((line) => !line.ghost).flatMap((line) => line.pods.map((who) => who.row.id)));
  const shown = new Set(lines.flatMap((line) => line.pods.map((who) => who.id)));
  const ids = [...new Set(rowsOf(all.state, "Flow").map((flow) => flow.from ?? ""))].filter((id) => !known.has(id));
  const pods = ids.flatMap((id) => all.state.rows.get(id) ?? []).filter((row) => row.kind === "Pod").slice(0, SENDERS);
  return pods.map((pod, index) => ({
    ...person(all, pod), id: shown.has(pod.id) ? `sender/${pod.id}` : pod.id, room: "senders", pitch: 62, wide: at.clientWide, label: /** @type {const} */ ("hash"), badge: null, slot: index,
    x: at.client + at.clientWide / 2, y: visitors.box.y + 56 + 76 + index * 96,
  }));
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
  if (stage.phone) return { top: 74, client: 12, clientWide: width - 24, front: 30, frontWide: width - 42, service: 46, serviceWide: width - 58, pods: 78, podsWide: width - 88, pitch: 52, line: 86 };
  const clientWide = 120;
  const frontWide = Math.min(200, width * 0.16);
  const serviceWide = Math.min(220, width * 0.19);
  const front = 24 + clientWide + 56;
  const service = front + frontWide + 64;
  const pods = service + serviceWide + 170;
  return { top: 18, client: 24, clientWide, front, frontWide, service, serviceWide, pods, podsWide: width - pods - 20, pitch: 62, line: 92 };
}

/** @typedef {ReturnType<typeof columns> & { hasFronts: boolean }} Columns */

/** Many stand closer, without names, so that all Services are seen together. @param {Columns} at @param {number} count @returns {Columns} */
function crowded(at, count) {
  if (count <= 60) return at;
  const pitch = count > 150 ? 15 : 29;
  return { ...at, pitch, line: pitch + (pitch > 25 ? 12 : 3) };
}

/** @param {Row} service @param {Person[]} pods @param {Line["ghost"]} ghost @param {Columns} at @param {number} y @param {number} high @returns {OwnerBox} */
function serviceBox(service, pods, ghost, at, y, high) {
  const ready = service.yes?.length ?? 0;
  const matched = ghost ? 0 : pods.length;
  const selector = Object.entries(service.selector ?? {}).map((pair) => pair.join("=")).join(",");
  const sub = matched || ready ? `${ready} of ${Math.max(matched, ready)} ready` : service.type === "ExternalName" ? "a name elsewhere" : "0 endpoints";
  return {
    id: service.id, kind: "Service", ns: service.ns ?? "", name: service.name, title: service.name, sub: `${sub}${selector ? ` · ${selector}` : ""}`, short: sub,
    box: { x: at.service, y: y + high / 2 - 28, width: at.serviceWide, height: 56 }, loose: !ready, dim: false,
  };
}

/** @param {import("./state.js").State} state @param {Line[]} lines @param {Columns} at @param {import("./nodesview.js").Stage} stage @returns {Front[]} */
function ingresses(state, lines, at, stage) {
  let floor = at.top;
  return rowsOf(state, "Ingress").map((row) => {
    const mine = lines.filter((line) => leads(row, line.service));
    const middle = mine.length ? mine.reduce((sum, line) => sum + line.y + line.height / 2, 0) / mine.length : floor + 30;
    const y = stage.phone ? floor : Math.max(floor, middle - 28);
    floor = y + (stage.phone ? 64 : 66);
    const nobody = !row.given?.length;
    const rule = row.rules?.[0];
    const sub = nobody ? `nobody carries it out${row.type ? `: ${row.type}` : ""}` : rule ? `${rule[0]}${rule[1]}${(row.rules?.length ?? 0) > 1 ? ` +${(row.rules?.length ?? 0) - 1}` : ""}` : "no rule";
    return { row, box: { id: row.id, kind: "Ingress", ns: row.ns ?? "", name: row.name, title: row.name, sub, short: nobody ? "no address" : "", box: { x: at.front, y, width: at.frontWide, height: 56 }, loose: nobody, dim: false, sign: nobody ? "signpost" : undefined } };
  });
}

/** Always in sight, at the height of what they reach. @param {Line[]} lines @param {Front[]} fronts @param {OwnerBox[]} names @param {Columns} at
 * @param {import("./nodesview.js").Stage} stage @param {import("./state.js").State} state @returns {OwnerBox | null} */
function visitorsBox(lines, fronts, names, at, stage, state) {
  if (!lines.length && !names.length) return null;
  const aims = [...fronts.map((one) => one.box.box.y + 28), ...lines.filter((line) => reachable(line.service)).map((line) => line.y + line.height / 2)];
  const middle = aims.length ? aims.reduce((sum, one) => sum + one, 0) / aims.length : stage.height / 2;
  const inside = rowsOf(state, "Flow").some((flow) => state.rows.get(flow.from ?? "")?.kind === "Node");
  const sub = inside ? "and machines" : aims.length ? "from outside" : "find no way in";
  const y = stage.phone ? 8 : Math.max(18, Math.min(middle - 28, stage.height * 0.4));
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
  (line.service.sockets ?? []).slice(0, 2).forEach(([port, target, nodePort], index) => {
    const y = stage.phone ? box.y + box.height + 1 : box.y + box.height + 11 + index * 20;
    const words = `${nodePort ? `${nodePort} ▸ ` : ""}${port} ▸ ${target}`;
    const good = heard(line, target);
    const told = good || !line.pods.length || line.ghost ? "" : "  nobody listens";
    list.push({ x: box.x + box.width / 2, y, words: words + told, kind: good ? "open" : line.pods.length && !line.ghost ? "closed" : "port", side: "left" });
  });
  if (stage.phone || line.ghost || !line.pods.length) return list;
  const listens = [...new Set(line.pods.flatMap((who) => who.row.listens ?? []))].sort((a, b) => a - b).slice(0, 3);
  const declared = [...new Set(line.pods.flatMap((who) => (who.row.ports ?? []).map(([port]) => Number(port))))].filter((port) => !listens.includes(port)).slice(0, 2);
  const x = at.pods - 34;
  const y = (at.pitch < 25 ? box.y + box.height / 2 : line.pods[0].y + 8) - (listens.length + declared.length - 1) * 24;
  listens.forEach((port, index) => list.push({ x, y: y + index * 24, words: String(port), kind: "open", side: "right" }));
  declared.forEach((port, index) => list.push({ x, y: y + (listens.length + index) * 24, words: String(port), kind: "declared", side: "right" }));
  return list;
}

/** @param {Line} line @param {Columns} at @returns {Note[]} */
function notes(line, at) {
  if (!line.ghost) return [];
  const [who] = line.pods;
  return [{ x: who.x + at.pitch * 0.6, y: who.y - 26, pieces: line.ghost.letters, width: at.podsWide - at.pitch }];
}
