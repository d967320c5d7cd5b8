/** The little browser: an address bar over a sandboxed frame, its own way back and forward, the request's way below. */

import { Past } from "./past.js";

export function startBrowser() {
  const begin = () => {
    const place = document.querySelector("#browser");
    if (place instanceof HTMLElement && !place.dataset.begun) new Browser(place).start();
  };
  document.addEventListener("htmx:load", begin);
  begin();
}

class Browser {
  #past = new Past();
  /** @type {HTMLElement} */ #place;
  /** @type {HTMLIFrameElement} */ #frame;
  /** @type {HTMLInputElement} */ #bar;
  #base = "";
  /** What the next page is: "new", or a step in what is past. */
  #step = "new";

  /** @param {HTMLElement} place */
  constructor(place) {
    this.#place = place;
    this.#base = place.dataset.base ?? "";
    this.#frame = /** @type {HTMLIFrameElement} */ (place.querySelector("iframe"));
    this.#bar = /** @type {HTMLInputElement} */ (place.querySelector("#browser-to"));
  }

  start() {
    this.#place.dataset.begun = "1";
    this.#place.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#go(this.#bar.value);
    });
    this.#place.addEventListener("click", (event) => this.#click(event));
    this.#frame.addEventListener("load", () => this.#arrived());
    if (!this.#bar.value) this.#bar.focus();
  }

  /** @param {Event} event */
  #click(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!(button instanceof HTMLElement)) return;
    if (button.dataset.browserTo) this.#go(button.dataset.browserTo);
    const act = button.dataset.browser;
    if (act === "reload") this.#open(this.#past.now, "stay");
    if (act === "back") this.#open(this.#past.back(), "stay");
    if (act === "forward") this.#open(this.#past.forward(), "stay");
  }

  /** @param {string} typed */
  #go(typed) {
    const path = pathOf(this.#base, typed);
    const wrong = this.#place.querySelector("#browser-wrong");
    if (wrong instanceof HTMLElement) wrong.hidden = path !== null;
    if (path === null) return;
    this.#bar.value = typed;
    this.#open(path, "new");
  }

  /** The frame's own history stays out of the page's: going back here never leaves the cluster. @param {string} path @param {string} step */
  #open(path, step) {
    if (!path) return;
    this.#step = step;
    this.#frame.hidden = false;
    this.#place.classList.add("browser-busy");
    this.#frame.contentWindow?.location.replace(new URL(path, location.href).href);
    this.#marks();
  }

  async #arrived() {
    this.#place.classList.remove("browser-busy");
    if (this.#frame.hidden) return;
    const answer = await fetch(`${this.#base}visited/`, { credentials: "same-origin" });
    if (answer.status !== 200) return;
    const way = /** @type {HTMLElement} */ (this.#place.querySelector("#browser-way"));
    way.innerHTML = await answer.text();
    htmx.process(way);
    const told = way.firstElementChild;
    if (!(told instanceof HTMLElement)) return;
    if (document.activeElement !== this.#bar) this.#bar.value = told.dataset.address ?? "";
    this.#past.at(told.dataset.path ?? "", this.#step === "new");
    this.#step = "new";
    this.#marks();
  }

  #marks() {
    const set = (/** @type {string} */ name, /** @type {boolean} */ can) => this.#place.querySelector(`[data-browser=${name}]`)?.toggleAttribute("disabled", !can);
    set("back", this.#past.canGoBack);
    set("forward", this.#past.canGoForward);
  }
}

/** What was typed as an address below the cluster; null for what cannot be one. @param {string} base @param {string} typed */
export function pathOf(base, typed) {
  const found = /^(?:(https?):\/\/)?([a-z0-9][-a-z0-9.]*)(?::(\d{1,5}))?(\/.*)?$/i.exec(typed.trim());
  if (!found) return null;
  const [, scheme, host, port, path] = found;
  const at = port ? `${host}:${port}` : scheme === "https" ? `${host}:443` : host;
  return `${base}visit/${at}${path ?? "/"}`;
}
