/** The live page: socket -> state -> scene -> picture, text twin, surtitle and legend. */

import { currentTheme } from "../base/theme.js";
import { Drawing } from "./draw.js";
import { both, filtered } from "./filter.js";
import { followed, readWhere, writeWhere } from "./follow.js";
import { Legend } from "./legend.js";
import { NO_MEMORY, nodesScene } from "./nodesview.js";
import { ownershipScene } from "./ownershipview.js";
import { loadFonts } from "./paint/text.js";
import { paletteOf } from "./palette.js";
import { storageScene } from "./storageview.js";
import { trafficScene } from "./trafficview.js";
import { Panel } from "./panel.js";
import { cast, person, sentence } from "./people.js";
import { Pointer } from "./pointer.js";
import { TopologySocket } from "./socket.js";
import { NOTHING, apply, clusterTime, find, place, rowsOf } from "./state.js";
import { Subtitles } from "./subtitles.js";
import { Twin } from "./twin.js";
import { FollowMenu } from "./followmenu.js";
import { KEEPERS, TOPS } from "./words.js";
import { Banner } from "./banner.js";
import { Way } from "./way.js";
import { CloserLook, refusedBy } from "./closer.js";

/** @typedef {import("./state.js").Row} Row */

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
  #pending = 0;
  #glide = false;
  #first = true;
  /** @type {import("./nodesview.js").Scene | null} */ #scene = null;
  #stage = one("#stage");
  #base = document.body.dataset.base ?? "";
  #now = () => this.#frozenAt ?? clusterTime(this.#shown.clock, Date.now() + this.#skew);
  #drawing = new Drawing(/** @type {HTMLCanvasElement[]} */ ([...document.querySelectorAll("#stage canvas")]), paletteOf(currentTheme()), this.#now);
  #legend = new Legend(one("#legend"));
  #subtitles = new Subtitles(one("#surtitle"));
  #banner = new Banner(one("#banner"), () => this.#socket.retry());
  #panel = new Panel(one("#side"), this.#base, (target) => this.#pick((target && find(this.#shown, target.kind, target.ns, target.name)?.id) ?? ""));
  #menu = new FollowMenu(one("#follow"), (target) => this.#go({ ...this.#where, follow: target }));
  #twin = new Twin(one("#twin"), { closer: (row) => this.#closer.at(row), focus: (id) => this.#focus(id), open: (row) => this.#open(row) });
  #pointer = new Pointer(one("#stage canvas:last-of-type"), (x, y) => this.#drawing.at(x, y), {
    hover: (hit, x, y) => this.#hover(hit, x, y),
    click: (hit) => (one("#tip").toggleAttribute("hidden", true), hit ? this.#open(/** @type {Row} */ (this.#shown.rows.get(hit.id))) : this.#panel.close()),
    ask: (hit) => this.#open(this.#shown.rows.get(hit.id), "why"),
  });
  #closer = new CloserLook(this.#base, () => (this.#plan(), this.#look()));
  /** Whom mouse or keyboard is on. */ #looked = "";
  #way = new Way(one("#way"), this.#base, (ids) => this.#drawing.outline(ids));
  #socket = new TopologySocket(socketUrl(this.#base), {
    onFrame: (frame) => this.receive(frame),
    onLink: (link, retryAt) => this.#banner.show(link, retryAt),
    since: () => place(this.#state),
  });

  async start() {
    await loadFonts();
    this.#legend.paint(paletteOf(currentTheme()));
    new ResizeObserver(([entry]) => this.#resize(entry.contentRect)).observe(this.#stage);
    document.addEventListener("podium:theme", () => this.#repaint());
    document.addEventListener("visibilitychange", () => document.hidden || (this.#drawing.wake(), this.#plan()));
    addEventListener("popstate", () => this.#arrive());
    setInterval(() => this.#second(), 1000);
    this.#pointer.start();
    this.#panel.start();
    this.#tabs();
    this.#search();
    this.#way.start();
    closeMenus();
    this.#socket.start();
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
      outline: (/** @type {string[]} */ uids) => this.#drawing.outline(uids ?? []),
      past: (/** @type {any} */ frame) => this.past(frame),
      at: (/** @type {number} */ x, /** @type {number} */ y) => {
        const box = this.#stage.getBoundingClientRect();
        return this.#drawing.at(x - box.x, y - box.y + this.#stage.scrollTop);
      },
      freeze: (/** @type {number | null} */ time) => {
        this.#frozenAt = time ?? null;
        this.#drawing.freeze(time != null);
        this.#render();
      },
    };
  }

  #plan() {
    if (!this.#pending) this.#pending = document.hidden ? window.setTimeout(() => this.#render(), 250) : requestAnimationFrame(() => this.#render());
  }

  #render() {
    this.#pending = 0;
    if (!this.#state.revision || !this.#size.width) return;
    const state = this.#shown;
    const following = both(followed(state, this.#where.follow), filtered(state, this.#where.filter));
    const stage = { ...this.#size, phone: this.#size.width < 640, following, wall: performance.now(), closer: (/** @type {Row} */ row) => this.#closer.at(row, !this.#past) };
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
    this.#drawing.show(this.#scene, { first: this.#first, glide: this.#glide });
    this.#glide = this.#first = false;
    this.#legend.show(this.#scene, this.#now());
    this.#twin.show(state);
    this.#menu.show(state, this.#where.follow);
    this.#count(following);
    this.#subtitles.show(state, this.#now());
    if (!this.#picked && this.#where.pick) this.#reopen(this.#where.pick);
    if (this.#picked && !state.rows.has(this.#picked)) this.#pick("");
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

  /** How many the filter found. @param {Set<string> | null} found */
  #count(found) {
    const out = document.querySelector("#filter-found");
    if (out) out.textContent = this.#where.filter && found ? `${found.size} found` : "";
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
  }

  #repaint() {
    const palette = paletteOf(currentTheme());
    this.#drawing.repaint(palette);
    this.#legend.paint(palette);
  }

  /** @param {string} id */
  #focus(id) {
    this.#drawing.focus(id);
    this.#look(id);
    const box = id && this.#drawing.boxOf(id);
    if (!box) return;
    if (box.y < this.#stage.scrollTop) this.#stage.scrollTop = box.y - 20;
    if (box.y + box.height > this.#stage.scrollTop + this.#size.height) this.#stage.scrollTop = box.y + box.height - this.#size.height + 20;
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
    this.#drawing.pick(id);
    const row = this.#shown.rows.get(id);
    if (!this.#first) this.#keep(row ? { kind: row.kind, ns: row.ns ?? "", name: row.name } : null);
  }

  /** What is chosen stands in the address, so that a link shows it. @param {import("./follow.js").Target | null} pick */
  #keep(pick) {
    this.#where = { ...this.#where, pick };
    history.replaceState(null, "", location.pathname + writeWhere(this.#where));
  }

  /** @param {import("./draw.js").Hit | null} hit @param {number} x @param {number} y */
  #hover(hit, x, y) {
    const tip = one("#tip");
    const row = hit && this.#shown.rows.get(hit.id);
    this.#look(row?.id ?? "");
    tip.hidden = !row;
    if (!row) return;
    tip.textContent = this.#told(row);
    tip.style.left = `${Math.min(x + 14, innerWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${y + 20 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 10 : y + 20}px`;
  }

  /** Whoever is looked at and waits for a node hears each node's answer. @param {string} [id] */
  #look(id = this.#looked) {
    this.#looked = id;
    const row = this.#shown.rows.get(id);
    this.#drawing.refuse(row && !row.node ? refusedBy(this.#closer.at(row, !this.#past)) : []);
  }

  /** @param {Row} row */
  #told(row) {
    if (row.kind === "Pod") {
      const all = cast(this.#shown, null);
      const closer = this.#closer.at(row);
      const answers = this.#where.view === "nodes" ? [] : refusedBy(closer).slice(0, 12).map((one) => one.join(": "));
      return [sentence(all, person(all, row), closer), amounts(row), row.node && !row.pull ? row.message : "", ...answers].filter(Boolean).join("\n");
    }
    const pods = rowsOf(this.#shown, "Pod").filter((pod) => pod.node === row.name).length;
    if (row.kind === "Node") return [`${row.name}, ${row.state}${row.cordoned ? ", cordoned" : ""}, ${pods} pods`, ...(row.taints ?? [])].join("\n");
    return `${row.kind} ${row.ns}/${row.name}`;
  }

  #tabs() {
    for (const tab of document.querySelectorAll("[data-view]")) {
      tab.addEventListener("click", (event) => {
        event.preventDefault();
        this.#go({ ...this.#where, view: /** @type {import("./follow.js").View} */ (/** @type {HTMLElement} */ (tab).dataset.view ?? "nodes") });
      });
    }
    this.#mark();
  }

  /** @param {import("./follow.js").Where} where */
  #go(where) {
    history.replaceState(null, "", location.pathname + writeWhere(where));
    this.#arrive();
  }

  #arrive() {
    const next = readWhere(location.search);
    this.#glide = next.view !== this.#where.view;
    if (this.#glide) this.#stage.scrollTop = 0;
    this.#where = next;
    document.body.classList.toggle("projector", next.projector);
    this.#mark();
    this.#plan();
  }

  /** `/` leads to the search, Escape out of it. */
  #search() {
    const input = /** @type {HTMLInputElement | null} */ (document.querySelector("#filter"));
    if (!input) return;
    input.value = this.#where.filter;
    input.addEventListener("input", () => this.#go({ ...this.#where, filter: input.value.trim() }));
    document.addEventListener("keydown", (event) => {
      const busy = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable=true], .cm-editor, .xterm");
      if (event.key === "/" && !busy && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        input.focus();
      }
      if (event.key === "Escape" && this.#where.projector && !busy) this.#go({ ...this.#where, projector: false });
      if (event.key === "Escape" && event.target === input && input.value) {
        event.preventDefault();
        input.value = "";
        this.#go({ ...this.#where, filter: "" });
      }
    }, { capture: true });
    document.querySelector("#projector")?.addEventListener("click", () => this.#go({ ...this.#where, projector: !this.#where.projector }));
    document.body.classList.toggle("projector", this.#where.projector);
  }

  #mark() {
    for (const tab of document.querySelectorAll("[data-view]")) {
      if (/** @type {HTMLElement} */ (tab).dataset.view === this.#where.view) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
  }
}

/** An open menu closes when something in it is chosen, beside it is clicked, or Escape is pressed. */
function closeMenus() {
  const close = (/** @type {Event} */ event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      const inside = event.target instanceof Element && menu.contains(event.target);
      if (!inside || (event.type === "click" && event.target instanceof Element && event.target.closest("button"))) menu.removeAttribute("open");
    }
  };
  document.addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!open) return;
    open.removeAttribute("open");
    open.querySelector("summary")?.focus();
  });
}

/** Requests, limits and use in words. @param {Row} pod */
function amounts({ cpu, mem, lid, use }) {
  const said = [
    cpu || mem ? `asks for ${[cpu && `${cpu}m CPU`, mem && `${mem} MiB`].filter(Boolean).join(", ")}` : "",
    lid ? `may use ${[lid[0] != null && `${lid[0]}m CPU`, lid[1] != null && `${lid[1]} MiB`].filter(Boolean).join(", ")}` : "",
    use ? `uses ${use[0]}m CPU, ${use[1]} MiB` : "",
  ].filter(Boolean);
  return said.join(" · ");
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
