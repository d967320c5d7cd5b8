/** The lamp of a stage, its cone of light and the pool on the floor. Lit means: the machine truly has power. */

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */
/** @typedef {import("../nodesview.js").Room} Room */

/** In a narrow room the lamp hangs aside, so that the name has room. @param {Room} room */
export function lampAt({ box, small }) {
  return !small && box.width < 290 ? box.x + box.width - 50 : box.x + box.width / 2;
}

/** The cone of light, soft at its edges, and the pool on the floor. @param {Context} c @param {Palette} p @param {Room} room @param {number} lamp */
export function glow(c, p, room, lamp) {
  const { box } = room;
  const x = lampAt(room);
  const top = box.y + (room.small ? 6 : 46);
  const floor = room.floors[0] + 30;
  const spread = Math.min(box.width * 0.46, 210);
  const beam = c.createLinearGradient(0, top, 0, floor);
  beam.addColorStop(0, `rgb(${p.lamp} / ${p.lampAlpha * 1.35 * lamp})`);
  beam.addColorStop(0.55, `rgb(${p.lamp} / ${p.lampAlpha * 0.62 * lamp})`);
  beam.addColorStop(1, `rgb(${p.lamp} / ${p.lampAlpha * 0.16 * lamp})`);
  c.save();
  c.filter = "blur(9px)";
  c.fillStyle = beam;
  c.beginPath();
  c.moveTo(x - 18, top);
  c.lineTo(x + 18, top);
  c.lineTo(x + spread, floor);
  c.lineTo(x - spread, floor);
  c.fill();
  c.restore();
  pool(c, p, x, room.floors[0], spread, lamp);
  const halo = c.createRadialGradient(x, top, 2, x, top, Math.min(130, box.width * 0.4));
  halo.addColorStop(0, `rgb(${p.lamp} / ${p.lampAlpha * 0.9 * lamp})`);
  halo.addColorStop(1, `rgb(${p.lamp} / 0)`);
  c.fillStyle = halo;
  c.fillRect(box.x, box.y, box.width, box.height);
}

/** @param {Context} c @param {Palette} p @param {number} x @param {number} y @param {number} spread @param {number} lamp */
function pool(c, p, x, y, spread, lamp) {
  c.save();
  c.translate(x, y);
  c.scale(1, 0.13);
  const light = c.createRadialGradient(0, 0, 4, 0, 0, spread * 1.1);
  light.addColorStop(0, `rgb(${p.lamp} / ${p.lampAlpha * 0.85 * lamp})`);
  light.addColorStop(1, `rgb(${p.lamp} / 0)`);
  c.fillStyle = light;
  c.fillRect(-spread * 1.1, -spread * 1.1, spread * 2.2, spread * 2.2);
  c.restore();
}

/** @param {Context} c @param {Palette} p @param {Room} room @param {number} light */
export function lamp(c, p, room, light) {
  if (room.small) return;
  const x = lampAt(room);
  const { y } = room.box;
  const on = light > 0.3;
  const ink = on ? p.shade : p.state.Unknown;
  c.strokeStyle = c.fillStyle = ink;
  c.lineWidth = 2.5;
  c.beginPath();
  c.moveTo(x, y);
  c.lineTo(x, y + 24);
  c.stroke();
  if (on) {
    c.save();
    c.globalAlpha *= light;
    c.fillStyle = `rgb(${p.lamp})`;
    c.beginPath();
    c.ellipse(x, y + 45, 19, 7, 0, 0, Math.PI * 2);
    c.fill();
    c.restore();
    c.fillStyle = ink;
  }
  c.beginPath();
  c.moveTo(x - 12, y + 23);
  c.lineTo(x + 12, y + 23);
  c.lineTo(x + 28, y + 44);
  c.lineTo(x - 28, y + 44);
  c.closePath();
  c.lineJoin = "round";
  if (on) c.fill();
  else c.stroke();
}
