/** The one module that draws: three layers of canvas, redrawn only while something moves or has changed. */

import { described } from "./described.js";
import { outlineOf, roomsOf } from "./differences.js";
import { told } from "./gaps.js";
import { DOOR } from "./lobby.js";
import { Lamps } from "./lamps.js";
import { CROWD, isOver, poseAt } from "./motion.js";
import { frame as frameOf, paintBubbles } from "./paint/bubble.js";
import { paintBalcony, paintDoor, paintInvitation, paintMapRoom, paintTile, paintZone } from "./paint/house.js";
import { paintOwner, paintWire } from "./paint/owners.js";
import { FIGURE_FROM, paintMarks, paintPerson } from "./paint/people.js";
import { paintRefusals } from "./paint/refusals.js";
import { paintRegistries } from "./paint/registry.js";
import { paintStage, ringsOf } from "./paint/room.js";
import { paintFlight, paintFocus, paintTarget } from "./paint/marks.js";
import { paintNote, paintSocket, paintStream, paintTried } from "./paint/traffic.js";
import { inside } from "./rooms.js";
import { changed, fadeIn, leave, poseOf, stepOf } from "./steps.js";

/**
 * @typedef {import("./nodesview.js").Scene} Scene
 * @typedef {import("./people.js").Person} Person
 * @typedef {import("./steps.js").Actor} Actor
 * @typedef {{ kind: string, ns: string, name: string, id: string }} Hit
 */

const FADE = 450;
const MARK = 2000;
/** So many flights are drawn with ring and path; more would be a tangle. */
const FLIGHTS = 9;

const INVITATIONS = {
  nodes: ["The stage is empty.", "Apply some YAML: pods come in by the door."],
  ownership: ["Nobody owns anything yet.", "Apply a Deployment and look here again."],
  traffic: ["Nobody can be called yet.", "Apply a Service and look here again."],
  storage: ["Nobody keeps anything yet.", "Apply a PersistentVolumeClaim and look here again."],
};

export class Drawing {
  #layers;
  #contexts;
  /** @type {Scene | null} */ #scene = null;
  /** @type {import("./palette.js").Palette} */ #palette;
  /** @type {Map<string, Actor>} */ #actors = new Map();
  #lamps = new Lamps();
  /** @type {Set<string>} */ #dirty = new Set();
  /** @type {(() => void)[]} */ #waiting = [];
  /** Rooms and boxes as they were painted. @type {Map<string, any>} */ #painted = new Map();
  /** People as they were painted. @type {Map<string, { who: Person, moving: boolean }>} */ #drawn = new Map();
  /** What has just changed, for those who want no motion: id -> until when it is outlined. @type {Map<string, number>} */ #marked = new Map();
  #request = 0;
  #reduced = matchMedia("(prefers-reduced-motion: reduce)");
  #focus = "";
  #picked = "";
  /** What somebody else asks to have outlined: ids. @type {string[]} */ #outlined = [];
  /** Each node's answer to who is looked at: node, reason. @type {[string, string][]} */ #refused = [];
  /** What bubbles said in the last stroke. @type {import("./paint/bubble.js").Said[]} */ #said = [];
  /** @type {{ node: string, words: string }[]} */ #refusals = [];
  #frozen = false;
  /** Cluster time for everything that counts down. */
  #clock = () => 0;

