/** The bar along the bottom: draws density, marks and the moment, and says where somebody drags or steps to. */

import { clockOf, groups, heights, markBeside, momentAt, share, spanOf } from "./scale.js";

/** @typedef {import("./scale.js").Mark} Mark */
/** @typedef {{ since: number, now: number, bars: Array<[number, number]>, marks: Mark[] }} Story */

const FINE = 5e6;
const COARSE = 60e6;
const SORTS = /** @type {Record<string, string>} */ ({ fault: "Fault", rollout: "Rollout", alarm: "Alarm" });

export class Bar {
  #root;
  #track;
  #on;
  /** @type {Story} */ #story = { since: 0, now: 0, bars: [], marks: [] };
  /** @type {number | null} */ #at = null;
  /** @type {number | null} */ #pin = null;
  /** @type {number[]} */ #own = [];
  #span = { from: 0, to: 1 };
  #dragging = false;

  /** @param {HTMLElement} root @param {{ go: (at: number | null) => void, settle: () => void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    this.#track = /** @type {HTMLElement} */ (root.querySelector(".track"));
    this.#track.addEventListener("pointerdown", (event) => this.#down(event));
    this.#track.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) this.#track.addEventListener(end, () => this.#up());
    this.#track.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.draw()).observe(this.#track);
    document.addEventListener("podium:theme", () => this.draw());
  }

  /** @param {Story} story @param {number | null} at microseconds; null: now @param {number | null} pin @param {number[]} own moments of the object that is followed */
  show(story, at, pin, own) {
    this.#story = story;
    this.#at = at;
    this.#pin = pin;
    this.#own = own;
    if (!this.#dragging) this.#span = spanOf(story.since, story.now, at);
    this.draw();
  }

  get dragging() {
    return this.#dragging;
  }

  draw() {
    const now = this.#at === null;
    const at = this.#at ?? this.#story.now;
    const words = now ? "now" : clockOf(at);
    set(this.#track, "aria-valuemin", "0");
    set(this.#track, "aria-valuemax", String(Math.round((this.#span.to - this.#span.from) / 1e6)));
    set(this.#track, "aria-valuenow", String(Math.round((at - this.#span.from) / 1e6)));
    set(this.#track, "aria-valuetext", [words, this.#markAt(at)?.words].filter(Boolean).join(", "));
    this.#place(".thumb", now ? 1 : share(this.#span, at));
    this.#place(".pin", this.#pin === null ? null : share(this.#span, this.#pin));
    /** @type {HTMLElement} */ (this.#root.querySelector(".from")).textContent = this.#story.now ? clockOf(this.#span.from) : "";
    this.#paint();
    this.#mark();
  }

  /** The gravest mark within a second of a moment. @param {number} at */
  #markAt(at) {
    return this.#at === null ? undefined : this.#story.marks.findLast((mark) => Math.abs(mark.at - at) < 1e6);
  }

  /** @param {string} selector @param {number | null} part */
  #place(selector, part) {
    const element = /** @type {HTMLElement} */ (this.#root.querySelector(selector));
    element.hidden = part === null;
    if (part !== null) element.style.left = `${part * 100}%`;
  }

  #paint() {
    const canvas = /** @type {HTMLCanvasElement} */ (this.#track.querySelector("canvas"));
    const { width, height } = this.#track.getBoundingClientRect();
    if (!width) return;
    const scale = Math.min(2, devicePixelRatio);
    Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const style = getComputedStyle(this.#track);
    context.scale(scale, scale);
    context.fillStyle = style.getPropertyValue("--muted");
    const columns = Math.max(20, Math.floor(width / 4));
    const room = height - 16;
    heights(this.#story.bars, this.#span, columns).forEach((part, index) => {
      if (part) context.fillRect((index * width) / columns, height - part * room, Math.max(1, width / columns - 1), part * room);
    });
    context.fillStyle = style.getPropertyValue("--accent");
    for (const at of this.#own) if (at >= this.#span.from && at <= this.#span.to) context.fillRect(share(this.#span, at) * width - 1, height - 7, 3, 7);
  }

  #mark() {
    const list = /** @type {HTMLElement} */ (this.#track.querySelector(".marks"));
    const found = groups(this.#story.marks, this.#span, this.#track.clientWidth);
    list.replaceChildren(
      ...found.map(({ x, marks, sort }) => {
        const dot = document.createElement("span");
        dot.className = `mark mark-${sort}`;
        dot.dataset.sort = sort;
        dot.dataset.at = String(marks[0].at);
        dot.style.left = `${x}px`;
        dot.title = marks.slice(0, 6).map((mark) => `${clockOf(mark.at)} ${SORTS[mark.sort]}: ${mark.words}`).join("\n") + (marks.length > 6 ? `\nand ${marks.length - 6} more` : "");
        return dot;
      }),
    );
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button) return;
    this.#dragging = true;
    this.#track.setPointerCapture(event.pointerId);
    this.#track.focus({ preventScroll: true });
    const dot = event.target instanceof HTMLElement ? event.target.closest(".mark") : null;
    if (dot instanceof HTMLElement) this.#on.go(Number(dot.dataset.at));
    else this.#move(event);
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#dragging) return;
    const box = this.#track.getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    this.#on.go(part > 0.995 ? null : momentAt(this.#span, part));
  }

  #up() {
    if (!this.#dragging) return;
    this.#dragging = false;
    this.#on.settle();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = this.#target(event);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#on.go(to === null || to >= this.#story.now ? null : Math.max(this.#story.since, to));
    this.#on.settle();
  }

  /** @param {KeyboardEvent} event @returns {number | null | undefined} null: now; undefined: not a key of ours */
  #target({ key, shiftKey }) {
    const at = this.#at ?? this.#story.now;
    const step = shiftKey ? COARSE : FINE;
    if (key === "ArrowLeft" || key === "ArrowDown") return at - step;
    if (key === "ArrowRight" || key === "ArrowUp") return at + step;
    if (key === "Home") return this.#span.from;
    if (key === "End") return null;
    if (key === "PageUp") return markBeside(this.#story.marks, at, false)?.at ?? this.#span.from;
    if (key === "PageDown") return markBeside(this.#story.marks, at, true)?.at ?? null;
    return undefined;
  }
}

/** @param {HTMLElement} element @param {string} name @param {string} value */
function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
