/** One terminal on the page: xterm.js draws it, a websocket carries keys and bytes. */

import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { ended } from "./ending.js";

const THEME = {
  background: "#0B0A10", foreground: "#F8F3E8", cursor: "#FFF0B8", cursorAccent: "#0B0A10", selectionBackground: "#4A4558",
  black: "#1A1823", red: "#FC556C", green: "#54DBA7", yellow: "#FFC93F", blue: "#1A93EE", magenta: "#D996CD", cyan: "#B9E5FF", white: "#F8F3E8",
  brightBlack: "#7488A0", brightRed: "#FC8090", brightGreen: "#7FE8BF", brightYellow: "#FFE9A0", brightBlue: "#62B6F5", brightMagenta: "#E8B8E0", brightCyan: "#D8F0FF", brightWhite: "#FFFFFF",
};

export class Screen {
  #terminal;
  #fit = new FitAddon();
  #address;
  #tell;
  #leaving = false;
  #over = false;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {ResizeObserver | null} */
  #watching = null;

  /**
   * @param {HTMLElement} host
   * @param {string} address the socket's path
   * @param {string} label what a screen reader says of it
   * @param {{ opened: () => void, ended: (words: string) => void }} tell
   */
  constructor(host, address, label, tell) {
    this.host = host;
    this.#address = address;
    this.#tell = tell;
    const style = getComputedStyle(document.documentElement);
    const family = style.getPropertyValue("--mono");
    const background = style.getPropertyValue("--surtitle").trim() || THEME.background;
    this.#terminal = new Terminal({
      fontFamily: family, fontSize: window.innerWidth < 640 ? 13 : 14, lineHeight: 1.25, theme: { ...THEME, background },
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches, scrollback: 2000, screenReaderMode: true,
    });
    this.#terminal.loadAddon(this.#fit);
    host.replaceChildren();
    this.#terminal.open(host);
    this.#terminal.textarea?.setAttribute("aria-label", label);
    this.#terminal.attachCustomKeyEventHandler((event) => this.#isForTheShell(event));
  }

  start() {
    this.#socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${this.#address}`);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = () => {
      this.#size();
      this.#terminal.focus();
      this.#tell.opened();
    };
    this.#socket.onmessage = ({ data }) => {
      if (typeof data === "string") this.#finish(ended(JSON.parse(data).end));
      else this.#terminal.write(new Uint8Array(data));
    };
    this.#socket.onclose = ({ code }) => this.#finish(ended(null, code));
    this.#terminal.onData((keys) => this.#send(new TextEncoder().encode(keys)));
    this.#terminal.onBinary((keys) => this.#send(Uint8Array.from(keys, (key) => key.charCodeAt(0))));
    this.#terminal.onResize(() => this.#tellSize());
    this.#watching = new ResizeObserver(() => this.#size());
    this.#watching.observe(this.host);
  }

  stop() {
    this.#over = true;
    this.#watching?.disconnect();
    this.#socket?.close();
    this.#terminal.dispose();
  }

  /** @param {string} words */
  #finish(words) {
    if (this.#over) return;
    this.#over = true;
    this.#terminal.options.disableStdin = true;
    this.#terminal.options.cursorBlink = false;
    this.#tell.ended(words);
  }

  #size() {
    if (this.host.clientWidth && !this.#over) this.#fit.fit();
    this.#tellSize();
  }

  #tellSize() {
    this.#send(JSON.stringify({ rows: this.#terminal.rows, columns: this.#terminal.cols }));
  }

  /** @param {string | Uint8Array<ArrayBuffer>} data */
  #send(data) {
    if (this.#socket?.readyState === WebSocket.OPEN && !this.#over) this.#socket.send(data);
  }

  /** Esc, then Tab: the keyboard leaves the terminal. @param {KeyboardEvent} event */
  #isForTheShell(event) {
    if (event.type !== "keydown") return true;
    if (event.key === "Tab" && (this.#leaving || this.#over)) return false;
    this.#leaving = event.key === "Escape" || (this.#leaving && event.key === "Shift");
    return true;
  }
}
