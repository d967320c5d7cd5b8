/** Where the rooms of the Nodes view stand: the door, the balconies, and the stages as drawing, map or tiles. Pure. */

import { columnsFor, levelOf, placeRooms } from "./rooms.js";
import { rowHeight } from "./seats.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./rooms.js").Box} Box
 * @typedef {import("./nodesview.js").Stage} Stage
 * @typedef {{ directors: Row[], workers: Row[], order: { name: string, zone: string }[], nodes: readonly Row[] }} House `order`: the same list for as long as nobody comes, goes or moves
 * @typedef {{
 *   level: "drawing" | "map" | "tiles", columns: number, boxes: Box[], small: boolean, width: number, height: number, zones: { name: string, box: Box }[], most: number,
 *   door: Box, balconies: Box[], head: number, foot: number, pad: number, space: { width: number, height: number }, origin: { x: number, y: number }, natural: number, steps: number
 * }} Plan steps: rows of people that a phone's stages have room for; natural: how much larger the stages must be for everything in them to be readable
 */

/** At this size a stage is a drawing with names. */
const NATURAL = { width: 620, height: 440 };
/** Of a phone, in pixels: a name below it can still be read. */
const SEAT = 43;

/** Rooms keep their order: newcomers take the lowest free slot. @param {readonly Row[]} nodes @param {House | null} before @returns {House} */
export function houseOf(nodes, before) {
  if (before?.nodes === nodes) return before;
  const directors = nodes.filter((node) => node.roles?.includes("control-plane"));
  const workers = new Map(nodes.filter((node) => !node.roles?.includes("control-plane")).map((node) => [node.name, node]));
  const slots = (before?.order ?? []).map((one) => one.name).filter((name) => workers.has(name));
  const known = new Set(slots);
  for (const name of workers.keys()) if (!known.has(name)) slots.push(name);
  const order = slots.map((name) => ({ name, zone: workers.get(name)?.zone ?? "" }));
  const same = before && before.order.length === order.length && order.every(({ name, zone }, nth) => before.order[nth].name === name && before.order[nth].zone === zone);
  return { nodes, directors, workers: slots.map((name) => /** @type {Row} */ (workers.get(name))), order: same ? before.order : order };
}

/** @param {Stage} stage @param {House} house @param {number} columns those of the plan before, which are kept if they still do
 * @param {number} [steps] rows of people for which a phone's stages have room @returns {Plan} */
export function floorPlan(stage, house, columns, steps = 1) {
  const plan = stage.phone ? phonePlan(stage, house.order.length, house.directors.length, steps) : widePlan(stage, house, columns);
  return (stage.zoom ?? 1) > 1 ? enlarged(plan, stage.zoom ?? 1, stage.phone) : plan;
}

/** @param {Stage} stage @param {House} house @param {number} before @returns {Plan} */
function widePlan(stage, { order, directors }, before) {
  const edge = 16;
  const lobbyWide = stage.width < 1000 ? 152 : 196;
  const left = edge + lobbyWide + 14;
  const high = directors.length ? 78 : 0;
  const top = edge + (high ? high + 14 : 0);
  const area = { x: left, y: top, width: stage.width - left - edge, height: stage.height - top - edge };
  const columns = columnsFor(area, Math.max(1, order.length), { before });
  const rough = placeRooms(area, order.length, { columns })[0] ?? area;
  const level = levelOf(rough.height < 110 ? Math.min(rough.width, 199) : rough.width);
  const { boxes, zones } = level === "drawing" ? { boxes: placeRooms(area, order.length, { columns }), zones: [] } : quarters(area, order);
  return {
    ...furnished(boxes[0] ?? area, level !== "drawing"), steps: 1, columns, boxes, zones, width: stage.width, height: stage.height, origin: area,
    door: { x: edge, y: edge, width: lobbyWide, height: stage.height - 2 * edge },
    balconies: placeRooms({ x: left, y: edge, width: area.width, height: high }, directors.length, { columns: Math.max(1, directors.length) }),
  };
}

/** What a stage of this size shows, what it keeps for its head and its foot, and what is left for the seats. @param {Box} box @param {boolean} many */
function furnished(box, many) {
  const level = levelOf(many && box.height < 110 ? Math.min(box.width, 199) : many ? box.width : 200);
  const map = level !== "drawing";
  const small = map || box.height < 300;
  const head = map ? (box.width >= 84 ? 24 : 6) : small ? 42 : 84;
  const foot = map ? 10 : small ? 31 : 56;
  const pad = map ? 6 : 15;
  const natural = many ? Math.max(1, NATURAL.width / box.width, NATURAL.height / box.height) : 1;
  return { level, small, most: map ? 21 : 84, head, foot, pad, space: { width: box.width - pad * 2, height: box.height - head - foot }, natural };
}

