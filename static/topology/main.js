/** The live page: socket -> state -> scene -> picture, text twin, surtitle and legend. */

import { currentTheme } from "../base/theme.js";
import { Camera } from "./camera.js";
import { Drawing } from "./draw.js";
import { both, filtered } from "./filter.js";
import { followed, readWhere } from "./follow.js";
import { Header, address } from "./header.js";
import { Legend } from "./legend.js";
import { NO_MEMORY, nodesScene } from "./nodesview.js";
import { ownershipScene } from "./ownershipview.js";
import { loadFonts } from "./paint/text.js";
import { paletteOf } from "./palette.js";
import { storageScene } from "./storageview.js";
import { trafficScene } from "./trafficview.js";
import { Panel, pluralsHere } from "./panel.js";
import { Pointer } from "./pointer.js";
import { Seldom } from "./seldom.js";
import { TopologySocket } from "./socket.js";
import { NOTHING, apply, clusterTime, find, place } from "./state.js";
import { Subtitles } from "./subtitles.js";
import { standIns } from "./targets.js";
import { Tip, wordsOf } from "./tip.js";
import { Twin } from "./twin.js";
import { FollowMenu } from "./followmenu.js";
import { KEEPERS, TOPS } from "./words.js";
import { Banner } from "./banner.js";
import { Way } from "./way.js";
import { CloserLook, refusedBy } from "./closer.js";

/** @typedef {import("./state.js").Row} Row */

/** Above so many rows a filter is asked anew only now and then. */
const MANY = 2000;

/** The views beside that of the nodes. @type {Record<string, typeof ownershipScene>} */
const LAYOUTS = { ownership: ownershipScene, traffic: trafficScene, storage: storageScene };

