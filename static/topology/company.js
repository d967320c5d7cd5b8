/** Everybody on the canvas: who rests where, who is on the way, and which patches of the resting ones' layer no longer fit. */

import { CROWD, isOver } from "./motion.js";
import { FIGURE_FROM, heightOf } from "./paint/people.js";
import { changed, fadeIn, leave, stepOf } from "./steps.js";

/**
 * @typedef {import("./people.js").Person} Person
 * @typedef {import("./rooms.js").Box} Box
 * @typedef {import("./steps.js").Actor & { turn: number }} Actor turn: the last picture that they were in
 * @typedef {{ still: boolean, calm: boolean, glide: boolean, mark: (id: string) => void }} How still: everybody is there at once; calm: no motion is wanted
 */

export class Company {
  /** @type {Map<string, Actor>} */ #actors = new Map();
  /** @type {Set<Actor>} */ #moving = new Set();
  /** @type {Box[]} */ #patches = [];
  #turn = 0;

  /** @returns {Iterable<Actor>} */
  get all() {
    return this.#actors.values();
  }

  /** @returns {ReadonlySet<Actor>} */
  get moving() {
    return this.#moving;
  }

  /** @param {string} id */
  get(id) {
    const actor = this.#actors.get(id);
    return actor && !actor.leaving ? actor.who : undefined;
  }

  /** What must be erased and painted again on the layer of those at rest; from now on it is taken to be. */
  patches() {
    return this.#patches.splice(0);
  }

  /** The next picture's people. What has moved walks there. @param {import("./nodesview.js").Scene} scene @param {number} now @param {How} how */
  show(scene, now, how) {
    const entrance = doorOf(scene);
    let nth = 0;
    this.#turn += 1;
    for (const who of scene.people) {
      const old = this.#actors.get(who.id);
      if (old && old.who === who && !old.leaving && !(how.still && old.move)) {
        old.turn = this.#turn;
        continue;
      }
      const step = how.still || nth > CROWD ? null : how.calm ? fadeIn(old, who, now) : stepOf(old, who, now, { glide: how.glide, entrance, nth });
      if (step) nth += 1;
      if (how.calm && !how.still && changed(old, who)) how.mark(who.id);
      this.#put(old, { who, move: step, leaving: false, turn: this.#turn });
    }
    for (const old of this.#actors.values()) {
      if (old.turn === this.#turn || (old.leaving && !how.still)) continue;
      if (how.still) this.#drop(old);
      else this.#put(old, { ...leave(old, now, how.calm), turn: this.#turn });
    }
  }

  /** Who has arrived stands among those at rest; who has left is gone. @param {number} now */
  land(now) {
    for (const actor of this.#moving) {
      if (!actor.move || !isOver(actor.move, now)) continue;
      if (actor.leaving) this.#drop(actor);
      else this.#put(actor, { ...actor, move: null });
    }
  }

  /** Everybody is where they go to. */
  halt() {
    for (const actor of [...this.#moving]) this.#put(actor, { ...actor, move: null });
  }

  /** @param {Actor | undefined} old @param {Actor} actor */
  #put(old, actor) {
    if (old && !old.move) this.#patches.push(patchOf(old.who));
    if (old) this.#moving.delete(old);
    if (actor.move) this.#moving.add(actor);
    else this.#patches.push(patchOf(actor.who));
    this.#actors.set(actor.who.id, actor);
  }

  /** @param {Actor} actor */
  #drop(actor) {
    if (!actor.move) this.#patches.push(patchOf(actor.who));
    this.#moving.delete(actor);
    this.#actors.delete(actor.who.id);
  }
}

/** Where those who come in from the door set out. @param {import("./nodesview.js").Scene} scene */
function doorOf(scene) {
  const box = scene.rooms.find((room) => room.kind === "door")?.box;
  return box ? { x: box.x + box.width - 20, y: box.y + box.height - (box.height < 200 ? 26 : 113) } : null;
}

/** A mark stays within its seat; about a figure there are rings, badges and words. @param {Person} who @returns {Box} */
export function patchOf(who) {
  if (who.pitch < FIGURE_FROM) return { x: who.x - who.pitch / 2, y: who.y - who.pitch, width: who.pitch, height: who.pitch };
  const height = heightOf(who);
  const [left, right] = [Math.max(height, who.wide / 2) + 8, who.label === "side" ? who.wide : Math.max(height, who.wide / 2) + 8];
  return { x: who.x - left, y: who.y - height * 1.25 - 12, width: left + right, height: height * 1.25 + 12 + 62 };
}
