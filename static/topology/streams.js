/** The ropes between those of the Traffic view, and the requests that run along them. Pure. */

import { leads, reachable } from "./ports.js";
import { arc, cable, elbow, swing } from "./ropes.js";
import { rowsOf } from "./state.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./people.js").Person} Person
 * @typedef {import("./ownershipview.js").OwnerBox} OwnerBox
 * @typedef {import("./ownershipview.js").Wire} Wire
 * @typedef {import("./rooms.js").Box} Box
 * @typedef {import("./trafficview.js").Line} Line
 * @typedef {import("./trafficview.js").House} House
 * @typedef {import("./trafficview.js").Columns} Columns
 * @typedef {import("./nodesview.js").Stage} Stage
 * @typedef {{ legs: number[][][], rate: number, ok: boolean, reason: string, id: string }} Stream legs: rope after rope; between them it is inside of a box
 * @typedef {{ box?: OwnerBox, who?: Person, line?: Line }} End where a request is: at a box, or with somebody (behind a Service)
 */

/** From outside to what can be reached; an Ingress that nobody carries out has no road behind it. @param {House} house @param {Columns} at @param {Stage} stage @returns {Wire[]} */
export function outside(house, at, stage) {
  const { visitors, fronts, lines } = house;
  if (!visitors) return [];
  const door = { box: visitors };
  const wires = fronts.map((one) => rope(hop(door, { box: one.box }, at, stage), one.box.loose ? "wait" : "serve"));
  for (const line of lines) {
    if (reachable(line.service)) wires.push(rope(hop(door, { box: line.box }, at, stage), "serve"));
    for (const front of fronts) if (leads(front.row, line.service) && !front.box.loose) wires.push(rope(hop({ box: front.box }, { box: line.box }, at, stage), "serve"));
  }
  return wires;
}

/** Ropes that are there only while somebody calls: from senders, and from Service to Service. @param {import("./state.js").State} state
 * @param {House} house @param {Columns} at @param {Stage} stage @returns {Wire[]} */
export function callers(state, house, at, stage) {
  /** @type {Map<string, Wire>} */
  const wires = new Map();
  const fixed = new Set(outside(house, at, stage).map((one) => String(one.points)));
  for (const flow of rowsOf(state, "Flow")) {
    for (const [from, to] of pairs(endsOf(flow, state, house))) {
      if (!to.box) continue;
      const points = hop(from, to, at, stage);
      if (!fixed.has(String(points))) wires.set(String(points), rope(points, "serve"));
    }
  }
  return [...wires.values()];
}

/** From the Service to each of its pods; where nobody listens, the plug ends before the wall.
 * @param {Line} line @param {Columns} at @param {Stage} stage @param {boolean} open somebody listens @returns {Wire[]} */
export function cables(line, at, stage, open) {
  const { x, y } = socketOf(line, stage);
  const out = stage.phone ? [x + 20, y + 46] : [x + 96, y + 18];
  if (!line.pods.length) return [{ kind: "loose", points: [[x, y], out], dim: false }];
  if (line.ghost) return line.pods.map((who) => ({ kind: /** @type {const} */ ("ghost"), points: stage.phone ? elbow([x, y], [who.x - 22, who.y - 24]) : [[x, y], [who.x - at.pitch * 0.5, who.y - 24]], dim: false }));
  if (!open) return [{ kind: "loose", points: [[x, y], stage.phone ? out : [at.pods - 92, y]], dim: false }];
  if (at.pitch < 25) return [{ kind: line.service.yes?.length ? "serve" : "wait", points: [[x, y], [at.pods - 4, y]], dim: false }];
  const wires = /** @type {Wire[]} */ ([]);
  for (const level of new Set(line.pods.map((who) => who.y))) {
    const row = line.pods.filter((who) => who.y === level);
    const ready = (/** @type {Person} */ who) => Boolean(line.service.yes?.includes(who.row.id));
    const last = row.reduce((most, who) => (who.x > most.x ? who : most));
    wires.push(rope(toPod(line, last, at, stage), row.some(ready) ? "serve" : "wait"));
    for (const who of row) wires.push({ kind: ready(who) ? "serve" : "wait", points: [[who.x, level + 8]], dim: who.dim });
  }
  return wires;
}

/** Requests on their way, as the machine room counts them: each along the ropes from its sender to where it ends.
 * @param {import("./state.js").State} state @param {House} house @param {Columns} at @param {Stage} stage @returns {Stream[]} */
