/** The two charts of a traffic panel. They outlive the panel's refreshing: a chart moves into its new place. */

import uPlot from "uplot";
import { columns, span, words } from "./rates.js";

const EVERY = 1000;
const HEIGHT = 140;

/** @typedef {import("./rates.js").Point} Point */

export class Charts {
  /** @type {Map<string, uPlot>} */ #charts = new Map();
  /** @type {Point[]} */ #points = [];
  #url = "";
  #timer = 0;
  #asked = 0;

  start() {
    this.#timer = window.setInterval(() => this.#ask(), EVERY);
    new MutationObserver(() => this.#forget()).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    addEventListener("resize", () => this.#fit());
  }

  stop() {
    clearInterval(this.#timer);
    this.#forget();
  }

  /** The panel was drawn anew, perhaps of another object. @param {HTMLElement} box */
  show(box) {
    const url = box.dataset.traffic ?? "";
    if (url !== this.#url) {
      this.#forget();
      this.#points = [];
      this.#url = url;
    }
    this.#place(box);
    if (performance.now() - this.#asked > EVERY / 2) this.#ask();
  }

  async #ask() {
    const box = document.querySelector("[data-traffic]");
    if (!(box instanceof HTMLElement) || document.hidden) return;
    this.#asked = performance.now();
    const answer = await fetch(box.dataset.traffic ?? "").catch(() => null);
    if (!answer?.ok || box.dataset.traffic !== this.#url) return;
    this.#points = (await answer.json()).points;
    const here = document.querySelector("[data-traffic]");
    if (here instanceof HTMLElement) this.#place(here);
  }

  /** @param {HTMLElement} box */
  #place(box) {
    const data = columns(this.#points);
    for (const place of box.querySelectorAll("[data-chart]")) {
      if (!(place instanceof HTMLElement)) continue;
      const kind = place.dataset.chart === "latency" ? "latency" : "rate";
      const chart = this.#charts.get(kind) ?? this.#made(kind, place);
      if (chart.root.parentElement !== place) place.replaceChildren(chart.root);
      chart.setData(/** @type {any} */ (data[kind]));
      requestAnimationFrame(() => tellLast(chart));
    }
    const said = box.querySelector("[data-chart-words]");
    if (said) said.textContent = words(this.#points);
    this.#fit();
  }

  /** @param {"rate" | "latency"} kind @param {HTMLElement} place */
  #made(kind, place) {
    const style = getComputedStyle(document.documentElement);
    const ink = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
    const fresh = new uPlot({ ...options(kind, ink), width: place.clientWidth || 320, height: HEIGHT }, /** @type {any} */ ([[], [], [], []]).slice(0, kind === "rate" ? 3 : 4), place);
    this.#charts.set(kind, fresh);
    return fresh;
  }

  #fit() {
    for (const chart of this.#charts.values()) {
      const width = chart.root.parentElement?.clientWidth ?? 0;
      if (width && width !== chart.width) chart.setSize({ width, height: HEIGHT });
    }
  }

  #forget() {
    for (const chart of this.#charts.values()) chart.destroy();
    this.#charts.clear();
    const box = document.querySelector("[data-traffic]");
    if (box instanceof HTMLElement && this.#points.length) this.#place(box);
  }
}

/** While nobody points at a moment, the legend tells the last one. @param {uPlot} chart */
function tellLast(chart) {
  const last = chart.data[0].length - 1;
  if (last >= 0 && chart.cursor.idx === null) chart.setLegend({ idx: last });
}

/** @param {"rate" | "latency"} kind @param {(name: string) => string} ink @returns {any} */
function options(kind, ink) {
  const times = kind === "latency";
  const axis = { stroke: ink("muted"), grid: { stroke: ink("line"), width: 0.5 }, ticks: { show: false }, font: "13px system-ui, sans-serif" };
  const told = (/** @type {number | null} */ value) => (value === null || value === undefined ? "–" : times ? span(value) : `${value}`);
  const line = (/** @type {string} */ label, /** @type {string} */ colour, /** @type {number[]} */ dash, fill = "") =>
    ({ label, stroke: colour, width: 2, dash, fill: fill || undefined, points: { show: false }, spanGaps: false, value: (/** @type {any} */ _, /** @type {any} */ value) => told(value) });
  const series = times
    ? [line("half", ink("ready"), []), line("95 of 100", ink("notready"), [8, 4]), line("99 of 100", ink("crash"), [2, 3])]
    : [line("answered", ink("ready"), [], `${ink("ready")}33`), line("failed", ink("crash"), [6, 3], `${ink("crash")}33`)];
  return {
    cursor: { y: false, drag: { x: false, y: false } },
    legend: { live: true },
    scales: { x: { time: false, range: [-89, 0] }, y: { range: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ most) => [0, (most || 1) * 1.1] } },
    axes: [
      { ...axis, size: 30, values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map((at) => (at ? `${at} s` : "now")) },
      { ...axis, size: 62, values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map(told) },
    ],
    series: [{ label: "second", value: (/** @type {any} */ _, /** @type {number | null} */ at) => (at === null ? "–" : `${at} s`) }, ...series],
  };
}
