/** The Traffic view: visitors, Ingress, Service, pods, from left to right, with ports as sockets between. Pure. */

import { GROUPED, groupsScene } from "./groupsview.js";
import { cast, person } from "./people.js";
import { EMPTY, seat } from "./seats.js";
import { nearest, wanted } from "./selectors.js";
import { rowsOf } from "./state.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./people.js").Person} Person
 * @typedef {import("./ownershipview.js").OwnerBox} OwnerBox
 * @typedef {import("./ownershipview.js").Wire} Wire
 * @typedef {{ x: number, y: number, words: string, kind: "port" | "open" | "closed" | "declared", side: "left" | "right" }} Socket
 * @typedef {{ x: number, y: number, pieces: import("./selectors.js").Letters[], width: number }} Note
 * @typedef {{ points: number[][], rate: number, ok: boolean, reason: string, id: string }} Stream
 * @typedef {{ service: Row, pods: Person[], ghost: ReturnType<typeof nearest>, y: number, height: number, box: OwnerBox }} Line
 */

const SYSTEM = ["kube-system", "kube-public", "kube-node-lease"];

/** @param {import("./state.js").State} state @param {import("./nodesview.js").Stage} stage @param {import("./seats.js").Seating} [before] */
export function trafficScene(state, stage, before = EMPTY) {
  const all = cast(state, stage.following);
  if (all.pods.length > GROUPED) return { scene: groupsScene(state, stage, "traffic"), seating: before };
  const pods = rowsOf(state, "Pod").filter((pod) => pod.state !== "Completed");
  const services = rowsOf(state, "Service").filter((one) => !SYSTEM.includes(one.ns ?? "") && !(one.ns === "default" && one.name === "kubernetes"));
  /** @type {{ id: string, room: string }[]} */
  const places = [];
  const found = services.map((service) => {
    const mine = [...new Map([...wanted(service, pods), ...[...(service.yes ?? []), ...(service.no ?? [])].flatMap((id) => state.rows.get(id) ?? [])].map((pod) => [pod.id, pod])).values()];
    const ghost = mine.length || !service.selector ? null : nearest(service, pods);
    for (const pod of ghost?.pods.slice(0, 1) ?? mine) places.push({ id: `${service.id}/${pod.id}`, room: service.id });
    return { service, mine, ghost };
  });
  const at = crowded(columns(stage), places.length);
  const seating = seat(before, places, stage.wall);
  let y = at.top;
  /** @type {Line[]} */
  const lines = [];
  const shown = new Set();
  for (const { service, mine, ghost } of found) {
    const cast = ghost?.pods.slice(0, 1) ?? mine;
    const perLine = Math.max(1, Math.floor(at.podsWide / at.pitch));
    const slots = cast.map((pod) => seating.seats.get(`${service.id}/${pod.id}`)?.slot ?? 0);
    const rows = Math.max(1, Math.ceil((Math.max(0, ...slots) + 1) / perLine));
    const high = Math.max(stage.phone ? 74 : 92, rows * at.line + 22) + (stage.phone ? 64 : 0);
    const podsTop = y + (stage.phone ? 74 : (high - rows * at.line) / 2);
    const people = cast.map((pod, index) => {
      const again = shown.has(pod.id);
      shown.add(pod.id);
      return {
        ...person(all, pod), id: again ? `${service.id}/${pod.id}` : pod.id, room: service.id, pitch: at.pitch, wide: at.pitch, label: at.pitch >= 50 ? /** @type {const} */ ("hash") : /** @type {const} */ ("none"), badge: null, dim: Boolean(ghost) || (stage.following ? !stage.following.has(pod.id) : false),
        slot: slots[index], name: person(all, pod).name, x: at.pods + (slots[index] % perLine) * at.pitch + at.pitch / 2, y: podsTop + Math.floor(slots[index] / perLine) * at.line + at.pitch * 0.895 + 4,
      };
    });
    lines.push({ service, pods: people, ghost, y, height: high, box: serviceBox(service, people, ghost, at, y, stage.phone ? 64 : high) });
    y += high + 8;
  }
  const fronts = ingresses(state, lines, at, stage);
  const visitors = visitorsBox(lines, fronts, at, stage, y);
  const boxes = [...(visitors ? [visitors] : []), ...fronts.map((one) => one.box), ...lines.map((line) => line.box)];
  const people = lines.flatMap((line) => line.pods);
  const wires = [...outside(visitors, fronts, lines, stage), ...lines.flatMap((line) => cables(line, at, stage))];
  return {
    scene: /** @type {import("./nodesview.js").Scene} */ ({
      view: "traffic", level: "drawing", width: stage.width, height: Math.max(stage.height, y + 16), rooms: [], people, everybody: people, bubbles: [], zones: [], boxes, wires,
      sockets: lines.flatMap((line) => sockets(line, at, stage)), notes: lines.flatMap((line) => notes(line, at)), streams: streams(state, boxes, people, visitors),
    }), seating,
  };
}

