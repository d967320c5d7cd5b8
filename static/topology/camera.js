/** How near one stands to the picture: wheel, pinch, keys and buttons come nearer, dragging walks along. Scrolling stays the browser's own. */

import { limits, nearer, split } from "./zoom.js";

/** @typedef {import("./nodesview.js").Scene} Scene */
/** @typedef {import("./rooms.js").Box} Box */
/** @typedef {{ x: number, y: number, left: number, top: number }} Anchor */

const STEP = 1.5;
/** So far a mouse may slip within a click. */
const SLIP = 5;
/** Beyond the edge so much is laid out, so that little scrolling needs no new layout. */
const MARGIN = 240;

export class Camera {
  #stage;
  #world;
  #onMove;
  #zoom = 1;
  #view = "";
  /** What is known of the scene from the last time. */ #known = { width: 0, height: 0, natural: 1, origin: { x: 0, y: 0 } };
  /** What should be under which point of the stage when it is laid out anew. @type {Anchor | null} */ #anchor = null;
  /** @type {{ x: number, y: number, left: number, top: number, far: boolean } | null} */ #drag = null;
  /** @type {number} between two fingers */ #apart = 0;

  /** @param {HTMLElement} stage that scrolls @param {HTMLElement} world that is as large as the scene @param {(nearer: boolean) => void} onMove */
  constructor(stage, world, onMove) {
    this.#stage = stage;
    this.#world = world;
    this.#onMove = onMove;
  }

