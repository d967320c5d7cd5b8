/** The colours of both themes, for the canvas. static/base/tokens.css holds the same numbers; a test compares them. */

/** The nine figures, in the order of the legend. */
export const FIGURES = /** @type {const} */ ([
  "Pending", "ContainerCreating", "Running", "Ready", "NotReady", "CrashLoopBackOff", "Terminating", "Completed", "Unknown",
]);

/**
 * @typedef {typeof FIGURES[number]} Figure
 * @typedef {{
 *   theme: "dark" | "light", page: string, stage: string, wall: string, wallTop: string, floor: string,
 *   ink: string, muted: string, accent: string, onAccent: string, line: string, track: string,
 *   lamp: string, lampAlpha: number, shade: string, dead: string, hatch: string, bubble: string, onBubble: string,
 *   glyph: string, edge: string, shadow: string, state: Record<Figure, string>
 * }} Palette
 */

/** @type {Palette} */
export const DARK = {
  theme: "dark", page: "#14121B", stage: "#1A1823", wall: "#2A2735", wallTop: "#3B3544", floor: "#1F1C28",
  ink: "#F8F3E8", muted: "#BDB6C8", accent: "#FFF0B8", onAccent: "#1A1526", line: "#4A4558", track: "#464154",
  lamp: "255 214 130", lampAlpha: 0.42, shade: "#BDB6C8", dead: "#17151D", hatch: "#2B2833",
  bubble: "#F8F3E8", onBubble: "#1A1526", glyph: "#14121B", edge: "", shadow: "rgb(0 0 0 / .38)",
  state: {
    Pending: "#D6D0E0", ContainerCreating: "#B9E5FF", Running: "#1A93EE", Ready: "#54DBA7", NotReady: "#FFC93F",
    CrashLoopBackOff: "#FC556C", Terminating: "#D996CD", Completed: "#7488A0", Unknown: "#ABA4B8",
  },
};

/** @type {Palette} */
export const LIGHT = {
  theme: "light", page: "#EFE8DB", stage: "#F5F0E6", wall: "#FFFCF4", wallTop: "#FFF3D2", floor: "#E5DCCB",
  ink: "#1D1829", muted: "#5C5568", accent: "#1D1829", onAccent: "#FFF3C9", line: "#CFC4B0", track: "#C6BAA4",
  lamp: "255 206 92", lampAlpha: 0.55, shade: "#5C5568", dead: "#CFC8BD", hatch: "#BDB5A8",
  bubble: "#1D1829", onBubble: "#FFFCF4", glyph: "#FFFCF4", edge: "#1D1829", shadow: "rgb(70 50 20 / .16)",
  state: {
    Pending: "#6F6880", ContainerCreating: "#3A85B0", Running: "#003F70", Ready: "#1C815C", NotReady: "#FFB400",
    CrashLoopBackOff: "#BF001E", Terminating: "#9829CE", Completed: "#464853", Unknown: "#544B5E",
  },
};

/** @param {"dark" | "light"} theme */
export function paletteOf(theme) {
  return theme === "light" ? LIGHT : DARK;
}

/** A colour with an alpha, for gradients. @param {string} hex @param {number} alpha */
export function faint(hex, alpha) {
  const number = Number.parseInt(hex.slice(1), 16);
  return `rgb(${number >> 16} ${(number >> 8) & 255} ${number & 255} / ${alpha})`;
}

/** So much of one colour on another, opaque. @param {string} over @param {string} ground @param {number} share */
export function mixed(over, ground, share) {
  const [one, two] = [over, ground].map((hex) => Number.parseInt(hex.slice(1), 16));
  const part = (/** @type {number} */ shift) => Math.round(((one >> shift) & 255) * share + ((two >> shift) & 255) * (1 - share));
  return `rgb(${part(16)} ${part(8)} ${part(0)})`;
}