/** @param {import("./nodesview.js").Stage} stage */
function columns(stage) {
  const { width } = stage;
  if (stage.phone) return { top: 70, client: 12, clientWide: width - 24, front: 12, frontWide: width - 24, service: 28, serviceWide: width - 56, pods: 60, podsWide: width - 72, pitch: 52, line: 86 };
  const clientWide = 120;
  const frontWide = Math.min(200, width * 0.16);
  const serviceWide = Math.min(220, width * 0.19);
  const front = 24 + clientWide + 56;
  const service = front + frontWide + 64;
  const pods = service + serviceWide + 170;
  return { top: 18, client: 24, clientWide, front, frontWide, service, serviceWide, pods, podsWide: width - pods - 20, pitch: 62, line: 92 };
}

/** @typedef {ReturnType<typeof columns>} Columns */

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

/** @typedef {{ row: Row, box: OwnerBox }} Front */

/** @param {import("./state.js").State} state @param {Line[]} lines @param {Columns} at @param {import("./nodesview.js").Stage} stage @returns {Front[]} */
function ingresses(state, lines, at, stage) {
  let floor = at.top;
  if (stage.phone) return [];
  return rowsOf(state, "Ingress").map((row) => {
    const mine = lines.filter((line) => leads(row, line.service));
    const middle = mine.length ? mine.reduce((sum, line) => sum + line.y + line.height / 2, 0) / mine.length : floor + 30;
    const y = Math.max(floor, middle - 28);
    floor = y + 66;
    const nobody = !row.given?.length;
    const rule = row.rules?.[0];
    const sub = nobody ? "no address: nobody carries it out" : rule ? `${rule[0]}${rule[1]}${(row.rules?.length ?? 0) > 1 ? ` +${(row.rules?.length ?? 0) - 1}` : ""}` : "no rule";
    return { row, box: { id: row.id, kind: "Ingress", ns: row.ns ?? "", name: row.name, title: row.name, sub, short: nobody ? "no address" : "", box: { x: at.front, y, width: at.frontWide, height: 56 }, loose: nobody, dim: false } };
  });
}

/** @param {Row} ingress @param {Row} service */
function leads(ingress, service) {
  return ingress.ns === service.ns && Boolean(ingress.rules?.some((rule) => rule[2] === service.name));
}

/** @param {Row} service */
function reachable(service) {
  return service.type === "NodePort" || service.type === "LoadBalancer";
}

/** @param {Line[]} lines @param {Front[]} fronts @param {Columns} at @param {import("./nodesview.js").Stage} stage @param {number} bottom @returns {OwnerBox | null} */
function visitorsBox(lines, fronts, at, stage, bottom) {
  if (!lines.length) return null;
  const aims = [...fronts.map((one) => one.box.box.y + 28), ...lines.filter((line) => reachable(line.service)).map((line) => line.y + line.height / 2)];
  const middle = aims.length ? aims.reduce((sum, one) => sum + one, 0) / aims.length : Math.min(stage.height, bottom) / 2;
  return { id: "", kind: "Visitors", ns: "", name: "", title: "Visitors", sub: aims.length ? "from outside" : "find no way in", short: "", box: { x: at.client, y: stage.phone ? 8 : middle - 28, width: at.clientWide, height: stage.phone ? 52 : 56 }, loose: false, dim: false };
}

