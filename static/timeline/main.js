/** The time machine: a timeline of the log, the cluster as it was, played back, stepped, compared, and linked to. */

import { Bar } from "./bar.js";
import { Guard } from "./guard.js";
import { Player } from "./player.js";
import { clockOf, joined } from "./scale.js";

/** @typedef {import("./player.js").Frame} Frame */

const AGAIN = 2500;
const REPLAY = 60e6;

class TimeMachine {
  #base = document.body.dataset.base ?? "";
  #story = { since: 0, now: 0, revision: 0, bars: /** @type {Array<[number, number]>} */ ([]), marks: /** @type {import("./scale.js").Mark[]} */ ([]) };
  /** @type {number | null} */ #at = null;
  /** @type {number | null} */ #pin = null;
  #heard = performance.now();
  #words = "";
  /** @type {Element | null} */ #held = null;
  #bar = new Bar(one("#timeline"), { go: (at) => this.#go(at), settle: () => this.#settle() });
  #guard = new Guard((words) => this.#say(words));
  #player = new Player(this.#base, { show: (frame) => this.#show(frame), lost: () => this.#say("That moment could not be read. Try again.") });

  async start() {
    one("#time-play").addEventListener("click", () => this.#play());
    one("#time-back").addEventListener("click", () => this.#step("previous"));
    one("#time-on").addEventListener("click", () => this.#step("next"));
    one("#time-now").addEventListener("click", () => this.#leave());
    one("#time-pin").addEventListener("click", () => this.#setPin());
    one("#time-compare").addEventListener("click", () => this.#compare());
    document.addEventListener("click", (event) => this.#follow(event));
    document.addEventListener("htmx:afterSettle", () => this.#draw());
    addEventListener("popstate", () => this.#arrive());
    await this.#read();
    setInterval(() => document.hidden || this.#read(), AGAIN);
    this.#arrive();
  }

  /** A link's `?at=` in microseconds of cluster time. */
  #arrive() {
    const at = Number(new URLSearchParams(location.search).get("at"));
    if (at > 0 && at < this.#now()) void this.#player.seek({ at });
    else if (this.#at !== null) this.#leave();
  }

  async #read() {
    try {
      const answer = await fetch(`${this.#base}timeline/?since=${this.#story.revision}`);
      if (!answer.ok) return;
      const fresh = await answer.json();
      this.#story = { ...fresh, ...joined(this.#story, fresh) };
      this.#heard = performance.now();
    } catch {
      return; // the page's banner says that the connection is lost
    }
    this.#draw();
  }

  /** Cluster time, about. */
  #now() {
    const face = /** @type {HTMLElement | null} */ (document.querySelector("time[data-clock]"));
    const speed = face && !face.dataset.paused ? Number(face.dataset.speed) : 0;
    return this.#story.now + (performance.now() - this.#heard) * 1000 * speed;
  }

  /** @param {number | null} at */
  #go(at) {
    this.#held = null;
    this.#player.stop();
    this.#words = "";
    if (at === null) return this.#leave();
    this.#at = at;
    void this.#player.seek({ at });
    this.#draw();
  }

  #leave() {
    this.#words = "";
    this.#player.leave();
    this.#settle();
  }

  /** @param {Frame | null} frame */
  #show(frame) {
    this.#at = frame ? frame.at : null;
    if (frame) document.body.dataset.past = String(frame.at);
    else delete document.body.dataset.past;
    this.#guard.hold(frame ? frame.revision : null);
    window.podium?.past?.(frame);
    this.#draw();
    if (!this.#player.playing && !this.#bar.dragging) this.#settle();
  }

  /** Somebody stays at a moment: the address names it, and the panel shows its object as it was. */
  #settle() {
    this.#address();
    this.#reopen();
  }

  #address() {
    const url = new URL(location.href);
    if (this.#at === null) url.searchParams.delete("at");
    else url.searchParams.set("at", String(Math.round(this.#at)));
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }

  #reopen() {
    const shown = document.querySelector("#panel #inspect");
    const path = shown instanceof HTMLElement ? (shown.dataset.of ?? "").trim() : "";
    const key = `${path} ${this.#player.frame?.revision ?? ""}`;
    if (shown instanceof HTMLElement && shown === this.#held && this.#at !== null) shown.dataset.as = key;
    if (!path || !(shown instanceof HTMLElement) || (shown.dataset.as ?? `${path} `) === key) return;
    shown.dataset.as = key;
    const tab = shown.querySelector("[data-tab][aria-current]")?.id.replace("inspect-tab-", "") ?? "";
    void htmx.ajax("get", `${path}?tab=${tab}`, "#panel").then(() => {
      const fresh = document.querySelector("#panel #inspect");
      if (fresh instanceof HTMLElement) fresh.dataset.as = key;
    });
  }

  #draw() {
    const own = [...document.querySelectorAll("#panel [data-moment]")].map((step) => Number(/** @type {HTMLElement} */ (step).dataset.moment));
    this.#bar.show({ ...this.#story, now: Math.max(this.#story.now, this.#at ?? 0) }, this.#at, this.#pin, own);
    const past = this.#at !== null;
    one("#past").hidden = !past;
    if (past && !this.#bar.dragging && this.#player.frame && !location.search.includes("at=")) this.#address();
    if (past) one("#past-words").textContent = `As it was at ${clockOf(this.#at ?? 0)}${this.#words ? `: ${this.#words}` : ""}`;
    const play = one("#time-play");
    play.setAttribute("aria-label", this.#player.playing ? "Stop playing" : "Play back");
    play.setAttribute("aria-pressed", String(this.#player.playing));
    one("#timeline .shown").textContent = past ? clockOf(this.#at ?? 0) : "now";
    const pinned = this.#pin !== null;
    one("#time-pin").setAttribute("aria-pressed", String(pinned));
    one("#time-compare").title = one("#time-compare").ariaLabel = `Compare ${past ? "this moment" : "now"} with ${pinned ? clockOf(this.#pin ?? 0) : "now"}`;
    /** @type {HTMLButtonElement} */ (one("#time-compare")).disabled = !past && !pinned;
    for (const step of document.querySelectorAll("#panel [data-moment]")) {
      step.toggleAttribute("data-now", past && Number(/** @type {HTMLElement} */ (step).dataset.revision) === this.#player.frame?.revision);
    }
    for (const step of document.querySelectorAll("#panel a.cause-when")) {
      const { at, revision } = /** @type {HTMLElement} */ (step).dataset;
      const here = past && (Number(at) === this.#player.frame?.at || (Number(revision) && Number(revision) === this.#player.frame?.revision));
      if (here) step.setAttribute("aria-current", "time");
      else step.removeAttribute("aria-current");
    }
  }

  #play() {
    if (this.#player.playing) {
      this.#player.stop();
      this.#settle();
      return this.#draw();
    }
    const from = this.#at ?? Math.max(this.#story.since, this.#now() - REPLAY);
    this.#words = "";
    this.#player.play(() => Number(/** @type {HTMLSelectElement} */ (one("#time-speed")).value), from, () => this.#now());
    this.#draw();
  }

  /** @param {"next" | "previous"} to */
  async #step(to) {
    this.#player.stop();
    const from = this.#player.frame?.revision ?? this.#story.revision + 1;
    const answer = await fetch(`${this.#base}timeline/step/?revision=${from}&to=${to}`).catch(() => null);
    if (answer?.status === 204 && to === "next") return this.#leave();
    if (answer?.status !== 200) return this.#say("The log begins here.");
    const { revision, words } = await answer.json();
    this.#words = words;
    await this.#player.seek({ revision });
    this.#settle();
  }

  #setPin() {
    this.#pin = this.#pin === null ? (this.#at ?? this.#now()) : null;
    this.#draw();
  }

  #compare() {
    const now = Math.round(this.#now());
    const [from, to] = [this.#pin ?? now, this.#at ?? now].map(Math.round);
    void htmx.ajax("get", `${this.#base}timeline/compare/?from=${from}&to=${to}`, "#panel");
  }

  /** Something in the panel that names a moment: of an object's change, or a step of a chain of causes. @param {MouseEvent} event */
  #follow(event) {
    const found = event.target instanceof Element ? event.target.closest("button.moment[data-revision], a.cause-when") : null;
    if (!(found instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#player.stop();
    this.#words = "";
    // a chain is read step by step: it stays as it is while the picture goes to the moment of one of its steps
    this.#held = found.closest(".whys") ? document.querySelector("#panel #inspect") : null;
    const { revision, at } = found.dataset;
    void this.#player.seek(Number(revision) ? { revision: Number(revision) } : { at: Number(at) });
  }

  /** @param {string} words */
  #say(words) {
    this.#words = words;
    this.#draw();
  }
}

/** @param {string} selector */
function one(selector) {
  return /** @type {HTMLElement} */ (document.querySelector(selector));
}

if (document.querySelector("#timeline")) void new TimeMachine().start();
