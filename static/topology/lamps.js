/** How bright each stage's lamp burns: it goes out, and on, within 600 ms. */

import { TAKES } from "./motion.js";

export class Lamps {
  /** @type {Map<string, { from: number, to: number, start: number }>} */
  #lamps = new Map();

  /** @param {import("./nodesview.js").Room[]} rooms @param {number} now @param {boolean} instant */
  show(rooms, now, instant) {
    for (const room of rooms) {
      const to = room.lit ? 1 : 0; // the light is what is true, whatever the API believes
      const lamp = this.#lamps.get(room.id);
      if (!lamp) this.#lamps.set(room.id, { from: to, to, start: now });
      else if (lamp.to !== to) this.#lamps.set(room.id, { from: instant ? to : this.at(room.id, now), to, start: now });
    }
  }

  /** 1 lit, 0 out. @param {string} id @param {number} now */
  at(id, now) {
    const lamp = this.#lamps.get(id);
    if (!lamp) return 1;
    const t = Math.min(1, (now - lamp.start) / TAKES.lamp);
    return lamp.from + (lamp.to - lamp.from) * t * t * (3 - 2 * t);
  }

  /** @param {number} now */
  moving(now) {
    return [...this.#lamps.values()].some((lamp) => lamp.from !== lamp.to && now - lamp.start < TAKES.lamp + 40);
  }
}
