/** Draws every figure, mark, tile and sign in a cell of its own, and compares what a screenshot shows of them. */

import { FIGURES, paletteOf } from "../../static/topology/palette.js";
import { paintTile } from "../../static/topology/paint/house.js";
import { paintMarks, paintPerson } from "../../static/topology/paint/people.js";
import { paintSign } from "../../static/topology/paint/signs.js";
import { SIGNS } from "../../static/topology/signs.js";

const CELL = 84;
const COLUMNS = 12;

/** @param {string} figure @param {number} pitch */
function somebody(figure, pitch) {
  return { id: figure, row: { id: figure, kind: "Pod", name: figure }, figure, pitch, wide: pitch, label: "none", gap: "", ring: null, badge: null, restarts: 0, dim: false, name: "", sub: "", x: 0, y: 0 };
}

/** @param {any} c @param {any} p @param {string} figure */
function tile(c, p, figure) {
  const dark = figure === "no power";
  const box = { x: 26, y: 26, width: 28, height: 28 };
  paintTile(c, p, /** @type {any} */ ({ box, dark, lit: !dark, used: 2, cap: 4, worst: dark || figure === "well" ? "" : figure }));
}

/** What there is to tell apart: per level, name and how it is drawn. @type {Record<string, [string, (c: any, p: any) => void][]>} */
const LEVELS = {
  figure: FIGURES.map((name) => [name, (c, p) => paintPerson(c, p, /** @type {any} */ (somebody(name, 68)), { x: 42, y: 74, scale: 1, alpha: 1 }, 0)]),
  "small figure": FIGURES.map((name) => [name, (c, p) => paintPerson(c, p, /** @type {any} */ (somebody(name, 29)), { x: 42, y: 60, scale: 1, alpha: 1 }, 0)]),
  mark: FIGURES.map((name) => [name, (c, p) => paintMarks(c, p, [{ who: /** @type {any} */ (somebody(name, 21)), pose: { x: 42, y: 52, scale: 1, alpha: 1 } }])]),
  tile: ["well", "no power", "CrashLoopBackOff", "Unknown", "NotReady"].map((name) => [name, (c, p) => tile(c, p, name)]),
  sign: SIGNS.map((name) => [name, (c, p) => paintSign(c, p, name)]),
};

/** @param {"dark" | "light"} theme @returns {{ level: string, name: string, x: number, y: number }[]} where everybody is */
const drawAll = (theme) => {
  const palette = paletteOf(theme);
  document.body.replaceChildren();
  document.body.style.cssText = `margin: 0; background: ${palette.wall}`;
  const cells = Object.entries(LEVELS).flatMap(([level, all]) => all.map(([name, paint]) => ({ level, name, paint })));
  return cells.map(({ level, name, paint }, index) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: CELL, height: CELL });
    const [x, y] = [(index % COLUMNS) * CELL, Math.floor(index / COLUMNS) * CELL];
    canvas.style.cssText = `position: absolute; left: ${x}px; top: ${y}px`;
    document.body.append(canvas);
    paint(canvas.getContext("2d"), palette);
    return { level, name, x, y };
  });
};

/** The pair of each level that is hardest to tell apart, by the share of pixels in which their shapes differ.
 * @param {string} png base64 @param {{ level: string, name: string, x: number, y: number }[]} cells */
const nearest = async (png, cells) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const c = /** @type {any} */ (canvas.getContext("2d", { willReadFrequently: true }));
  c.drawImage(image, 0, 0);
  const shapes = cells.map((cell) => ({ ...cell, shape: shapeOf(c.getImageData(cell.x, cell.y, CELL, CELL).data) }));
  return Object.keys(LEVELS).map((level) => {
    const here = shapes.filter((one) => one.level === level);
    const pairs = here.flatMap((one, i) => here.slice(i + 1).map((two) => ({ pair: [one.name, two.name], share: apart(one.shape, two.shape) })));
    return { level, ...pairs.reduce((least, one) => (one.share < least.share ? one : least)) };
  });
};

/** Which pixels belong to it, whatever its colour: those that stand out from the ground by half as much as its strongest does.
 * @param {Uint8ClampedArray} data */
function shapeOf(data) {
  const light = Float32Array.from({ length: data.length / 4 }, (_, i) => 0.2126 * data[i * 4] + 0.7152 * data[i * 4 + 1] + 0.0722 * data[i * 4 + 2]);
  const far = light.map((one) => Math.abs(one - light[0]));
  const most = far.reduce((high, one) => Math.max(high, one), 1);
  return far.map((one) => Number(one > most * 0.5));
}

/** @param {Float32Array} one @param {Float32Array} two */
function apart(one, two) {
  let [differ, either] = [0, 0];
  one.forEach((pixel, i) => {
    if (pixel !== two[i]) differ += 1;
    if (pixel || two[i]) either += 1;
  });
  return either ? differ / either : 0;
}

Object.assign(window, { drawAll, nearest });
