/** What everybody does to get from the last picture into this one. Pure. */

import { isOver, move, poseAt } from "./motion.js";

/**
 * @typedef {import("./people.js").Person} Person
 * @typedef {import("./motion.js").Pose} Pose
 * @typedef {{ who: Person, move: import("./motion.js").Move | null, leaving: boolean }} Actor
 */

/** What somebody does to get from the last picture into this one.
 * @param {Actor | undefined} old @param {Person} who @param {number} now @param {{ glide: boolean, entrance: { x: number, y: number } | null, nth: number }} how */
export function stepOf(old, who, now, { glide, entrance, nth }) {
  const to = poseOf(who);
  if (!old) {
    if (who.row.node && entrance && !who.row.system) return move("fly", { ...entrance, scale: 0.8, alpha: 1 }, to, now, nth);
    return move("appear", { ...to, scale: 0.6, alpha: 0 }, to, now);
  }
  const from = old.move ? poseAt(old.move, now) : poseOf(old.who);
  const far = Math.hypot(old.who.x - who.x, old.who.y - who.y) > 0.5;
  if (far) {
    const grown = { ...from, scale: from.scale * (old.who.pitch / who.pitch) };
    return move(old.who.room !== who.room && !glide ? "fly" : "glide", grown, to, now, nth);
  }
  if (who.figure === "CrashLoopBackOff" && old.who.figure !== "CrashLoopBackOff") return move("shake", to, to, now);
  return old.move && !isOver(old.move, now) ? old.move : null;
}

/** Without motion: who is new fades in where it belongs. @param {Actor | undefined} old @param {Person} who @param {number} now */
export function fadeIn(old, who, now) {
  return old ? null : move("fade", { ...poseOf(who), alpha: 0 }, poseOf(who), now);
}

/** @param {Actor | undefined} old @param {Person} who */
export function changed(old, who) {
  return !old || old.who.figure !== who.figure || old.who.row.node !== who.row.node;
}

/** @param {Actor} actor @param {number} now @param {boolean} calm @returns {Actor} */
export function leave(actor, now, calm) {
  const from = actor.move ? poseAt(actor.move, now) : poseOf(actor.who);
  if (calm) return { who: actor.who, leaving: true, move: move("fade", from, { ...from, alpha: 0 }, now) };
  const who = actor.who.row.system ? actor.who : { ...actor.who, figure: /** @type {const} */ ("Terminating") };
  return { who, leaving: true, move: move("leave", from, { ...from, x: from.x - 24, alpha: 0 }, now) };
}

/** @param {Person} who @returns {Pose} */
export function poseOf(who) {
  return { x: who.x, y: who.y, scale: 1, alpha: 1 };
}
