/** The Storage view: who mounts, what is claimed, which volume it got, and the disk that truly is there. Pure. */

import { layGroups } from "./groupsview.js";
import { cast, person } from "./people.js";
import { EMPTY, seat } from "./seats.js";
import { byName, rowsOf } from "./state.js";
import { tallyOf } from "./troupes.js";
import { counted } from "./words.js";

/**
 * @typedef {import("./state.js").Row} Row
 * @typedef {import("./people.js").Person} Person
 * @typedef {import("./ownershipview.js").OwnerBox} OwnerBox
 * @typedef {import("./ownershipview.js").Wire} Wire
 * @typedef {{ key: string, claim: Row | null, name: string, ns: string, volume: Row | null, pods: Row[] }} Chain
 */

/** Above so many claims and volumes, names would not be seen without scrolling far: they stand in groups by who mounts them. */
const CHAINS = 40;

/** Bound is fine; a claim that is not there or has lost its volume is bad; what waits changes. @param {import("./people.js").Cast} all @param {Chain[]} chains
 * @returns {[import("./groupsview.js").Group[], import("./troupes.js").Tally]} */
function groupsOf(all, chains) {
  /** @type {Map<string, import("./groupsview.js").Group>} */
  const groups = new Map();
  const mounting = new Map(chains.flatMap((chain) => chain.pods.map((pod) => [pod.id, person(all, pod)])));
  for (const chain of chains) {
    const row = topOf(all.state, chain);
    const key = row.id || row.name;
    const group = groups.get(key) ?? { row, counts: [0, 0, 0], bright: false };
    const word = chain.claim ? (chain.claim.deleting ? "Terminating" : chain.claim.state) : chain.pods.length ? "Lost" : chain.volume?.state;
    group.counts[word === "Lost" || word === "Failed" ? 1 : word === "Bound" || word === "Available" ? 0 : 2] += 1;
    group.bright ||= chain.pods.some((pod) => !mounting.get(pod.id)?.dim);
    groups.set(key, group);
  }
  return [[...groups.values()].sort((a, b) => byName(a.row, b.row)), tallyOf([...mounting.values()])];
}

/** Who stands above the first that mounts it. @param {import("./state.js").State} state @param {Chain} chain @returns {Row} */
function topOf(state, { claim, pods }) {
  let row = pods[0];
  for (let up = state.rows.get(row?.owner ?? ""); up && up.kind !== "Node"; up = state.rows.get(up.owner ?? "")) row = up;
  return row ?? { id: "", kind: "", name: claim ? `unused in ${claim.ns}` : "volumes without a claim" };
}

/** @param {import("./state.js").State} state @param {import("./nodesview.js").Stage} stage @param {import("./seats.js").Seating} [before] */
export function storageScene(state, stage, before = EMPTY) {
  const all = cast(state, stage.following);
  const chains = chainsOf(state);
  if (chains.length > CHAINS) return layGroups(...groupsOf(all, chains), stage, "storage", before);
  const seating = seat(before, chains.flatMap((chain) => chain.pods.map((pod) => ({ id: `${chain.key} ${pod.id}`, room: chain.key }))), stage.wall);
  const at = columns(stage);
  const boxes = /** @type {OwnerBox[]} */ ([]);
  const wires = /** @type {Wire[]} */ ([]);
  const people = /** @type {Person[]} */ ([]);
  const shown = new Set();
  let y = at.top;
  for (const chain of chains) {
    const slots = chain.pods.map((pod) => seating.seats.get(`${chain.key} ${pod.id}`)?.slot ?? 0);
    const perLine = Math.max(1, Math.floor(at.podsWide / at.pitch));
    const rows = chain.pods.length ? Math.ceil((Math.max(...slots) + 1) / perLine) : 0;
    const high = stage.phone ? rows * at.line + (chain.volume ? 190 : 78) : Math.max(84, rows * at.line + 12);
    const middle = stage.phone ? y + rows * at.line + 30 : y + high / 2;
    const top = stage.phone ? y : y + (high - rows * at.line) / 2;
    chain.pods.forEach((pod, index) => {
      const id = shown.has(pod.id) ? `${chain.key} ${pod.id}` : pod.id;
      shown.add(pod.id);
      const who = person(all, pod);
      people.push({ ...who, id, room: chain.key, pitch: at.pitch, wide: at.pitch * 1.2, label: "hash", badge: null, slot: slots[index], x: at.pods + ((slots[index] % perLine) + 0.5) * at.pitch, y: top + Math.floor(slots[index] / perLine) * at.line + at.pitch * 0.895 + 4 });
    });
    const claim = claimBox(state, chain, at, middle);
    boxes.push(claim);
    for (const who of people.filter((one) => one.room === chain.key)) {
      if (!stage.phone) wires.push({ kind: chain.claim?.state === "Bound" ? "serve" : "wait", points: [[who.x + at.pitch * 0.4, who.y - 24], [claim.box.x, middle]], dim: who.dim });
    }
    if (chain.volume) {
      const lower = stage.phone ? 60 : 0;
      const volume = volumeBox(chain.volume, at, middle + lower);
      const disk = diskBox(chain.volume, at, middle + lower * 2);
      boxes.push(volume, disk);
      if (!stage.phone) wires.push(line(claim, volume, chain.claim ? "serve" : "wait"), line(volume, disk, "serve"));
    } else if (!stage.phone) wires.push({ kind: "loose", points: [[claim.box.x + claim.box.width, middle], [claim.box.x + claim.box.width + 44, middle + 12]], dim: false });
    y += high + 8;
  }
  return {
    scene: /** @type {import("./nodesview.js").Scene} */ ({
      view: "storage", level: "drawing", width: stage.width, height: Math.max(stage.height, y + 16), rooms: [], people, bubbles: [], zones: [],
      boxes: stage.following ? boxes.map((box) => ({ ...box, dim: !people.some((who) => !who.dim && box.claims?.includes(who.room)) })) : boxes, wires,
    }), seating,
  };
}

