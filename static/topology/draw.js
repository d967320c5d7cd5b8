/** The one module that draws: three layers of canvas over what is seen of the scene, painted only where something has changed. */

import { Company } from "./company.js";
import { described } from "./described.js";
import { changesOf, sameOutline } from "./differences.js";
import { told } from "./gaps.js";
import { Lamps } from "./lamps.js";
import { paintMovers, paintPeople, paintRooms, repaintPeople, repaintRooms } from "./layers.js";
import { frame as frameOf } from "./paint/bubble.js";
import { paintFocus, paintTarget } from "./paint/marks.js";
import { paintRefusals } from "./paint/refusals.js";
import { ringsOf } from "./paint/room.js";
import { inside } from "./rooms.js";
import { targetsOf } from "./targets.js";

/**
 * @typedef {import("./nodesview.js").Scene} Scene
 * @typedef {import("./people.js").Person} Person
 * @typedef {import("./rooms.js").Box} Box
 * @typedef {{ kind: string, ns: string, name: string, id: string }} Hit
 * @typedef {{ x: number, y: number, width: number, height: number, scale: number }} Camera what is seen, in pixels of the enlarged scene
 */

const FADE = 450;
/** Where the outline changes again within so many milliseconds, fading would only blur it. */
const RESTLESS = 900;
const MARK = 2000;

export class Drawing {
  #layers;
  #contexts;
  #company = new Company();
  #lamps = new Lamps();
  /** @type {Scene | null} */ #scene = null;
  /** @type {import("./palette.js").Palette} */ #palette;
  /** @type {Camera} */ #camera = { x: 0, y: 0, width: 0, height: 0, scale: 1 };
  /** Layers to be painted as a whole. @type {Set<"rooms" | "people" | "movers">} */ #dirty = new Set();
  /** Where the lowest layer is to be painted beside that. @type {Box[]} */ #some = [];
  /** Was anything on the uppermost layer? */ #busy = false;
  /** @type {(() => void)[]} */ #waiting = [];
  /** The scene that was painted last. @type {Scene | null} */ #painted = null;
  /** What has just changed, for those who want no motion: id -> until when it is outlined. @type {Map<string, number>} */ #marked = new Map();
  #request = 0;
  #reduced = matchMedia("(prefers-reduced-motion: reduce)");
  #focus = { id: "", home: "" };
  #picked = { id: "", home: "" };
  /** What somebody else asks to have outlined: ids. @type {string[]} */ #outlined = [];
  /** What stands for each of them where it is not drawn itself. @type {ReadonlyMap<string, string[]>} */ #instead = new Map();
  /** Each node's answer to who is looked at: node, reason. @type {[string, string][]} */ #refused = [];
  /** What bubbles said in the last stroke. @type {import("./paint/bubble.js").Said[]} */ #said = [];
  /** @type {{ node: string, words: string }[]} */ #refusals = [];
  /** What is said, and where. */ #spoken = "";
  #frozen = false;
  /** When the outline was last another. */ #shifted = -Infinity;
  /** Cluster time for everything that counts down. */
  #clock = () => 0;
  /** Brings the next scene, if there is news. */
  #compose = () => {};

  /** @param {HTMLCanvasElement[]} layers rooms, people, movers @param {import("./palette.js").Palette} palette @param {() => number} clock @param {() => void} compose asked before each stroke */
  constructor(layers, palette, clock, compose) {
    this.#layers = layers;
    this.#contexts = layers.map((layer) => /** @type {CanvasRenderingContext2D} */ (layer.getContext("2d")));
    this.#palette = palette;
    this.#clock = clock;
    this.#compose = compose;
  }

  /** A stroke, with whatever is new by then. */
  ask() {
    this.#soil();
  }

