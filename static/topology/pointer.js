/** Mouse and touch on the picture: what is below, a word about it, and a click that opens it. */

/** @typedef {import("./draw.js").Hit} Hit */

export class Pointer {
  #canvas;
  #find;
  #on;

  /** @param {HTMLElement} canvas the topmost @param {(x: number, y: number) => Hit | null} find
   * @param {{ hover: (hit: Hit | null, x: number, y: number) => void, click: (hit: Hit | null) => void, ask: (hit: Hit) => void }} on `ask`: the other button, or a long touch */
  constructor(canvas, find, on) {
    this.#canvas = canvas;
    this.#find = find;
    this.#on = on;
  }

  start() {
    this.#canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "touch") this.#hover(event);
    });
    this.#canvas.addEventListener("pointerleave", () => this.#on.hover(null, 0, 0));
    this.#canvas.addEventListener("click", (event) => this.#on.click(this.#under(event)));
    this.#canvas.addEventListener("contextmenu", (event) => {
      const hit = this.#under(event);
      if (!hit) return;
      event.preventDefault();
      this.#on.ask(hit);
    });
  }

  /** @param {MouseEvent} event */
  #under(event) {
    const box = this.#canvas.getBoundingClientRect();
    return this.#find(event.clientX - box.x, event.clientY - box.y);
  }

  /** @param {MouseEvent} event */
  #hover(event) {
    const hit = this.#under(event);
    this.#canvas.style.cursor = hit ? "pointer" : "";
    this.#on.hover(hit, event.clientX, event.clientY);
  }
}
