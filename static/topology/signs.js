/** The marks beside the figures that are on screen now, with a word for each: what the legend explains. Pure. */

import { left } from "./gaps.js";
import { jarOf } from "./paint/gaps.js";
import { hasRegistry } from "./paint/registry.js";
import { ringsOf } from "./paint/room.js";

/** @typedef {"back-off" | "grace" | "toleration" | "probe" | "deadline" | "node grace" | "off" | "shut" | "jar" | "loose" | "ghost" | "open" | "closed" | "declared" | "cordoned" | "dark" | "wanted" | "restarts" | "served" | "waits" | "scar" | "registry" | "padlock" | "signpost" | "hourglass" | "tether" | "columns" | "request" | "lost" | "alive"} Sign */
/** @typedef {{ sign: Sign, word: string }} Entry */

/** In the order in which the legend lists them. @type {[Sign, string][]} */
const WORDS = [
  ["off", "says so, is not so"], ["alive", "runs, unknown to the API"], ["shut", "runs, not let in"], ["back-off", "until the next try"], ["probe", "until the next probe"], ["grace", "until it is killed"],
  ["toleration", "until it is evicted"], ["node grace", "until NotReady"], ["deadline", "until called stuck"], ["restarts", "restarts so far"], ["jar", "memory: used, asked, limit"], ["scar", "ran over its limit"], ["registry", "cannot be pulled"], ["padlock", "held: cannot go"],
  ["tether", "wants what is not"], ["columns", "old and new version"],
  ["cordoned", "cordoned"], ["dark", "no power"], ["wanted", "wanted, not there"], ["loose", "leads nowhere"], ["ghost", "nearly matches"],
  ["open", "somebody listens"], ["closed", "nobody listens"], ["declared", "only declared"], ["served", "ready"], ["waits", "not yet"],
  ["signpost", "no road behind it"], ["hourglass", "waits, all is well"], ["request", "a request"], ["lost", "a request that fails"],
];

/** Every mark there is. */
export const SIGNS = WORDS.map(([sign]) => sign);

/** @param {import("./nodesview.js").Scene} scene @param {number} now cluster time @returns {Entry[]} */
export function signsOf(scene, now) {
  /** @type {Set<Sign>} */
  const seen = new Set();
  for (const who of scene.people) {
    if (who.wanted) seen.add("wanted");
    if (who.gap === "shut" && who.figure === "Running" && who.pitch >= 25) seen.add("shut");
    if (who.gap === "runs" && who.pitch >= 25) seen.add("alive");
    if (who.gap && who.gap !== "shut" && who.gap !== "runs" && who.figure !== "Unknown" && who.figure !== "Completed") seen.add("off");
    if (who.ring && who.pitch >= 34 && left(who.ring, now) !== null) seen.add(who.ring.kind);
    if (who.restarts && who.pitch >= 54 && who.label === "below") seen.add("restarts");
    if (who.pitch >= 54 && who.label !== "side" && jarOf(who.row)) seen.add(jarOf(who.row)?.scar ? "scar" : "jar");
    if (who.row.held && who.pitch >= 29) seen.add("padlock");
    if (who.row.pull && who.label === "below" && !who.dim && scene.rooms.some((room) => room.name === who.room && hasRegistry(room))) seen.add("registry");
  }
  const out = new Set();
  for (const room of scene.rooms) {
    if (room.node?.cordoned && room.level !== "tiles") seen.add("cordoned");
    if (!room.lit) seen.add("dark");
    if (!room.lit) out.add(room.node?.power === "frozen" ? "hangs" : "no power");
    if (room.kind === "stage" && room.level === "drawing" && (!room.lit || room.dark || room.node?.silent)) for (const { ring } of ringsOf(room, now)) seen.add(ring.kind);
  }
  for (const box of scene.boxes) {
    if (box.plug) seen.add("loose");
    if (box.ring && left(box.ring, now) !== null) seen.add(box.ring.kind);
    if (box.sign) seen.add(box.sign);
    if (box.held) seen.add("padlock");
    if (box.columns) seen.add("columns");
  }
  for (const wire of scene.wires) {
    if (wire.kind === "ghost" || wire.kind === "loose") seen.add(wire.kind);
    if (wire.says) seen.add("tether");
    if (wire.kind === "wait") seen.add("waits");
    if (wire.kind === "serve") seen.add("served");
  }
  for (const stream of scene.streams ?? []) seen.add(stream.ok ? "request" : "lost");
  for (const { kind } of scene.sockets ?? []) if (kind !== "port") seen.add(kind);
  return WORDS.filter(([sign]) => seen.has(sign)).map(([sign, word]) => ({ sign, word: sign === "dark" ? [...out].sort().reverse().join(" or ") : word }));
}