  /** The stroke at once: where the stage has another size, what it shows from now on must not lag behind it. */
  stroke() {
    cancelAnimationFrame(this.#request);
    this.#frame(performance.now());
  }

  /** @param {import("./palette.js").Palette} palette */
  repaint(palette) {
    this.#palette = palette;
    this.#soil("rooms", "people", "movers");
  }

  /** What counts down has moved on by a second. */
  tick() {
    this.#soil("rooms", "people", "movers");
  }

  /** @param {string} id of the object that the keyboard is on, or "" @param {string} [home] of its room, which stands for it where it is not drawn itself */
  focus(id, home = "") {
    this.#focus = { id, home };
    this.#soil("movers");
  }

  /** @param {string} id of the object that the panel shows, or "" @param {string} [home] */
  pick(id, home = "") {
    this.#picked = { id, home };
    this.#soil("rooms", "movers");
  }

  /** @param {string[]} ids of objects that are outlined until told otherwise @param {ReadonlyMap<string, string[]>} instead what stands for each of them where it is not drawn itself */
  outline(ids, instead) {
    this.#outlined = ids;
    this.#instead = instead;
    this.#soil("movers");
  }

  /** @param {[string, string][]} refused a node's name and why it does not take who is looked at; none: nobody is */
  refuse(refused) {
    if (!refused.length && !this.#refused.length) return;
    this.#refused = refused;
    this.#soil("movers");
  }

  /** @param {boolean} frozen everything lands at once and stays */
  freeze(frozen) {
    this.#frozen = frozen;
    if (frozen) this.#company.halt();
    this.#soil("rooms", "people", "movers");
  }

  /** What is seen of the scene from now on. @param {Camera} camera */
  look(camera) {
    const { x, y, width, height, scale } = this.#camera;
    if (x === camera.x && y === camera.y && width === camera.width && height === camera.height && scale === camera.scale) return;
    this.#camera = camera;
    this.#soil("rooms", "people", "movers");
  }

  /** The next picture. What has moved walks there. @param {Scene} scene @param {{ first?: boolean, glide?: boolean, still?: boolean }} [how] still: only the camera has moved */
  show(scene, { first = false, glide = false, still = false } = {}) {
    const now = performance.now();
    const before = this.#scene;
    if (!first && !still && before && !sameOutline(scene, before)) this.#crossFade(now, glide);
    if (scene.level === "drawing") this.#lamps.show(scene.rooms, now, first || this.#reduced.matches);
    this.#company.show(scene, now, { still: first || still || this.#frozen || document.hidden, calm: this.#reduced.matches, glide, mark: (id) => this.#mark(id, now) });
    const some = before && !glide ? changesOf(before, scene) : null;
    this.#scene = scene;
    if (some) this.#some.push(...some);
    else this.#soil("rooms", "people");
    const spoken = this.#words(scene);
    if (!before || glide || scene.level === "drawing" || this.#overlaid() || spoken !== this.#spoken) this.#soil("movers");
    this.#spoken = spoken;
    this.#soil();
  }

  /** @returns {Promise<void>} when nothing moves any more */
  settled() {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#soil();
    });
  }

  /** @param {number} left @param {number} top of what is seen @returns {Hit | null} */
  at(left, top) {
    const scene = this.#scene;
    if (!scene) return null;
    const [x, y] = [(left + this.#camera.x) / this.#camera.scale, (top + this.#camera.y) / this.#camera.scale];
    for (let nth = scene.people.length - 1; nth >= 0; nth -= 1) {
      const who = scene.people[nth];
      if (Math.abs(who.x - x) < 250 && Math.abs(who.y - y) < 150 && !who.wanted && inside(touchable(who), x, y)) return hit(who.row);
    }
    const box = scene.boxes.find((one) => one.id && inside(one.box, x, y));
    if (box) return { kind: box.kind, ns: box.ns, name: box.name, id: box.id };
    const room = scene.rooms.find((one) => one.node && inside(one.box, x, y));
    return room?.node ? hit(room.node) : null;
  }

  /** Where an object stands in the scene. @param {string} id */
  boxOf(id) {
    const scene = this.#scene;
    const who = this.#company.get(id);
    if (who) return frameOf(who);
    return scene?.rooms.find((one) => one.id === id)?.box ?? scene?.boxes.find((one) => one.id === id)?.box ?? null;
  }

  /** What the last stroke painted. */
  painted() {
    const scene = this.#painted;
    const { x, y } = this.#layers[0].getBoundingClientRect();
    const { scale } = this.#camera;
    const rect = (/** @type {Box} */ box) => ({ x: box.x * scale - this.#camera.x + x, y: box.y * scale - this.#camera.y + y, width: box.width * scale, height: box.height * scale });
    const clock = this.#clock();
    const rooms = (scene?.rooms ?? []).map((room) => ({
      what: "room", id: room.id, kind: room.kind, name: room.name, state: room.node?.state ?? "", used: room.used, cap: room.cap, lit: room.lit, rings: ringsOf(room, clock).map((one) => one.words), rect: rect(room.box),
    }));
    const boxes = (scene?.boxes ?? []).map((box) => ({
      what: "box", id: box.id, kind: box.kind, name: box.name, title: box.title, sub: box.sub, note: box.note ?? "", sign: box.sign ?? "", padlock: box.held ?? [], columns: box.columns ?? null,
      ring: box.ring ? told(box.ring, clock) : "", loose: box.loose, rect: rect(box.box),
    }));
    const actors = scene ? [...this.#company.all].filter((actor) => !actor.who.wanted).sort((a, b) => (a.who.id < b.who.id ? -1 : 1)) : [];
    return {
      view: scene?.view ?? "", level: scene?.level ?? "", zoom: scale, rooms, boxes, outlined: this.#targets.map(({ id }) => id), inside: this.#targets.reduce((sum, one) => sum + one.count, 0),
      pods: actors.map(({ who, move }) => ({ ...described(who, Boolean(move), clock), rect: rect(frameOf(who)) })),
      sockets: scene?.sockets ?? [], notes: scene?.notes ?? [], tried: scene?.tried ?? [], streams: scene?.streams ?? [], wires: scene?.wires ?? [], callouts: this.#said.map((one) => one.lines), said: this.#said, refusals: this.#refusals,
    };
  }

  get #targets() {
    return targetsOf(this.#outlined, this.#instead, (id) => this.boxOf(id));
  }

  /** @param {...("rooms" | "people" | "movers")} layers */
  #soil(...layers) {
    for (const layer of layers) this.#dirty.add(layer);
    if (!this.#request && !document.hidden) this.#request = requestAnimationFrame((now) => this.#frame(now));
  }

  /** The page is seen again. */
  wake() {
    this.#request = 0;
    this.#soil("rooms", "people", "movers");
  }

  /** @param {number} now */
  #frame(now) {
    this.#request = 0;
    this.#compose();
    cancelAnimationFrame(this.#request); // what is news by now is painted now
    this.#request = 0;
    if (!this.#scene) return this.#rest();
    this.#fit();
    this.#company.land(now);
    const light = this.#light(now);
    const [rooms, people, movers] = this.#contexts;
    if (this.#lamps.moving(now)) this.#dirty.add("rooms");
    if (this.#dirty.has("rooms")) paintRooms(rooms, this.#scene, light);
    else repaintRooms(rooms, this.#scene, this.#some, light);
    this.#some = [];
    const patches = this.#company.patches();
    if (this.#dirty.has("people") || (patches.length && this.#scene.level === "drawing")) paintPeople(people, this.#company.all, light);
    else if (patches.length) repaintPeople(people, this.#company.all, patches, light);
    const busy = this.#company.moving.size > 0 || Boolean(this.#scene.streams?.length);
    if (busy || this.#busy || this.#dirty.has("movers")) this.#paintAbove(movers, light);
    this.#busy = busy;
    this.#painted = this.#scene;
    this.#dirty.clear();
    if (this.#travels(now) || (busy && !this.#frozen && !this.#reduced.matches)) this.#soil();
    if (!this.#travels(now)) this.#rest();
  }

  #rest() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** @param {number} now @returns {import("./layers.js").Light} */
  #light(now) {
    const { x, y, width, height, scale } = this.#camera;
    const seen = { x: x / scale, y: y / scale, width: width / scale, height: height / scale };
    return { palette: this.#palette, lamps: this.#lamps, now, clock: this.#clock(), picked: this.#picked.id, seen, still: this.#frozen || this.#reduced.matches };
  }

  /** Somebody is on the way to a place; requests, which never end, do not count. @param {number} now */
  #travels(now) {
    return this.#company.moving.size > 0 || this.#lamps.moving(now);
  }

  /** Somebody or something on the picture is pointed at, and may have moved. */
  #overlaid() {
    return Boolean(this.#picked.id || this.#focus.id || this.#outlined.length || this.#marked.size || this.#refused.length);
  }

  /** What is said on the uppermost layer, and where. @param {Scene} scene */
  #words(scene) {
    return scene.bubbles.map((one) => [one.who, one.room, one.lines, one.until, this.#company.get(one.who)?.x, this.#company.get(one.who)?.y].join()).join(";");
  }

  /** The rooms as they were lie over the new ones for a moment, and fade. @param {number} now @param {boolean} glide */
  #crossFade(now, glide) {
    const [rooms] = this.#layers;
    const restless = !glide && now - this.#shifted < RESTLESS;
    this.#shifted = now;
    if (restless || this.#reduced.matches || document.hidden || !rooms.width) return;
    const old = /** @type {HTMLCanvasElement} */ (rooms.cloneNode());
    old.getContext("2d")?.drawImage(rooms, 0, 0);
    rooms.after(old);
    old.animate([{ opacity: 1 }, { opacity: 0 }], { duration: FADE, easing: "ease-out" }).finished.finally(() => old.remove());
  }

  /** The layers are as large as what is seen, and look at where the camera is. */
  #fit() {
    const { x, y, width, height, scale } = this.#camera;
    const ratio = Math.min(devicePixelRatio || 1, (this.#scene?.people.length ?? 0) > 3000 ? 1.5 : 2);
    this.#layers.forEach((layer, index) => {
      const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (layer.width !== wide || layer.height !== high) {
        Object.assign(layer, { width: wide, height: high });
        Object.assign(layer.style, { width: `${width}px`, height: `${height}px` });
        for (const one of /** @type {const} */ (["rooms", "people", "movers"])) this.#dirty.add(one);
      }
      this.#contexts[index].setTransform(ratio * scale, 0, 0, ratio * scale, -x * ratio, -y * ratio);
    });
  }

  /** @param {string} id @param {number} now */
  #mark(id, now) {
    this.#marked.set(id, now + MARK);
    setTimeout(() => this.#soil("movers"), MARK + 20);
  }

  /** @param {CanvasRenderingContext2D} c @param {import("./layers.js").Light} light */
  #paintAbove(c, light) {
    const scene = /** @type {Scene} */ (this.#scene);
    this.#said = paintMovers(c, scene, this.#company.moving, light);
    this.#refusals = paintRefusals(c, this.#palette, scene, this.#refused);
    for (const [id, until] of this.#marked) {
      const box = until > light.now && this.boxOf(id);
      if (box) paintFocus(c, this.#palette, box, 2);
      else this.#marked.delete(id);
    }
    for (const { box, count } of this.#targets) paintTarget(c, this.#palette, box, count);
    for (const [{ id, home }, wide] of /** @type {[{ id: string, home: string }, number][]} */ ([[this.#picked, 2.5], [this.#focus, 4]])) {
      const box = id && (this.boxOf(id) ?? this.boxOf(home));
      if (box) paintFocus(c, this.#palette, box, wide);
    }
  }
}

/** @param {import("./state.js").Row} row @returns {Hit} */
function hit(row) {
  return { kind: row.kind, ns: row.ns ?? "", name: row.name, id: row.id };
}

/** At least 24 px to point at, however small the mark. @param {Person} who */
function touchable(who) {
  const box = frameOf(who);
  const grow = Math.max(0, (who.pitch < 24 ? who.pitch : 24) - box.width) / 2;
  return { x: box.x - grow, y: box.y, width: box.width + grow * 2, height: box.height };
}