  start() {
    const stage = this.#stage;
    stage.addEventListener("scroll", () => this.#onMove(false), { passive: true });
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    stage.addEventListener("pointerdown", (event) => this.#grab(event));
    stage.addEventListener("click", (event) => this.#drag?.far && event.stopPropagation(), { capture: true });
    addEventListener("pointermove", (event) => this.#pull(event));
    addEventListener("pointerup", () => setTimeout(() => this.#let(), 0));
    stage.addEventListener("touchmove", (event) => this.#pinch(event), { passive: false });
    stage.addEventListener("touchend", () => (this.#apart = 0));
    document.addEventListener("keydown", (event) => this.#key(event));
    this.#settle();
    for (const button of document.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.#do(/** @type {HTMLElement} */ (button).dataset.zoom ?? ""));
    }
  }

  /** There is no place for the buttons below a phone's stage: they go into the menu. */
  #settle() {
    const group = document.querySelector(".zoom");
    const home = group?.parentElement;
    const menu = document.querySelector(".menu-list");
    if (!group || !home || !menu) return;
    const phone = matchMedia("(max-width: 640px)");
    const place = () => (phone.matches ? menu : home).append(group);
    phone.addEventListener("change", place);
    place();
  }

  /** How large the stages are to be laid out, and which part of that is looked at. @param {string} view */
  plan(view) {
    if (view !== this.#view) Object.assign(this.#known, { natural: 1 });
    this.#view = view;
    const { layout, scale } = split(this.#zoom, this.#known.natural);
    const at = this.#anchor ? this.#target(layout * scale) : { x: this.#stage.scrollLeft, y: this.#stage.scrollTop };
    const seen = { x: at.x / scale - MARGIN, y: at.y / scale - MARGIN, width: this.#stage.clientWidth / scale + 2 * MARGIN, height: this.#stage.clientHeight / scale + 2 * MARGIN };
    return { zoom: layout, seen };
  }

  /** The world is as large as this scene, and what was under the pointer is there again. @param {Scene} scene @returns {import("./draw.js").Camera} */
  hold(scene) {
    const natural = scene.natural ?? 1;
    const { layout, scale } = split(this.#zoom, natural);
    if (layout === 1) Object.assign(this.#known, { width: scene.width, height: scene.height });
    Object.assign(this.#known, { natural, origin: scene.origin ?? { x: 0, y: 0 } });
    this.#size(scene.width * scale, scene.height * scale);
    if (this.#anchor) {
      const { x, y } = this.#target(this.#zoom);
      this.#anchor = null;
      this.#stage.scrollTo(x, y);
    }
    this.#tell();
    return this.at;
  }

  /** What is seen now. @returns {import("./draw.js").Camera} */
  get at() {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.#stage;
    return { x: Math.round(scrollLeft), y: Math.round(scrollTop), width: clientWidth, height: clientHeight, scale: split(this.#zoom, this.#known.natural).scale };
  }

  /** Another picture begins at its beginning. */
  reset() {
    this.#zoom = 1;
    this.#anchor = null;
    this.#stage.scrollTo(0, 0);
  }

  /** Walks to a place of the scene, if it is not seen. @param {Box} box */
  reach(box) {
    const { x, y, width, height, scale } = this.at;
    const into = (/** @type {number} */ from, /** @type {number} */ size, /** @type {number} */ at, /** @type {number} */ room) => {
      if (at * scale < from) return at * scale - 20;
      return (at + size) * scale > from + room ? (at + size) * scale - room + 20 : from;
    };
    this.#stage.scrollTo(into(x, box.width, box.x, width), into(y, box.height, box.y, height));
  }

  /** @param {number} width @param {number} height */
  #size(width, height) {
    const [wide, high] = [`${Math.max(this.#stage.clientWidth, Math.floor(width))}px`, `${Math.max(this.#stage.clientHeight, Math.floor(height))}px`];
    if (this.#world.style.width !== wide) this.#world.style.width = wide;
    if (this.#world.style.height !== high) this.#world.style.height = high;
    this.#stage.classList.toggle("near", this.#zoom > 1.01);
  }

  /** Where to scroll for the anchor to be under its point at this zoom. @param {number} zoom */
  #target(zoom) {
    const { x, y, left, top } = /** @type {Anchor} */ (this.#anchor);
    const { layout, scale } = split(zoom, this.#known.natural);
    const { origin } = this.#known;
    return { x: Math.max(0, nearer(x, origin.x, layout) * scale - left), y: Math.max(0, nearer(y, origin.y, layout) * scale - top) };
  }

  /** @param {number} zoom @param {number} [left] @param {number} [top] the point of the stage that stays where it is */
  #to(zoom, left = this.#stage.clientWidth / 2, top = this.#stage.clientHeight / 2) {
    const { least, most } = limits({ ...this.#known, view: this.#view, stage: { width: this.#stage.clientWidth, height: this.#stage.clientHeight } });
    const next = Math.min(most, Math.max(least, zoom));
    if (Math.abs(next - this.#zoom) < 0.001) return;
    const { layout, scale } = split(this.#zoom, this.#known.natural);
    const { origin } = this.#known;
    const back = (/** @type {number} */ at, /** @type {number} */ from) => nearer(at / scale, from, 1 / layout);
    this.#anchor = { x: back(this.#stage.scrollLeft + left, origin.x), y: back(this.#stage.scrollTop + top, origin.y), left, top };
    this.#zoom = next;
    this.#onMove(true);
  }

  /** @param {string} what */
  #do(what) {
    const { least } = limits({ ...this.#known, view: this.#view, stage: { width: this.#stage.clientWidth, height: this.#stage.clientHeight } });
    if (what === "in") this.#to(this.#zoom * STEP);
    if (what === "out") this.#to(this.#zoom / STEP);
    if (what === "fit") this.#to(least);
    if (what === "full") this.#to(this.#known.natural);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const busy = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable=true], .cm-editor, .xterm, [role=slider]");
    if (busy || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const what = { "+": "in", "=": "in", "-": "out", 0: "fit", 1: "full" }[event.key];
    if (what) this.#do(what);
  }

  /** With Ctrl, or by two fingers on a touchpad, always; else where there is nothing to scroll but what was enlarged. @param {WheelEvent} event */
  #wheel(event) {
    const scrolls = this.#known.height > this.#stage.clientHeight + 1;
    if (!event.ctrlKey && !event.metaKey && (scrolls || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) return;
    event.preventDefault();
    const box = this.#stage.getBoundingClientRect();
    const lines = event.deltaMode ? event.deltaY * 30 : event.deltaY;
    this.#to(this.#zoom * Math.exp(-Math.max(-120, Math.min(120, lines)) * (event.ctrlKey && !event.deltaMode && Math.abs(lines) < 40 ? 0.01 : 0.0022)), event.clientX - box.x, event.clientY - box.y);
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    this.#drag = { x: event.clientX, y: event.clientY, left: this.#stage.scrollLeft, top: this.#stage.scrollTop, far: false };
  }

  /** @param {PointerEvent} event */
  #pull(event) {
    if (!this.#drag || !event.buttons) return;
    const [x, y] = [event.clientX - this.#drag.x, event.clientY - this.#drag.y];
    if (!this.#drag.far && Math.hypot(x, y) < SLIP) return;
    this.#drag.far = true;
    this.#stage.classList.add("dragged");
    this.#stage.scrollTo(this.#drag.left - x, this.#drag.top - y);
  }

  #let() {
    this.#drag = null;
    this.#stage.classList.remove("dragged");
  }

  /** @param {TouchEvent} event */
  #pinch(event) {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    const [a, b] = event.touches;
    const apart = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    const box = this.#stage.getBoundingClientRect();
    if (this.#apart) this.#to((this.#zoom * apart) / this.#apart, (a.clientX + b.clientX) / 2 - box.x, (a.clientY + b.clientY) / 2 - box.y);
    this.#apart = apart;
  }

  /** Which of the buttons would do nothing. */
  #tell() {
    const { least, most } = limits({ ...this.#known, view: this.#view, stage: { width: this.#stage.clientWidth, height: this.#stage.clientHeight } });
    const at = (/** @type {number} */ zoom) => Math.abs(this.#zoom - zoom) < 0.001;
    const idle = /** @type {Record<string, boolean>} */ ({ in: at(most), out: at(least), fit: at(least), full: at(this.#known.natural) });
    for (const button of document.querySelectorAll("[data-zoom]")) {
      const still = String(idle[/** @type {HTMLElement} */ (button).dataset.zoom ?? ""]);
      if (button.getAttribute("aria-disabled") !== still) button.setAttribute("aria-disabled", still);
    }
  }
}
