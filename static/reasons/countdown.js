/** Rings that count down in cluster time: back-off, grace, deadline. */

import { shownTime } from "../clock/clock.js";

const FRAME = 250;
const SECOND = 1000;

export function startCountdowns() {
  const tick = () => {
    const rings = document.querySelectorAll(".until[data-due]");
    const now = rings.length ? shownTime(document.querySelector("time[data-clock]")) : null;
    for (const ring of rings) show(/** @type {HTMLElement} */ (ring), now);
  };
  setInterval(tick, FRAME);
  document.addEventListener("htmx:load", tick);
}

/** @param {HTMLElement} ring `data-due`, `data-lasts`: microseconds @param {number | null} now */
function show(ring, now) {
  const left = now === null ? -1 : Number(ring.dataset.due) / SECOND - now;
  const whole = Number(ring.dataset.lasts) / SECOND || left;
  // who looks at a moment before the wait began sees none
  const runs = left > 0 && left <= whole + SECOND;
  ring.toggleAttribute("data-on", runs);
  if (!runs) return;
  ring.style.setProperty("--left", String(Math.min(1, left / whole)));
  const text = remaining(left);
  const word = ring.firstElementChild;
  if (word && word.textContent !== text) word.textContent = text;
}

/** `42 s`, `4:18`. @param {number} left ms @returns {string} */
export function remaining(left) {
  const seconds = Math.ceil(left / SECOND);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
