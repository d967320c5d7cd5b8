/** Puts the surtitle on screen. Only a new sentence is read aloud, at most one every three seconds. */

import { surtitle } from "./surtitle.js";

const APART = 3000;
/** So long a sentence stays, however fast the world goes on. */
const HOLD = 1200;

export class Subtitles {
  #shown;
  #spoken;
  #words = "";
  #key = "";
  #at = -APART;
  #timer = 0;
  #shownAt = -HOLD;
  #later = 0;

  /** @param {HTMLElement} bar with a visible and a spoken line in it */
  constructor(bar) {
    this.#shown = /** @type {HTMLElement} */ (bar.querySelector("[data-shown]"));
    this.#spoken = /** @type {HTMLElement} */ (bar.querySelector("[aria-live]"));
  }

  get text() {
    return this.#words.replaceAll("*", "");
  }

  /** @param {import("./state.js").State} state @param {number} now cluster time */
  show(state, now) {
    const { words, key } = surtitle(state, now);
    clearTimeout(this.#later);
    if (words === this.#words) return;
    const early = key === this.#key ? 0 : this.#shownAt + HOLD - performance.now();
    if (early > 0) this.#later = window.setTimeout(() => this.show(state, now), early + 10);
    else this.#write(words, key);
  }

  /** @param {string} words @param {string} key */
  #write(words, key) {
    if (key !== this.#key) this.#shownAt = performance.now();
    this.#words = words;
    this.#shown.replaceChildren(...words.split("*").map((part, index) => (index % 2 ? strong(part) : part)));
    if (key !== this.#key) this.#speak(key);
  }

  /** @param {string} key */
  #speak(key) {
    this.#key = key;
    clearTimeout(this.#timer);
    const wait = Math.max(0, APART - (performance.now() - this.#at));
    this.#timer = window.setTimeout(() => {
      this.#at = performance.now();
      this.#spoken.textContent = this.text;
    }, wait);
  }
}

/** @param {string} words */
function strong(words) {
  return Object.assign(document.createElement("b"), { textContent: words });
}
