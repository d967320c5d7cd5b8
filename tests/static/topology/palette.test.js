import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DARK, FIGURES, LIGHT } from "../../../static/topology/palette.js";
import { SIGHTS, contrast, distance, lab, linear, seen } from "./colour.js";

const LIVE = FIGURES.filter((figure) => figure !== "Pending" && figure !== "Unknown");

/** @param {import("../../../static/topology/palette.js").Palette} palette @param {readonly string[]} figures @param {number[][]} sight */
function nearest(palette, figures, sight) {
  const points = figures.map((figure) => lab(seen(linear(palette.state[/** @type {keyof typeof palette.state} */ (figure)]), sight)));
  return Math.min(...points.flatMap((one, i) => points.slice(i + 1).map((two) => distance(one, two))));
}

test("CIEDE2000 gives the published distance", () => {
  assert.ok(Math.abs(distance([50, 2.6772, -79.7751], [50, 0, -82.7485]) - 2.0425) < 0.001);
  assert.ok(Math.abs(distance([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387]) - 1.2644) < 0.001);
});

test("ink and muted text are readable on every ground", () => {
  for (const palette of [DARK, LIGHT]) {
    for (const ground of [palette.page, palette.stage, palette.wall, palette.wallTop, palette.floor]) {
      assert.ok(contrast(palette.ink, ground) >= 7, `${palette.theme} ink on ${ground}`);
      assert.ok(contrast(palette.muted, ground) >= 4.5, `${palette.theme} muted on ${ground}`);
    }
    assert.ok(contrast(palette.ink, palette.dead) >= 7);
    assert.ok(contrast(palette.onAccent, palette.accent) >= 7);
    assert.ok(contrast(palette.onBubble, palette.bubble) >= 7);
  }
});

test("every figure stands out from its wall, amber in light by its ink edge", () => {
  for (const palette of [DARK, LIGHT]) {
    for (const figure of FIGURES) {
      const colour = figure === "NotReady" && palette.edge ? palette.edge : palette.state[figure];
      assert.ok(contrast(colour, palette.wall) >= 3, `${palette.theme} ${figure}`);
    }
  }
});

test("a sign on a figure is readable", () => {
  for (const palette of [DARK, LIGHT]) {
    for (const figure of /** @type {const} */ (["Running", "Ready", "CrashLoopBackOff", "Completed"])) {
      assert.ok(contrast(palette.glyph, palette.state[figure]) >= 4.5, `${palette.theme} ${figure}`);
    }
  }
});

test("live states differ for normal, protan and deutan eyes", () => {
  for (const [name, sight] of Object.entries(SIGHTS)) {
    assert.ok(nearest(DARK, LIVE, sight) >= 10, `dark ${name}: ${nearest(DARK, LIVE, sight)}`);
    assert.ok(nearest(LIGHT, LIVE.filter((figure) => figure !== "NotReady"), sight) >= 10, `light ${name}`);
  }
});

test("the style sheet has the same colours as the canvas", () => {
  const css = readFileSync(new URL("../../../static/base/tokens.css", import.meta.url), "utf8");
  const names = /** @type {const} */ ({ page: "page", stage: "stage", wall: "wall", "wall-top": "wallTop", floor: "floor", ink: "ink", muted: "muted", accent: "accent", "on-accent": "onAccent", line: "line", track: "track", bubble: "bubble" });
  const states = /** @type {const} */ ({ pending: "Pending", creating: "ContainerCreating", running: "Running", ready: "Ready", notready: "NotReady", crash: "CrashLoopBackOff", terminating: "Terminating", completed: "Completed", unknown: "Unknown" });
  const [dark, light] = css.split('[data-theme="light"]');
  for (const [palette, text] of /** @type {const} */ ([[DARK, dark], [LIGHT, light]])) {
    for (const [token, name] of Object.entries(names)) assert.equal(token && text.match(new RegExp(`--${token}: (#\\w+)`))?.[1], palette[name], `${palette.theme} ${token}`);
    for (const [token, state] of Object.entries(states)) assert.equal(text.match(new RegExp(`--${token}: (#\\w+)`))?.[1], palette.state[state], `${palette.theme} ${token}`);
  }
});