  /** @param {HTMLCanvasElement[]} layers rooms, people, movers @param {import("./palette.js").Palette} palette @param {() => number} clock */
  constructor(layers, palette, clock) {
    this.#layers = layers;
    this.#contexts = layers.map((layer) => /** @type {CanvasRenderingContext2D} */ (layer.getContext("2d")));
    this.#palette = palette;
    this.#clock = clock;
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

  /** @param {string} id of the object that the keyboard is on, or "" */
  focus(id) {
    this.#focus = id;
    this.#soil("movers");
  }

  /** @param {string} id of the object that the panel shows, or "" */
  pick(id) {
    this.#picked = id;
    this.#soil("rooms", "movers");
  }

  /** @param {string[]} ids of objects that are outlined until told otherwise */
  outline(ids) {
    this.#outlined = ids;
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
    if (frozen) for (const actor of this.#actors.values()) actor.move = null;
    this.#soil("rooms", "people", "movers");
  }

  /** The next picture. What has moved walks there. @param {Scene} scene @param {{ first?: boolean, glide?: boolean }} [how] */
  show(scene, { first = false, glide = false } = {}) {
    const now = performance.now();
    if (!first && this.#scene && outlineOf(scene) !== outlineOf(this.#scene)) this.#crossFade();
    this.#fitTo(scene);
    this.#lamps.show(scene.rooms, now, first || this.#reduced.matches);
    this.#cast(scene, now, first || this.#frozen || document.hidden, glide);
    const rooms = glide || scene.view !== "nodes" || !this.#scene || roomsOf(scene) !== roomsOf(this.#scene);
    this.#scene = scene;
    this.#soil(...(rooms ? ["rooms"] : []), "people", "movers");
  }

  /** @returns {Promise<void>} when nothing moves any more */
  settled() {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#soil("movers");
    });
  }

  /** @param {number} x @param {number} y in the canvas @returns {Hit | null} */
  at(x, y) {
    const scene = this.#scene;
    if (!scene) return null;
    const who = [...scene.people].reverse().find((one) => !one.wanted && inside(touchable(one), x, y));
    if (who) return hit(who.row);
    const box = scene.boxes.find((one) => one.id && inside(one.box, x, y));
    if (box) return { kind: box.kind, ns: box.ns, name: box.name, id: box.id };
    const room = scene.rooms.find((one) => one.node && inside(one.box, x, y));
    return room?.node ? hit(room.node) : null;
  }

  /** Where an object stands in the canvas. @param {string} id */
  boxOf(id) {
    const scene = this.#scene;
    const who = scene?.people.find((one) => one.id === id);
    if (who) return frameOf(who);
    return scene?.rooms.find((one) => one.id === id)?.box ?? scene?.boxes.find((one) => one.id === id)?.box ?? null;
  }

  /** What the last stroke really painted. */
  painted() {
    const { x, y } = this.#layers[0].getBoundingClientRect();
    const moved = (/** @type {any} */ item) => ({ ...item, rect: { ...item.rect, x: item.rect.x + x, y: item.rect.y + y } });
    const all = [...this.#painted.values()].map(moved);
    return {
      view: this.#scene?.view ?? "", level: this.#scene?.level ?? "", rooms: all.filter((one) => one.what === "room"), pods: [...this.#drawn.values()].map((one) => moved(described(one.who, one.moving, this.#clock()))),
      boxes: all.filter((one) => one.what === "box"), outlined: this.#outlined.filter((id) => this.boxOf(id)), sockets: this.#scene?.sockets ?? [], notes: this.#scene?.notes ?? [], tried: this.#scene?.tried ?? [], streams: this.#scene?.streams ?? [], wires: this.#scene?.wires ?? [],
      callouts: this.#said.map((one) => one.lines), said: this.#said, refusals: this.#refusals,
    };
  }

  /** @param {...string} layers */
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
    if (!this.#scene) return this.#rest();
    if (this.#lamps.moving(now)) this.#dirty.add("rooms");
    if (this.#land(now)) this.#dirty.add("people");
    if (this.#dirty.has("rooms")) this.#paintRooms(now);
    if (this.#dirty.has("people")) this.#paintPeople();
    this.#paintMovers(now);
    this.#dirty.clear();
    if (this.#busy(now)) this.#soil("movers");
    if (!this.#travels(now)) this.#rest();
  }

  #rest() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** @param {number} now */
  #busy(now) {
    if (this.#scene?.streams?.length && !this.#frozen && !this.#reduced.matches) return true;
    return this.#travels(now);
  }

  /** Somebody is on the way to a place; requests, which never end, do not count. @param {number} now */
  #travels(now) {
    return this.#lamps.moving(now) || [...this.#actors.values()].some((actor) => actor.move);
  }

  /** The rooms as they were lie over the new ones for a moment, and fade. */
  #crossFade() {
    const [rooms] = this.#layers;
    if (this.#reduced.matches || document.hidden || !rooms.width) return;
    const old = /** @type {HTMLCanvasElement} */ (rooms.cloneNode());
    old.getContext("2d")?.drawImage(rooms, 0, 0);
    rooms.after(old);
    old.animate([{ opacity: 1 }, { opacity: 0 }], { duration: FADE, easing: "ease-out" }).finished.finally(() => old.remove());
  }

  /** @param {Scene} scene */
  #fitTo(scene) {
    const ratio = Math.min(devicePixelRatio || 1, scene.people.length > 3000 ? 1.5 : 2);
    this.#layers.forEach((layer, index) => {
      const [width, height] = [Math.round(scene.width * ratio), Math.round(scene.height * ratio)];
      if (layer.width === width && layer.height === height) return;
      layer.width = width;
      layer.height = height;
      layer.style.width = `${scene.width}px`;
      layer.style.height = `${scene.height}px`;
      this.#contexts[index].setTransform(ratio, 0, 0, ratio, 0, 0);
    });
  }

  /** @param {Scene} scene @param {number} now @param {boolean} still @param {boolean} glide */
  #cast(scene, now, still, glide) {
    const before = this.#actors;
    const next = new Map();
    const calm = this.#reduced.matches;
    const doorway = scene.rooms.find((room) => room.kind === "door")?.box;
    const entrance = doorway ? { x: doorway.x + doorway.width - 20, y: doorway.y + doorway.height - (doorway.height < 200 ? 26 : 113) } : null;
    let moving = 0;
    for (const who of scene.people) {
      const old = before.get(who.id);
      const step = still || moving > CROWD ? null : calm ? fadeIn(old, who, now) : stepOf(old, who, now, { glide, entrance, nth: moving });
      if (step) moving += 1;
      if (calm && !still && changed(old, who)) this.#mark(who.id, now);
      next.set(who.id, { who, move: step, leaving: false });
    }
    for (const [id, actor] of before) {
      if (next.has(id) || still) continue;
      const gone = actor.leaving ? actor : leave(actor, now, calm);
      if (!isOver(/** @type {import("./motion.js").Move} */ (gone.move), now)) next.set(id, gone);
    }
    this.#actors = next;
  }

  /** @param {string} id @param {number} now */
  #mark(id, now) {
    this.#marked.set(id, now + MARK);
    setTimeout(() => this.#soil("movers"), MARK + 20);
  }

  /** Who has arrived stands on the layer of those at rest. @param {number} now */
  #land(now) {
    let landed = false;
    for (const [id, actor] of this.#actors) {
      if (!actor.move || !isOver(actor.move, now)) continue;
      landed = true;
      if (actor.leaving) this.#actors.delete(id);
      else actor.move = null;
    }
    return landed;
  }

  /** @param {number} now */
  #paintRooms(now) {
    const [c] = this.#contexts;
    const scene = /** @type {Scene} */ (this.#scene);
    const p = this.#palette;
    const waiting = scene.people.filter((who) => who.room === DOOR).length;
    c.clearRect(0, 0, scene.width, scene.height);
    this.#painted.clear();
    for (const zone of scene.zones) paintZone(c, p, zone);
    for (const room of scene.rooms) {
      if (room.kind === "door") paintDoor(c, p, room, waiting, scene.bubbles.find((bubble) => !bubble.figure && !bubble.room)?.lines ?? []);
      else if (room.kind === "balcony") paintBalcony(c, p, room);
      else if (room.level === "drawing") paintStage(c, p, room, { lamp: this.#lamps.at(room.id, now), now: this.#clock() });
      else if (room.level === "map") paintMapRoom(c, p, room);
      else paintTile(c, p, room);
      this.#painted.set(room.id, { what: "room", id: room.id, kind: room.kind, name: room.name, state: room.node?.state ?? "", used: room.used, cap: room.cap, lit: room.lit, rings: ringsOf(room, this.#clock()).map((one) => one.words), rect: room.box });
    }
    for (const wire of scene.wires) paintWire(c, p, wire);
    for (const box of scene.boxes) {
      paintOwner(c, p, box, box.id !== "" && box.id === this.#picked, this.#clock());
      this.#painted.set(box.id || `${box.kind} ${box.name}`, { what: "box", id: box.id, kind: box.kind, name: box.name, title: box.title, sub: box.sub, note: box.note ?? "", sign: box.sign ?? "", padlock: box.held ?? [], columns: box.columns ?? null, ring: box.ring ? told(box.ring, this.#clock()) : "", loose: box.loose, rect: box.box });
    }
    for (const socket of scene.sockets ?? []) paintSocket(c, p, socket);
    for (const note of scene.notes ?? []) paintNote(c, p, note);
    for (const tried of scene.tried ?? []) paintTried(c, p, tried);
    if (!scene.everybody.some((who) => !who.row.system) && !scene.boxes.length) this.#invite(c, scene);
    this.#dirty.add("people");
  }

  /** @param {CanvasRenderingContext2D} c @param {Scene} scene */
  #invite(c, scene) {
    const stages = scene.rooms.filter((room) => room.kind === "stage");
    const left = stages.length ? Math.min(...stages.map((room) => room.box.x)) : 0;
    const lines = INVITATIONS[scene.view];
    paintInvitation(c, this.#palette, lines, left + (scene.width - left) / 2, scene.height * 0.52);
  }

  #paintPeople() {
    const c = this.#contexts[1];
    const scene = /** @type {Scene} */ (this.#scene);
    c.clearRect(0, 0, scene.width, scene.height);
    this.#drawn.clear();
    const resting = [...this.#actors.values()].filter((actor) => !actor.move);
    const marks = resting.filter(({ who }) => who.pitch < FIGURE_FROM).map(({ who }) => ({ who, pose: poseOf(who) }));
    paintMarks(c, this.#palette, marks);
    for (const { who } of resting) {
      if (who.pitch >= FIGURE_FROM) paintPerson(c, this.#palette, who, poseOf(who), this.#clock());
      this.#note(who, false);
    }
  }

  /** @param {Person} who @param {boolean} moving */
  #note(who, moving) {
    if (!who.wanted) this.#drawn.set(who.id, { who, moving });
  }

  /** @param {number} now */
  #paintMovers(now) {
    const c = this.#contexts[2];
    const scene = /** @type {Scene} */ (this.#scene);
    c.clearRect(0, 0, scene.width, scene.height);
    const movers = [...this.#actors.values()].filter((actor) => actor.move);
    const flat = movers.filter(({ who }) => who.pitch < FIGURE_FROM).map((actor) => ({ who: actor.who, pose: poseAt(/** @type {any} */ (actor.move), now) }));
    paintMarks(c, this.#palette, flat);
    let told = 0;
    for (const actor of movers) {
      const step = /** @type {import("./motion.js").Move} */ (actor.move);
      if (step.kind === "fly" && (told += 1) <= FLIGHTS) paintFlight(c, this.#palette, actor.who, step, now);
      if (actor.who.pitch >= FIGURE_FROM) paintPerson(c, this.#palette, { ...actor.who, label: step.kind === "shake" ? actor.who.label : "none" }, poseAt(step, now), this.#clock());
      this.#note(actor.who, true);
    }
    for (const stream of scene.streams ?? []) paintStream(c, this.#palette, stream, now, this.#frozen || this.#reduced.matches);
    this.#said = [...paintRegistries(c, this.#palette, scene), ...paintBubbles(c, this.#palette, scene, this.#clock())];
    this.#refusals = paintRefusals(c, this.#palette, scene, this.#refused);
    for (const [id, until] of this.#marked) {
      const box = until > now && this.boxOf(id);
      if (box) paintFocus(c, this.#palette, box, 2);
      else this.#marked.delete(id);
    }
    for (const id of this.#outlined) {
      const box = this.boxOf(id);
      if (box) paintTarget(c, this.#palette, box);
    }
    for (const [id, strong] of /** @type {[string, boolean][]} */ ([[this.#picked, false], [this.#focus, true]])) {
      const box = id && this.boxOf(id);
      if (box) paintFocus(c, this.#palette, box, strong ? 4 : 2.5);
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
