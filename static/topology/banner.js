/** Says when the connection is lost, and when the next attempt comes. */

export class Banner {
  #bar;
  #words;
  #timer = 0;

  /** @param {HTMLElement} bar @param {() => void} retry */
  constructor(bar, retry) {
    this.#bar = bar;
    this.#words = /** @type {HTMLElement} */ (bar.querySelector("span"));
    bar.querySelector("button")?.addEventListener("click", retry);
  }

  /** @param {import("./socket.js").Link} link @param {number} retryAt wall time in milliseconds */
  show(link, retryAt) {
    clearInterval(this.#timer);
    this.#bar.hidden = link === "open";
    /** @type {HTMLElement} */ (this.#bar.querySelector("button")).hidden = link === "gone";
    if (link === "gone") this.#words.textContent = "This cluster is gone. Begin anew on the first page.";
    if (link !== "lost") return;
    const write = () => {
      const seconds = Math.max(1, Math.ceil((retryAt - Date.now()) / 1000));
      this.#words.textContent = `Connection lost. Trying again in ${seconds} s ...`;
    };
    write();
    this.#timer = window.setInterval(write, 500);
  }
}
