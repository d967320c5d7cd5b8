/** The nine figures and their small marks. Feet at (0, 0), 58 wide and 68 high in units; the caller scales. */

/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("./palette.js").Figure} Figure */
/** @typedef {CanvasRenderingContext2D} Context */

const TAU = Math.PI * 2;

/** @param {Context} c @param {number} x @param {number} y @param {number} r */
function circle(c, x, y, r) {
  c.beginPath();
  c.arc(x, y, r, 0, TAU);
}

/** Shoulders as half a circle, feet slightly rounded. @param {Context} c @param {number} half @param {number} top */
function cloak(c, half, top) {
  c.beginPath();
  c.moveTo(-half, -4);
  c.lineTo(-half, top + half);
  c.arc(0, top + half, half, Math.PI, 0);
  c.lineTo(half, -4);
  c.arcTo(half, 0, half - 4, 0, 4);
  c.lineTo(-half + 4, 0);
  c.arcTo(-half, 0, -half, -4, 4);
  c.closePath();
}

/** @param {Context} c @param {number[][]} points */
function line(c, points) {
  c.beginPath();
  points.forEach(([x, y], index) => (index ? c.lineTo(x, y) : c.moveTo(x, y)));
  c.stroke();
}

/** @param {Context} c @param {number} x @param {number} y @param {number} size @param {string} colour @param {number} width */
function tick(c, x, y, size, colour, width) {
  c.strokeStyle = colour;
  c.lineWidth = width;
  c.lineCap = c.lineJoin = "round";
  line(c, [[x - size, y], [x - size * 0.25, y + size * 0.75], [x + size, y - size * 0.75]]);
}

/** @param {Context} c @param {Palette} p */
function ready(c, p) {
  c.fillStyle = p.state.Ready;
  circle(c, 0, -57, 11);
  c.fill();
  cloak(c, 21, -43);
  c.fill();
  tick(c, 0, -18, 10.5, p.glyph, 5.6);
}

/** @param {Context} c @param {Palette} p */
function running(c, p) {
  c.strokeStyle = c.fillStyle = p.state.Running;
  c.lineWidth = 4.2;
  circle(c, 0, -57, 9.2);
  c.stroke();
  cloak(c, 21, -43);
  c.fill();
  c.fillStyle = p.glyph;
  c.beginPath();
  c.moveTo(-8, -30);
  c.lineTo(11.5, -18);
  c.lineTo(-8, -6);
  c.closePath();
  c.fill();
}

/** @param {Context} c @param {Palette} p */
function creating(c, p) {
  c.strokeStyle = c.fillStyle = p.state.ContainerCreating;
  c.lineWidth = 4.6;
  circle(c, 0, -57, 8.7);
  c.stroke();
  c.save();
  cloak(c, 19, -41);
  c.clip();
  c.fillRect(-24, -20, 48, 22);
  c.restore();
  cloak(c, 19.5, -41.5);
  c.stroke();
}

/** @param {Context} c @param {Palette} p */
function pending(c, p) {
  c.strokeStyle = c.fillStyle = p.state.Pending;
  c.lineWidth = 3.6;
  c.lineCap = "butt";
  c.setLineDash([6, 4.4]);
  circle(c, 0, -57, 9);
  c.stroke();
  cloak(c, 19.5, -41.5);
  c.stroke();
  c.setLineDash([]);
  for (const x of [-9, 0, 9]) {
    circle(c, x, -18, 3.1);
    c.fill();
  }
}

/** @param {Context} c @param {Palette} p */
function notReady(c, p) {
  c.fillStyle = c.strokeStyle = p.state.NotReady;
  c.lineJoin = "round";
  const body = new Path2D("M0 -44 L25 -3 L-25 -3 Z");
  const head = new Path2D();
  head.arc(0, -57, 10, 0, TAU);
  if (p.edge) outline(c, [head, body], p.edge);
  c.fillStyle = c.strokeStyle = p.state.NotReady;
  c.lineWidth = 5;
  c.fill(head);
  c.fill(body);
  c.stroke(body);
  c.strokeStyle = c.fillStyle = p.theme === "dark" ? p.glyph : p.ink;
  c.lineWidth = 6;
  c.lineCap = "round";
  line(c, [[0, -27], [0, -16]]);
  circle(c, 0, -6.5, 3.5);
  c.fill();
}