/** @param {OwnerBox | null} visitors @param {Front[]} fronts @param {Line[]} lines @param {import("./nodesview.js").Stage} stage @returns {Wire[]} */
function outside(visitors, fronts, lines, stage) {
  if (!visitors || stage.phone) return [];
  const wires = fronts.map((one) => wire(visitors.box, one.box.box, one.box.loose ? "wait" : "serve"));
  for (const line of lines) {
    if (reachable(line.service)) wires.push(wire(visitors.box, line.box.box, "serve"));
    for (const front of fronts) if (leads(front.row, line.service)) wires.push(wire(front.box.box, line.box.box, front.box.loose ? "wait" : "serve"));
  }
  return wires;
}

/** @param {import("./rooms.js").Box} from @param {import("./rooms.js").Box} to @param {Wire["kind"]} kind @returns {Wire} */
function wire(from, to, kind) {
  return { kind, points: [[from.x + from.width, from.y + from.height / 2], [to.x, to.y + to.height / 2]], dim: false };
}

/** The port that is meant on a pod: a name is looked up among those it declares. @param {number | string} target @param {Row} pod */
function meant(target, pod) {
  if (typeof target === "number") return target;
  const named = pod.ports?.find(([, name]) => name === target);
  return named ? Number(named[0]) : null;
}

/** Whether somebody truly listens there. @param {Line} line @param {number | string} target */
function heard(line, target) {
  return line.pods.some((who) => who.row.listens?.includes(/** @type {number} */ (meant(target, who.row))));
}

/** From the Service to each of its pods; where nobody listens, the plug ends before the wall.
 * @param {Line} line @param {Columns} at @param {import("./nodesview.js").Stage} stage @returns {Wire[]} */
function cables(line, at, stage) {
  if (stage.phone) return [];
  const { box } = line.box;
  const from = [box.x + box.width, box.y + box.height / 2];
  if (line.ghost) return line.pods.map((who) => ({ kind: /** @type {const} */ ("ghost"), points: [from, [who.x - at.pitch * 0.5, who.y - 24]], dim: false }));
  const ports = line.service.sockets ?? [];
  const open = !ports.length || ports.some(([, target]) => heard(line, target));
  if (!line.pods.length) return [{ kind: "loose", points: [from, [from[0] + 96, from[1] + 18]], dim: false }];
  if (!open) return [{ kind: "loose", points: [from, [at.pods - 92, from[1]]], dim: false }];
  const wires = /** @type {Wire[]} */ ([]);
  if (at.pitch < 25) return [{ kind: line.service.yes?.length ? "serve" : "wait", points: [from, [at.pods - 4, from[1]]], dim: false }];
  for (const y of new Set(line.pods.map((who) => who.y))) {
    const row = line.pods.filter((who) => who.y === y);
    const ready = (/** @type {Person} */ who) => Boolean(line.service.yes?.includes(who.row.id));
    const under = y + 8;
    wires.push({ kind: row.some(ready) ? "serve" : "wait", points: [[Math.max(...row.map((who) => who.x)), under], [at.pods - 84, under], from], dim: false });
    for (const who of row) wires.push({ kind: ready(who) ? "serve" : "wait", points: [[who.x, under]], dim: who.dim });
  }
  return wires;
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

/** Requests on their way, as the machine room counts them. @param {import("./state.js").State} state @param {OwnerBox[]} boxes @param {Person[]} people
 * @param {OwnerBox | null} visitors @returns {Stream[]} */
function streams(state, boxes, people, visitors) {
  const point = (/** @type {string | undefined} */ id) => {
    const box = boxes.find((one) => one.id && one.id === id)?.box;
    if (box) return [box.x + box.width / 2, box.y + box.height / 2];
    const who = people.find((one) => one.row.id === id);
    return who ? [who.x, who.y - who.pitch * 0.4] : null;
  };
  const door = visitors ? [visitors.box.x + visitors.box.width / 2, visitors.box.y + visitors.box.height / 2] : null;
  return rowsOf(state, "Flow").flatMap((flow) => {
    const points = [point(flow.from) ?? door, ...(flow.via ?? "").split(",").map((id) => point(id)), point(flow.to)].filter((one) => one !== null);
    const good = !flow.failing;
    return points.length > 1 && (flow.rate ?? 0) > 0 ? [{ points, rate: flow.rate ?? 1, ok: good, reason: flow.reason ?? "", id: flow.id }] : [];
  });
}
