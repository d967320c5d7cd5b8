/** The legend counts exactly what is on screen, and explains each mark that is. */

import { drawFigure } from "./figures.js";
import { paintSign } from "./paint/signs.js";
import { FIGURES, paletteOf } from "./palette.js";
import { signsOf } from "./signs.js";
import { tallyOf } from "./troupes.js";

/** @param {import("./troupes.js").Tally} tally @returns {{ figure: import("./palette.js").Figure, count: number, word: string }[]} */
export function counts(tally) {
  return FIGURES.map((figure, nth) => {
    const [first, ...more] = tally.words.keys();
    const word = figure !== "CrashLoopBackOff" || first === undefined ? figure : more.length ? "in trouble" : first;
    return { figure, count: tally.counts[nth], word };
  });
}

/** Two rows, in pixels: the stage gives it no more. */
const MOST_HIGH = 100;

/** Keeps one entry for each figure; what is not on screen is not in it. */
export class Legend {
  #list;
  #palette = paletteOf("dark");
  /** What has a place in it. */ #shown = "";
  /** @type {Map<import("./signs.js").Sign, HTMLElement>} */ #signs = new Map();
  /** @type {Map<string, { item: HTMLElement, count: HTMLElement, word: HTMLElement, canvas: HTMLCanvasElement }>} */
  #entries = new Map();

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
    for (const figure of FIGURES) this.#add(figure);
    new ResizeObserver(() => this.#fit()).observe(list);
  }

  /** @param {string} figure */
  #add(figure) {
    const item = document.createElement("li");
    const canvas = Object.assign(document.createElement("canvas"), { width: 80, height: 96 });
    const count = Object.assign(document.createElement("b"), { textContent: "0" });
    const word = Object.assign(document.createElement("span"), { textContent: figure });
    const words = document.createElement("div");
    words.append(count, word);
    canvas.setAttribute("aria-hidden", "true");
    item.append(canvas, words);
    this.#list.append(item);
    this.#entries.set(figure, { item, count, word, canvas });
  }

  /** @param {import("./palette.js").Palette} palette */
  paint(palette) {
    this.#palette = palette;
    for (const [sign, item] of this.#signs) this.#draw(sign, item);
    for (const [figure, { canvas }] of this.#entries) {
      const c = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      c.clearRect(0, 0, 80, 96);
      drawFigure(c, palette, /** @type {import("./palette.js").Figure} */ (figure), 40, 90, 82);
    }
  }

  /** @param {import("./nodesview.js").Scene} scene @param {number} now cluster time */
  show(scene, now) {
    const signs = signsOf(scene, now);
    this.#explain(signs);
    for (const { figure, count, word } of counts(scene.tally ?? tallyOf(scene.people))) {
      const entry = /** @type {NonNullable<ReturnType<typeof this.entry>>} */ (this.entry(figure));
      if (entry.count.textContent !== String(count)) entry.count.textContent = String(count);
      const broken = word.replace(/([a-z])([A-Z])/g, "$1\u200b$2");
      if (entry.word.textContent !== broken) entry.word.textContent = broken;
      entry.item.classList.toggle("none", count === 0);
    }
    const shown = [...signs.map((one) => one.word), ...[...this.#entries.values()].map(({ item, word, count }) => (item.className ? "" : `${word.textContent} ${count.textContent?.length}`))].join();
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#fit();
  }

  /** All of it is seen: in two rows, or three, where one is too short. */
  #fit() {
    const list = this.#list;
    list.classList.remove("tight", "tighter");
    for (const how of ["tight", "tighter"]) {
      if (list.scrollWidth <= list.clientWidth + 1 && list.scrollHeight <= MOST_HIGH) return;
      list.classList.add(how);
    }
  }

  /** @param {import("./signs.js").Entry[]} signs */
  #explain(signs) {
    const seen = new Set(signs.map((one) => one.sign));
    for (const [sign, item] of this.#signs) {
      if (seen.has(sign)) continue;
      item.remove();
      this.#signs.delete(sign);
    }
    for (const { sign, word } of signs) {
      const known = this.#signs.get(sign)?.querySelector("span");
      if (known && known.textContent !== word) known.textContent = word;
      if (known) continue;
      const item = Object.assign(document.createElement("li"), { className: "sign" });
      const canvas = Object.assign(document.createElement("canvas"), { width: 68, height: 82 });
      canvas.setAttribute("aria-hidden", "true");
      item.append(canvas, Object.assign(document.createElement("span"), { textContent: word }));
      item.dataset.sign = sign;
      this.#signs.set(sign, item);
      this.#draw(sign, item);
      this.#list.append(item);
    }
  }

  /** @param {import("./signs.js").Sign} sign @param {HTMLElement} item */
  #draw(sign, item) {
    const c = item.querySelector("canvas")?.getContext("2d");
    if (c) paintSign(c, this.#palette, sign);
  }

  /** @param {string} figure */
  entry(figure) {
    return this.#entries.get(figure);
  }
}