/** The ink edge that amber needs on a light wall. @param {Context} c @param {Path2D[]} paths @param {string} ink */
function outline(c, paths, ink) {
  c.strokeStyle = ink;
  for (const path of paths) {
    c.lineWidth = path === paths[0] ? 5 : 10;
    c.stroke(path);
  }
}

/** @param {Context} c @param {number} points @param {number} outer @param {number} inner @param {number} x @param {number} y */
function star(c, points, outer, inner, x = 0, y = 0) {
  c.beginPath();
  for (let i = 0; i < points * 2; i += 1) {
    const r = i % 2 ? inner : outer;
    const angle = (i / points) * Math.PI - Math.PI / 2;
    c.lineTo(x + Math.cos(angle) * r, y + Math.sin(angle) * r);
  }
  c.closePath();
}

/** @param {Context} c @param {Palette} p */
function crash(c, p) {
  c.fillStyle = c.strokeStyle = p.state.CrashLoopBackOff;
  c.lineJoin = "round";
  c.lineWidth = 3;
  star(c, 9, 26, 17, -1, -28);
  c.fill();
  c.stroke();
  circle(c, 15, -61, 8);
  c.fill();
  c.strokeStyle = p.glyph;
  c.lineWidth = 6.4;
  c.lineCap = "round";
  line(c, [[-8, -35], [6, -21]]);
  line(c, [[6, -35], [-8, -21]]);
}

/** Whole on one side, stripes on the other, and an arrow that says where it goes. @param {Context} c @param {Palette} p */
function terminating(c, p) {
  c.save();
  c.beginPath();
  for (const [x, width] of [[-30, 31], [3.2, 5.6], [11, 3.8], [17, 2.6], [21.5, 1.6]]) c.rect(x, -80, width, 90);
  c.clip();
  c.fillStyle = p.state.Terminating;
  circle(c, 0, -57, 11);
  c.fill();
  cloak(c, 21, -43);
  c.fill();
  c.restore();
  c.strokeStyle = p.glyph;
  c.lineWidth = 4.2;
  c.lineCap = c.lineJoin = "round";
  line(c, [[-3.5, -19], [-15, -19]]);
  line(c, [[-10.5, -24.5], [-16, -19], [-10.5, -13.5]]);
}

/** @param {Context} c @param {Palette} p */
function completed(c, p) {
  c.fillStyle = p.state.Completed;
  circle(c, 0, -56, 9.5);
  c.fill();
  c.beginPath();
  c.roundRect(-18.5, -42, 37, 42, 4);
  c.fill();
  c.strokeStyle = p.glyph;
  c.lineWidth = 3;
  c.beginPath();
  c.roundRect(-10, -29, 20, 20, 3);
  c.stroke();
  tick(c, 0, -19.5, 5.6, p.glyph, 3.8);
}

/** @param {Context} c @param {Palette} p */
function unknown(c, p) {
  c.strokeStyle = c.fillStyle = p.state.Unknown;
  c.lineWidth = 4;
  c.lineJoin = "round";
  c.beginPath();
  c.moveTo(-20, 0);
  c.lineTo(-20, -44);
  c.arc(0, -44, 20, Math.PI, 0);
  c.lineTo(20, 0);
  for (const [x, y] of [[13.5, -6], [7, 0], [0, -6], [-7, 0], [-13.5, -6]]) c.lineTo(x, y);
  c.closePath();
  c.save();
  c.globalAlpha *= 0.14;
  c.fill();
  c.restore();
  c.stroke();
  question(c, p.state.Unknown);
}

/** @param {Context} c @param {string} colour */
function question(c, colour) {
  c.strokeStyle = c.fillStyle = colour;
  c.lineWidth = 4.6;
  c.lineCap = "round";
  c.beginPath();
  c.arc(0, -39, 6.5, Math.PI, Math.PI * 0.5 + TAU * 0.02);
  c.quadraticCurveTo(0, -31.5, 0, -27.5);
  c.stroke();
  circle(c, 0, -19.5, 3);
  c.fill();
}

