/** How things move: from where to where, how long, and how far after so many milliseconds. Pure. */

/** @typedef {{ x: number, y: number, scale: number, alpha: number }} Pose */
/** @typedef {{ kind: "fly" | "glide" | "appear" | "leave" | "shake" | "fade", from: Pose, to: Pose, start: number, takes: number, hop: number }} Move */

export const TAKES = { fly: 620, glide: 680, appear: 180, leave: 300, shake: 250, fade: 150, lamp: 600 };
/** Above so many moves at once, everybody lands without flight. */
export const CROWD = 200;
const SPREAD = 240;

/** @param {number} t 0 to 1 */
function easeOut(t) {
  return 1 - (1 - t) ** 3.2;
}

/** cubic-bezier(.22, .8, .24, 1), near enough: a quick start and a soft landing. @param {number} t 0 to 1 */
export function land(t) {
  return 1 - (1 - t) ** 2.6;
}

/** @param {Move["kind"]} kind @param {Pose} from @param {Pose} to @param {number} now @param {number} [nth] spreads a crowd's start @returns {Move} */
export function move(kind, from, to, now, nth = 0) {
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  const hop = kind === "fly" ? Math.min(90, distance * 0.22) : kind === "glide" ? Math.min(14, distance / 4) : 0;
  const delay = kind === "glide" || kind === "fly" ? (nth % 13) * (SPREAD / 13) : 0;
  return { kind, from, to, start: now + delay, takes: TAKES[kind], hop };
}

/** Where a mover is. @param {Move} m @param {number} now @returns {Pose} */
export function poseAt(m, now) {
  const t = Math.min(1, Math.max(0, (now - m.start) / m.takes));
  if (m.kind === "shake") return { ...m.to, x: m.to.x + Math.sin(t * Math.PI * 6) * 5 * (1 - t) };
  const far = m.kind === "fly" ? land(t) : easeOut(t);
  const mix = (/** @type {number} */ a, /** @type {number} */ b) => a + (b - a) * far;
  return {
    x: mix(m.from.x, m.to.x),
    y: mix(m.from.y, m.to.y) - Math.sin(far * Math.PI) * m.hop,
    scale: mix(m.from.scale, m.to.scale),
    alpha: mix(m.from.alpha, m.to.alpha),
  };
}

/** @param {Move} m @param {number} now */
export function isOver(m, now) {
  return now >= m.start + m.takes;
}