export function streams(state, house, at, stage) {
  return rowsOf(state, "Flow").flatMap((flow) => {
    const legs = pairs(endsOf(flow, state, house)).map(([from, to]) => hop(from, to, at, stage)).filter((leg) => leg.length > 1);
    return legs.length && (flow.rate ?? 0) > 0 ? [{ legs, rate: flow.rate ?? 1, ok: !flow.failing, reason: flow.reason ?? "", id: flow.id }] : [];
  });
}

/** Whom a request passes, in order. @param {Row} flow @param {import("./state.js").State} state @param {House} house @returns {End[]} */
function endsOf(flow, state, { visitors, fronts, lines, senders, names }) {
  const door = visitors ? { box: visitors } : null;
  /** @type {(End | null)[]} */
  const ends = [begin(flow.from ?? "", lines, senders) ?? door];
  const asked = flow.tried && names.find((one) => one.name === flow.tried?.[0][0]);
  if (asked) return /** @type {End[]} */ ([...ends, { box: asked }].filter(Boolean));
  for (const id of [...(flow.via ?? "").split(","), flow.to ?? ""].filter(Boolean)) {
    const line = lines.find((one) => one.service.id === id);
    const front = fronts.find((one) => one.row.id === id);
    if (line) ends.push({ box: line.box, line });
    else if (front) ends.push({ box: front.box });
    else if (state.rows.get(id)?.kind === "Pod") ends.push(found(id, ends.at(-1)?.line ? [/** @type {Line} */ (ends.at(-1)?.line)] : lines));
  }
  return /** @type {End[]} */ (ends.filter(Boolean));
}

/** @param {string} id @param {Line[]} lines @param {Person[]} senders @returns {End | null} */
function begin(id, lines, senders) {
  const sender = senders.find((who) => who.row.id === id);
  return sender ? { who: sender } : found(id, lines.filter((line) => !line.ghost));
}

/** @param {string} id @param {Line[]} lines @returns {End | null} */
function found(id, lines) {
  for (const line of lines) {
    const who = line.pods.find((one) => one.row.id === id);
    if (who) return { who, line };
  }
  return null;
}

/** @param {End[]} ends @returns {[End, End][]} */
function pairs(ends) {
  return ends.slice(1).map((end, index) => [ends[index], end]);
}

/** The rope between two that follow one another. @param {End} from @param {End} to @param {Columns} at @param {Stage} stage @returns {number[][]} */
function hop(from, to, at, stage) {
  if (to.who && to.line && from.box) return toPod(to.line, to.who, at, stage);
  if (!to.box) return to.who ? swing(rightOf(from), [to.who.x, to.who.y - 20]) : [];
  const { x, y, width, height } = to.box.box;
  if (from.line && from.who) {
    const level = Math.round(Math.abs(from.line.y - y) / 90);
    return stage.phone ? arc({ ...from.line.box.box, x: 36 }, { x, y, width, height }, 0) : arc(from.line.box.box, to.box.box, level);
  }
  if (stage.phone && from.box) return elbow([from.box.kind === "Ingress" ? 38 : 20, from.box.box.y + from.box.box.height], [x, y + height / 2]);
  const aim = [x, y + height / 2];
  const passes = from.box?.kind === "Visitors" && x > at.front && at.hasFronts;
  return passes ? [...swing(rightOf(from), [at.front - 4, aim[1]]), aim] : swing(rightOf(from), aim);
}

/** @param {End} end */
function rightOf({ box, who }) {
  if (box) return [box.box.x + box.box.width, box.box.y + box.box.height / 2];
  return who ? [who.x + who.pitch * 0.35, who.y - who.pitch * 0.4] : [0, 0];
}

/** Where a Service's own cord begins. @param {Line} line @param {Stage} stage */
function socketOf({ box: { box } }, stage) {
  return stage.phone ? { x: 60, y: box.y + box.height } : { x: box.x + box.width, y: box.y + box.height / 2 };
}

/** @param {Line} line @param {Person} who @param {Columns} at @param {Stage} stage */
function toPod(line, who, at, stage) {
  const { x, y } = socketOf(line, stage);
  if (stage.phone) return elbow([x, y], [who.x, who.y + 8]);
  return cable([x, y], at.pods - 84, at.pitch < 25 ? y : who.y + 8, who.x);
}

/** @param {number[][]} points @param {Wire["kind"]} kind @returns {Wire} */
function rope(points, kind) {
  return { kind, points, dim: false, rope: true };
}