/** @type {Record<Figure, (c: Context, p: Palette) => void>} */
const DRAW = {
  Pending: pending, ContainerCreating: creating, Running: running, Ready: ready, NotReady: notReady,
  CrashLoopBackOff: crash, Terminating: terminating, Completed: completed, Unknown: unknown,
};

/** A figure of the given height in pixels, its feet at (x, y).
 * @param {Context} c @param {Palette} palette @param {Figure} figure @param {number} x @param {number} y @param {number} height */
export function drawFigure(c, palette, figure, x, y, height) {
  c.save();
  c.translate(x, y);
  c.scale(height / 68, height / 68);
  DRAW[figure](c, palette);
  c.restore();
}

/** Adds the mark of a figure under 22 px to a path; `r` is half its width.
 * @param {Path2D} path @param {Figure} figure @param {number} x @param {number} y @param {number} r */
export function addMark(path, figure, x, y, r) {
  if (figure === "CrashLoopBackOff") return addStar(path, x, y, r * 1.45);
  if (figure === "NotReady") return addPolygon(path, [[x, y - r * 1.15], [x + r * 1.15, y + r * 0.9], [x - r * 1.15, y + r * 0.9]]);
  if (figure === "Terminating") return addHalfDiamond(path, x, y, r * 1.25);
  if (figure === "Completed") return path.rect(x - r * 0.64, y - r * 0.64, r * 1.28, r * 1.28);
  if (figure === "Unknown") return addSquareRing(path, x, y, r);
  path.moveTo(x + r, y);
  path.arc(x, y, r, 0, TAU);
  if (figure === "Ready") return;
  if (figure === "ContainerCreating") return addHole(path, x, y, r);
  path.moveTo(x + r * 0.7, y);
  path.arc(x, y, r * 0.7, 0, TAU, true);
  if (figure === "Running") {
    path.moveTo(x + r * 0.42, y);
    path.arc(x, y, r * 0.42, 0, TAU);
  }
}

/** The upper half of the disc is empty. @param {Path2D} path @param {number} x @param {number} y @param {number} r */
function addHole(path, x, y, r) {
  path.moveTo(x - r * 0.76, y);
  path.lineTo(x + r * 0.76, y);
  path.arc(x, y, r * 0.76, 0, Math.PI, true);
  path.closePath();
}

/** @param {Path2D} path @param {number[][]} points */
function addPolygon(path, points) {
  points.forEach(([x, y], index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
  path.closePath();
}

/** One half full, of the other only the outline. @param {Path2D} path @param {number} x @param {number} y @param {number} r */
function addHalfDiamond(path, x, y, r) {
  addPolygon(path, [[x, y - r], [x, y + r], [x - r, y]]);
  addPolygon(path, [[x, y - r], [x + r, y], [x, y + r], [x, y + r * 0.62], [x + r * 0.62, y], [x, y - r * 0.62]]);
}

/** @param {Path2D} path @param {number} x @param {number} y @param {number} r */
function addStar(path, x, y, r) {
  const points = [];
  for (let i = 0; i < 14; i += 1) {
    const angle = (i / 7) * Math.PI - Math.PI / 2;
    points.push([x + Math.cos(angle) * r * (i % 2 ? 0.55 : 1), y + Math.sin(angle) * r * (i % 2 ? 0.55 : 1)]);
  }
  addPolygon(path, points);
}

/** @param {Path2D} path @param {number} x @param {number} y @param {number} r */
function addSquareRing(path, x, y, r) {
  const inner = r * 0.56;
  path.rect(x - r, y - r, r * 2, r * 2);
  addPolygon(path, [[x - inner, y - inner], [x - inner, y + inner], [x + inner, y + inner], [x + inner, y - inner]]);
  path.rect(x - r * 0.22, y - r * 0.22, r * 0.44, r * 0.44);
}