/** @param {import("./nodesview.js").Stage} stage */
function columns({ width, phone }) {
  if (phone) return { top: 14, pods: 24, podsWide: width - 40, claim: 16, claimWide: width - 32, volume: 30, volumeWide: width - 46, disk: 44, diskWide: width - 60, pitch: 52, line: 84 };
  const wide = Math.min(240, width * 0.2);
  const podsWide = Math.max(150, width - 3 * wide - 40 - 170);
  const claim = 24 + podsWide + 60;
  return { top: 18, pods: 24, podsWide, claim, claimWide: wide, volume: claim + wide + 52, volumeWide: wide, disk: claim + wide * 2 + 104, diskWide: Math.min(wide, width - claim - wide * 2 - 124), pitch: 62, line: 92 };
}

/** @typedef {ReturnType<typeof columns>} Columns */

/** Every claim, every claim that is named and is not there, and every volume that nobody has.
 * @param {import("./state.js").State} state @returns {Chain[]} */
function chainsOf(state) {
  /** @type {Map<string, Row[]>} */
  const mounting = new Map();
  for (const pod of rowsOf(state, "Pod")) {
    for (const name of pod.claims ?? []) {
      const those = mounting.get(`${pod.ns}/${name}`);
      if (those) those.push(pod);
      else mounting.set(`${pod.ns}/${name}`, [pod]);
    }
  }
  const volumes = rowsOf(state, "PersistentVolume");
  const named = new Map(volumes.map((volume) => [volume.name, volume]));
  const chains = rowsOf(state, "PersistentVolumeClaim").map((claim) => {
    const key = `${claim.ns}/${claim.name}`;
    return { key, claim: /** @type {Row | null} */ (claim), name: claim.name, ns: claim.ns ?? "", volume: named.get(claim.volume ?? "") ?? null, pods: mounting.get(key) ?? [] };
  });
  const known = new Set(chains.map((chain) => chain.key));
  for (const [key, pods] of mounting) {
    const [ns, name] = key.split("/");
    if (!known.has(key)) chains.push({ key, claim: null, name, ns, volume: null, pods });
  }
  const taken = new Set(chains.map((chain) => chain.volume?.id));
  return [...chains, ...volumes.filter((volume) => !taken.has(volume.id)).map((volume) => ({ key: volume.id, claim: null, name: "", ns: "", volume, pods: [] }))];
}

/** @param {import("./state.js").State} state @param {Chain} chain @param {Columns} at @param {number} middle @returns {OwnerBox} */
function claimBox(state, { key, claim, name, ns, volume }, at, middle) {
  const box = { x: at.claim, y: middle - 28, width: at.claimWide, height: 56 };
  const plain = { kind: "PersistentVolumeClaim", ns, name, short: "", box, dim: false, claims: [key] };
  if (!claim && volume) return { ...plain, id: "", kind: "", title: volume.claim ?? "no claim", sub: volume.claim ? "is gone" : "nobody asked for it yet", loose: true };
  if (!claim) return { ...plain, id: "", title: name, sub: "no such claim", loose: true };
  const waits = rowsOf(state, "StorageClass").find((one) => one.name === claim.class)?.waits;
  const patient = claim.state !== "Bound" && waits;
  const said = claim.state === "Bound" ? `${claim.size} · ${claim.modes}` : patient ? "waits for its first pod" : `${claim.state} · ${claim.size} of ${claim.class ?? "no class"}`;
  return { ...plain, id: claim.id, title: name, sub: claim.held ? `held by ${claim.held[0]}` : claim.deleting ? "Terminating" : said, loose: claim.state !== "Bound", sign: patient ? "hourglass" : undefined, held: claim.held };
}

/** @param {Row} volume @param {Columns} at @param {number} middle @returns {OwnerBox} */
function volumeBox(volume, at, middle) {
  const title = volume.name.replace(/^(pvc-[0-9a-f]{8})-.*$/, "$1…");
  return { id: volume.id, kind: "PersistentVolume", ns: "", name: volume.name, title, sub: `${volume.deleting ? "Terminating" : volume.state} · ${volume.size} · ${volume.reclaim}`, short: volume.state ?? "", box: { x: at.volume, y: middle - 28, width: at.volumeWide, height: 56 }, loose: volume.state !== "Bound", dim: false, claims: [volume.claim ?? volume.id] };
}

/** What truly is there. @param {Row} volume @param {Columns} at @param {number} middle @returns {OwnerBox} */
function diskBox(volume, at, middle) {
  const there = volume.files !== undefined;
  return { id: "", kind: "Disk", ns: "", name: volume.name, title: volume.node ? `on ${volume.node}` : there ? "a disk" : "no disk yet", sub: there ? counted(volume.files ?? 0, "file") : (volume.class ?? "by hand"), short: "", box: { x: at.disk, y: middle - 28, width: at.diskWide, height: 56 }, loose: !there, dim: false, claims: [volume.claim ?? volume.id] };
}

/** @param {OwnerBox} from @param {OwnerBox} to @param {Wire["kind"]} kind @returns {Wire} */
function line({ box: from }, { box: to }, kind) {
  return { kind, points: [[from.x + from.width, from.y + from.height / 2], [to.x, to.y + to.height / 2]], dim: false };
}