/** The map: zones are columns by name, each a grid of its own with rooms of one size. @param {Box} area @param {House["order"]} order */
function quarters(area, order) {
  /** @type {Map<string, string[]>} */
  const byZone = new Map([...new Set(order.map((one) => one.zone))].sort().map((zone) => [zone, []]));
  for (const { name, zone } of order) byZone.get(zone)?.push(name);
  const names = [...byZone.keys()];
  const title = names.length > 1 ? 34 : 0;
  const wide = (area.width - 18 * (names.length - 1)) / Math.max(1, names.length);
  const inner = { ...area, y: area.y + title, width: wide, height: area.height - title };
  const most = Math.max(...[...byZone.values()].map((here) => here.length));
  const gap = most > 150 ? 2 : 6;
  const columns = columnsFor(inner, most, { gap, ideal: 1.1, least: 0 });
  /** @type {Map<string, Box>} */
  const places = new Map();
  [...byZone.values()].forEach((here, index) => {
    const grid = placeRooms({ ...inner, x: area.x + index * (wide + 18) }, most, { columns, gap });
    here.forEach((name, slot) => places.set(name, grid[slot]));
  });
  const zones = title ? names.map((name, index) => ({ name, box: { x: area.x + index * (wide + 18), y: area.y, width: wide, height: title } })) : [];
  return { boxes: order.map(({ name }) => /** @type {Box} */ (places.get(name))), zones };
}

/** A phone scrolls anyway: its stages rather become higher than their people so small that they have no names. Lower again only when a third is free.
 * @param {number} width @param {number} most people on one stage @param {number} [before] */
export function stepsFor(width, most, before = 1) {
  const row = Math.max(1, Math.floor((width - 46) / SEAT));
  const steps = Math.min(3, Math.ceil(most / row));
  return steps < before && most > (before - 1) * row * 0.67 ? before : steps;
}

/** @param {Stage} stage @param {number} count @param {number} directors @param {number} steps @returns {Plan} */
function phonePlan(stage, count, directors, steps) {
  const edge = 10;
  const width = stage.width - edge * 2;
  const door = { x: edge, y: edge, width, height: 96 };
  const many = count > 12;
  const columns = count > 150 ? Math.floor(width / 29) : many ? 4 : 1;
  const rows = Math.ceil(count / columns);
  const [each, gap] = count > 150 ? [26, 3] : many ? [76, 10] : [150 + (steps - 1) * rowHeight(SEAT), 10];
  const area = { x: edge, y: door.y + door.height + 10, width, height: rows * each + (rows - 1) * gap };
  const boxes = placeRooms(area, count, { columns, gap });
  const bottom = area.y + (count ? area.height + 10 : 0);
  const balconies = placeRooms({ x: edge, y: bottom, width, height: directors * 98 + Math.max(0, directors - 1) * 10 }, directors, { columns: 1, gap: 10 });
  const look = furnished(boxes[0] ?? area, many);
  return { ...look, steps, small: true, most: many ? 21 : SEAT, columns, boxes, zones: [], door, balconies, width: stage.width, height: Math.max(stage.height, bottom + directors * 108), origin: area };
}

/** The stages so many times as large; the rim stays as it is. @param {Plan} plan @param {number} zoom @param {boolean} phone @returns {Plan} */
function enlarged(plan, zoom, phone) {
  const { origin } = plan;
  const far = (/** @type {number} */ at, /** @type {number} */ from) => from + (at - from) * zoom;
  const grown = (/** @type {Box} */ box) => ({ x: far(box.x, origin.x), y: far(box.y, origin.y), width: box.width * zoom, height: box.height * zoom });
  const boxes = plan.boxes.map(grown);
  const edge = phone ? 10 : 16;
  const below = plan.boxes.length ? Math.max(...boxes.map((box) => box.y + box.height)) : origin.y;
  const shift = phone && plan.balconies.length ? below + 10 - plan.balconies[0].y : 0;
  return {
    ...plan, ...furnished(boxes[0] ?? plan.door, true), natural: plan.natural, boxes,
    width: far(plan.width - edge, origin.x) + edge, height: phone ? plan.height + shift : far(plan.height - edge, origin.y) + edge,
    zones: plan.zones.map(({ name, box }) => ({ name, box: { ...grown(box), y: far(box.y + box.height, origin.y) - box.height, height: box.height } })),
    balconies: plan.balconies.map((box) => ({ ...box, y: box.y + shift })),
  };
}