class TopologyPage {
  #state = NOTHING;
  #memory = NO_MEMORY;
  /** Who sits where in the other views. @type {Record<string, import("./seats.js").Seating>} */ #seatings = {};
  /** A moment of the past that is shown instead of the present. @type {import("./state.js").State | null} */ #past = null;
  #size = { width: 0, height: 0 };
  #where = readWhere(location.search);
  #picked = "";
  #skew = 0;
  /** @type {number | null} */ #frozenAt = null;
  #pending = false;
  /** Is it only the camera that has moved? */ #moved = true;
  /** Whom the address means, the same set for as long as it has the same members. @type {Set<string> | null} */ #following = null;
  #asked = "";
  #askedAt = 0;
  #glide = false;
  #first = true;
  /** @type {import("./nodesview.js").Scene | null} */ #scene = null;
  #stage = one("#stage");
  #base = document.body.dataset.base ?? "";
  #now = () => this.#frozenAt ?? clusterTime(this.#shown.clock, Date.now() + this.#skew);
  #drawing = new Drawing(/** @type {HTMLCanvasElement[]} */ ([...document.querySelectorAll("#stage canvas")]), paletteOf(currentTheme()), this.#now, () => this.#pending && this.#render());
  #camera = new Camera(this.#stage, one("#world"), (nearer) => (nearer ? this.#plan(true) : this.#scrolled()));
  #legend = new Legend(one("#legend"));
  #tip = new Tip(one("#tip"));
  #header = new Header(() => this.#where, (where) => this.#go(where));
  /** What is text can be read only so fast. */
  #words = new Seldom(() => this.#write(), 250);
  #subtitles = new Subtitles(one("#surtitle"));
  #banner = new Banner(one("#banner"), () => this.#socket.retry());
  #panel = new Panel(one("#side"), this.#base, pluralsHere(), (target) => this.#pick((target && find(this.#shown, target.kind, target.ns, target.name)?.id) ?? ""));
  #menu = new FollowMenu(one("#follow"), (target) => this.#go({ ...this.#where, follow: target }));
  #twin = new Twin(one("#twin"), { closer: (row) => this.#closer.at(row), focus: (id) => this.#focus(id), open: (row) => this.#open(row) });
  #pointer = new Pointer(one("#stage canvas:last-of-type"), (x, y) => this.#drawing.at(x, y), {
    hover: (hit, x, y) => this.#hover(hit, x, y),
    click: (hit) => (this.#tip.hide(), hit ? this.#open(/** @type {Row} */ (this.#shown.rows.get(hit.id))) : this.#panel.close()),
    ask: (hit) => this.#open(this.#shown.rows.get(hit.id), "why"),
  });
  #closer = new CloserLook(this.#base, () => (this.#plan(), this.#look()), () => this.#past?.revision ?? 0);
  /** Whom mouse or keyboard is on. */ #looked = "";
  #way = new Way(one("#way"), this.#base, (ids) => this.#outline(ids));
  #socket = new TopologySocket(socketUrl(this.#base), {
    onFrame: (frame) => this.receive(frame),
    onLink: (link, retryAt) => this.#banner.show(link, retryAt),
    since: () => place(this.#state),
  });

  async start() {
    this.#socket.start();
    await loadFonts();
    this.#legend.paint(paletteOf(currentTheme()));
    new ResizeObserver(([entry]) => this.#resize(entry.contentRect)).observe(this.#stage);
    document.addEventListener("podium:theme", () => this.#repaint());
    document.addEventListener("visibilitychange", () => document.hidden || (this.#drawing.wake(), this.#plan()));
    addEventListener("popstate", () => this.#arrive());
    setInterval(() => this.#second(), 1000);
    this.#pointer.start();
    this.#panel.start();
    this.#camera.start();
    this.#header.start();
    this.#way.start();
  }

  /** A frame from the socket: all frames of one animation frame make one picture. @param {any} frame */
  receive(frame) {
    if (frame.clock?.wall) this.#skew = frame.clock.wall - Date.now();
    this.#state = apply(this.#state, frame);
    document.dispatchEvent(new CustomEvent("podium:changed", { detail: frame }));
    this.#plan();
  }

  /** A frame of the past is shown until `null` brings the present back; what comes meanwhile is kept. @param {any} frame */
  past(frame) {
    this.#past = frame ? apply(this.#past ?? NOTHING, { ...frame, type: "snapshot" }) : null;
    document.body.classList.toggle("past", Boolean(frame));
    this.#plan();
  }

  /** What tests and the curious may ask. */
  hooks() {
    return {
      picture: () => ({ ...this.#drawing.painted(), surtitle: this.#subtitles.text }),
      settled: () => new Promise((resolve) => requestAnimationFrame(() => this.#drawing.settled().then(() => resolve(undefined)))),
      way: (/** @type {number | undefined} */ revision) => this.#way.open(revision),
      outline: (/** @type {string[]} */ uids) => this.#outline(uids ?? []),
      past: (/** @type {any} */ frame) => this.past(frame),
      at: (/** @type {number} */ x, /** @type {number} */ y) => {
        const box = this.#stage.getBoundingClientRect();
        return this.#drawing.at(x - box.x, y - box.y);
      },
      freeze: (/** @type {number | null} */ time) => {
        this.#frozenAt = time ?? null;
        this.#drawing.freeze(time != null);
        this.#render();
      },
    };
  }

  /** @param {boolean} [moved] nothing has changed but where one looks from */
  #plan(moved = false) {
    if (!moved) this.#moved = false;
    if (this.#pending) return;
    this.#pending = true;
    if (document.hidden) setTimeout(() => this.#pending && this.#render(), 250);
    else this.#drawing.ask();
  }

  #render() {
    this.#pending = false;
    if (!this.#state.revision || !this.#size.width) return;
    const state = this.#shown;
    const following = this.#follow(state);
    const { zoom, seen } = this.#camera.plan(this.#where.view);
    const stage = { ...this.#size, phone: this.#size.width < 640, following, wall: performance.now(), zoom, seen, closer: (/** @type {Row} */ row) => this.#closer.at(row, true) };
    const layout = LAYOUTS[this.#where.view];
    if (layout) {
      const { scene, seating } = layout(state, stage, this.#seatings[this.#where.view]);
      this.#scene = scene;
      this.#seatings[this.#where.view] = seating;
    } else {
      const { scene, memory } = nodesScene(state, stage, this.#memory);
      this.#scene = scene;
      this.#memory = memory;
    }
    this.#drawing.look(this.#camera.hold(this.#scene));
    this.#drawing.show(this.#scene, { first: this.#first, glide: this.#glide, still: this.#moved });
    this.#glide = this.#first = false;
    this.#moved = true;
    this.#words.ask();
    if (!this.#picked && this.#where.pick) this.#reopen(this.#where.pick);
    if (this.#picked && !state.rows.has(this.#picked)) this.#pick("");
  }

  /** Another part is looked at: who stands there may have to be seated first. */
  #scrolled() {
    this.#drawing.look(this.#camera.at);
    if (this.#where.view === "nodes" && this.#scene && this.#scene.level !== "tiles") this.#plan(true);
  }

  /** All that is text about the picture. */
  #write() {
    if (!this.#scene) return;
    this.#legend.show(this.#scene, this.#now());
    this.#twin.show(this.#shown);
    this.#menu.show(this.#shown, this.#where.follow);
    this.#header.count(this.#following);
    this.#subtitles.show(this.#shown, this.#now());
  }

  /** Who is meant by what is followed and searched for. @param {import("./state.js").State} state */
  #follow(state) {
    const { follow, filter } = this.#where;
    const asked = JSON.stringify([follow, filter]);
    if (asked === this.#asked && state.rows.list.length > MANY && performance.now() - this.#askedAt < 250) return this.#following;
    this.#asked = asked;
    this.#askedAt = performance.now();
    const found = both(followed(state, follow), filtered(state, filter));
    const same = found && this.#following?.size === found.size && [...found].every((id) => this.#following?.has(id));
    if (!same) this.#following = found;
    return this.#following;
  }

  /** What the picture is made of: the present, or the moment that somebody scrubbed to. */
  get #shown() {
    return this.#past ?? this.#state;
  }

  /** A link may name what is chosen. @param {import("./follow.js").Target} target */
  #reopen({ kind, ns, name }) {
    const row = find(this.#shown, kind, ns, name);
    if (!row) return;
    this.#pick(row.id);
    this.#panel.inspect({ kind, ns, name });
  }

  #second() {
    if (document.hidden || !this.#scene || this.#shown.clock.paused) return;
    this.#subtitles.show(this.#shown, this.#now());
    if (this.#counts()) this.#drawing.tick();
  }

  /** Is there anything on screen that counts down? */
  #counts() {
    const { rooms = [], people = [], boxes = [] } = this.#scene ?? {};
    const now = this.#now();
    return rooms.some((room) => room.dark || !room.lit || room.node?.silent) || people.some((who) => who.ring && (who.ring.every || who.ring.until > now - 2000)) || boxes.some((box) => box.ring);
  }

  /** @param {DOMRectReadOnly} box */
  #resize({ width, height }) {
    this.#size = { width: Math.floor(width), height: Math.floor(height) };
    this.#glide = true;
    this.#plan();
    if (!document.hidden) this.#drawing.stroke();
  }

  #repaint() {
    const palette = paletteOf(currentTheme());
    this.#drawing.repaint(palette);
    this.#legend.paint(palette);
  }

  /** @param {string[]} ids of what is pointed at until told otherwise */
  #outline(ids) {
    this.#drawing.outline(ids, standIns(this.#shown, ids));
  }

  /** The node that a pod is on. @param {string} id */
  #home(id) {
    const node = this.#shown.rows.get(id)?.node;
    return (node && find(this.#shown, "Node", "", node)?.id) || "";
  }

  /** @param {string} id */
  #focus(id) {
    const home = this.#home(id);
    this.#drawing.focus(id, home);
    this.#look(id);
    const box = id && (this.#drawing.boxOf(id) ?? this.#drawing.boxOf(home));
    if (box) this.#camera.reach(box);
  }

  /** @param {Row | undefined} row @param {"inspect" | "why"} [page] */
  #open(row, page = "inspect") {
    if (!row) return;
    this.#pick(row.id);
    const from = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
    this.#panel.inspect({ kind: row.kind, ns: row.ns ?? "", name: row.name }, from, page);
    if ([...TOPS, "ReplicaSet", ...KEEPERS, "Service"].includes(row.kind)) this.#go({ ...this.#where, follow: { kind: row.kind, ns: row.ns ?? "", name: row.name } });
  }

  /** @param {string} id */
  #pick(id) {
    this.#picked = id;
    this.#drawing.pick(id, this.#home(id));
    const row = this.#shown.rows.get(id);
    if (!this.#first) this.#keep(row ? { kind: row.kind, ns: row.ns ?? "", name: row.name } : null);
  }

  /** What is chosen stands in the address, so that a link shows it. @param {import("./follow.js").Target | null} pick */
  #keep(pick) {
    this.#where = { ...this.#where, pick };
    address(this.#where);
  }

  /** @param {import("./draw.js").Hit | null} hit @param {number} x @param {number} y */
  #hover(hit, x, y) {
    const row = hit && this.#shown.rows.get(hit.id);
    this.#look(row?.id ?? "");
    if (row) this.#tip.show(wordsOf(this.#shown, row, this.#closer.at(row), this.#where.view !== "nodes"), x, y);
    else this.#tip.hide();
  }

  /** Whoever is looked at and waits for a node hears each node's answer. @param {string} [id] */
  #look(id = this.#looked) {
    this.#looked = id;
    const row = this.#shown.rows.get(id);
    this.#drawing.refuse(row && !row.node ? refusedBy(this.#closer.at(row, true)) : []);
  }

  /** @param {import("./follow.js").Where} where */
  #go(where) {
    address(where);
    this.#arrive();
  }

  #arrive() {
    const next = readWhere(location.search);
    this.#glide = next.view !== this.#where.view;
    if (this.#glide) this.#camera.reset();
    this.#tip.hide();
    this.#where = next;
    this.#header.mark();
    this.#plan();
    this.#words.ask();
  }
}

/** @param {string} selector */
function one(selector) {
  return /** @type {HTMLElement} */ (document.querySelector(selector));
}

/** @param {string} base */
function socketUrl(base) {
  const url = new URL(`${base}live/`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

const page = new TopologyPage();

/** Shows a frame of the past, or the present again. @param {any} frame as the socket's first, or null */
export const past = (frame) => page.past(frame);

Object.assign(window, { podium: page.hooks() });
page.start();
