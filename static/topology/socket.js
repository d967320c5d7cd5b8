/** The page's one socket. Reconnects by itself and asks for what it missed. */

/** @typedef {"open" | "lost" | "gone"} Link */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 10000;
/** The server's word that there is no such cluster any more. */
const GONE = 4004;

export class TopologySocket {
  #url;
  #onFrame;
  #onLink;
  #since;
  /** @type {WebSocket | null} */ #socket = null;
  #wait = FIRST_WAIT;
  #timer = 0;
  #stopped = true;

  /** @param {string} url @param {{ onFrame: (frame: any) => void, onLink: (link: Link, retryAt: number) => void, since: () => unknown }} how
   *  `since` is where the page stands, or null to begin with a snapshot. */
  constructor(url, { onFrame, onLink, since }) {
    this.#url = url;
    this.#onFrame = onFrame;
    this.#onLink = onLink;
    this.#since = since;
  }

  start() {
    this.#stopped = false;
    this.#open();
    addEventListener("online", this.retry);
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    removeEventListener("online", this.retry);
    this.#socket?.close();
  }

  /** Tries now instead of waiting. */
  retry = () => {
    if (this.#stopped || this.#socket) return;
    clearTimeout(this.#timer);
    this.#open();
  };

  #open() {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.addEventListener("open", () => socket.send(JSON.stringify({ since: this.#since() })));
    socket.addEventListener("message", (message) => {
      this.#wait = FIRST_WAIT;
      this.#onLink("open", 0);
      this.#onFrame(JSON.parse(message.data));
    });
    socket.addEventListener("close", (event) => this.#lost(socket, event.code));
  }

  /** @param {WebSocket} socket @param {number} code */
  #lost(socket, code) {
    if (this.#socket !== socket) return;
    this.#socket = null;
    if (this.#stopped) return;
    if (code === GONE) return this.#onLink("gone", 0);
    this.#onLink("lost", Date.now() + this.#wait);
    this.#timer = window.setTimeout(() => this.#open(), this.#wait);
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 1.7);
  }
}
