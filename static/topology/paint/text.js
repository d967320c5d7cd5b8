/** Text on the canvas: the two faces, cut to fit. */

const DISPLAY = '"Bricolage Grotesque Variable", system-ui, sans-serif';
const TEXT = '"Atkinson Hyperlegible Next", system-ui, sans-serif';

/** @param {number} size @param {number} [weight] */
export function display(size, weight = 750) {
  return `${weight} ${size}px ${DISPLAY}`;
}

/** @param {number} size @param {number} [weight] */
export function text(size, weight = 700) {
  return `${weight} ${size}px ${TEXT}`;
}

/** Every face and weight that the picture uses is loaded before the first stroke. */
export function loadFonts() {
  return Promise.all([display(28), text(16, 600), text(16, 700), text(16, 800)].map((font) => document.fonts.load(font)));
}

/** @type {Map<string, number>} */
const widths = new Map();

/** @param {CanvasRenderingContext2D} c @param {string} words */
export function widthOf(c, words) {
  const key = `${c.font}|${words}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > 5000) widths.clear();
    width = c.measureText(words).width;
    widths.set(key, width);
  }
  return width;
}

/** The words, or as many letters of them as fit. @param {CanvasRenderingContext2D} c @param {string} words @param {number} most */
export function fit(c, words, most) {
  if (widthOf(c, words) <= most) return words;
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (widthOf(c, `${words.slice(0, middle)}…`) <= most) low = middle;
    else high = middle - 1;
  }
  return `${words.slice(0, low)}…`;
}

/** What was found to fit. @type {Map<string, { font: string, cut: string, wide: number }>} */
const fitted = new Map();

/** Draws in the largest of the sizes that fits, cutting only at the smallest.
 * @param {CanvasRenderingContext2D} c @param {string} words @param {number} x @param {number} y @param {number} most
 * @param {{ sizes: number[], font: (size: number) => string, ahead?: number }} how ahead: so far to the left @returns {number} its width */
export function shrink(c, words, x, y, most, { sizes, font, ahead = 0 }) {
  const key = `${font(sizes[0])} ${sizes.length} ${sizes[sizes.length - 1]} ${most}|${words}`;
  const found = fitted.get(key) ?? fitting(c, words, most, sizes.map((size) => font(size)));
  if (fitted.size > 3000) fitted.clear();
  fitted.set(key, found);
  c.font = found.font;
  c.fillText(found.cut, x - ahead, y);
  return found.wide;
}

/** @param {CanvasRenderingContext2D} c @param {string} words @param {number} most @param {string[]} fonts */
function fitting(c, words, most, fonts) {
  const fits = fonts.find((font) => {
    c.font = font;
    return widthOf(c, words) <= most;
  });
  const cut = fit(c, words, most);
  return { font: fits ?? fonts[fonts.length - 1], cut, wide: widthOf(c, cut) };
}

/** Breaks ContainerCreating or a hyphened name into two lines where one is too long.
 * @param {CanvasRenderingContext2D} c @param {string} words @param {number} most @returns {string[]} */
export function broken(c, words, most) {
  if (widthOf(c, words) <= most) return [words];
  const parts = words.split(/(?<=-)|(?<=[a-z])(?=[A-Z])|(?<= )/);
  if (parts.length < 2) return [words];
  const cuts = parts.slice(1).map((_, index) => [parts.slice(0, index + 1).join("").trim(), parts.slice(index + 1).join("").trim()]);
  const longest = (/** @type {string[]} */ pair) => Math.max(...pair.map((part) => widthOf(c, part)));
  return cuts.reduce((best, pair) => (longest(pair) < longest(best) ? pair : best));
}
