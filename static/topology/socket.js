/** The page's one socket. Reconnects by itself and asks for what it missed. */

/** @typedef {"open" | "lost" | "gone"} Link */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 10000;
/** An old browser cannot unpack: it gets text. */
const PLAIN = typeof DecompressionStream === "undefined";
/** The server's word that there is no such cluster any more. */
const GONE = 4004;

export class TopologySocket {
  #url;
  #onFrame;
  #onLink;
  #since;
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {Promise<void> | null} */ #unpacking = null;
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
    const early = taken();
    const socket = early?.socket ?? new WebSocket(this.#url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#unpacking = null;
    if (!early) socket.addEventListener("open", () => socket.send(JSON.stringify({ since: this.#since(), plain: PLAIN })));
    for (const data of early?.heard ?? []) this.#heard(socket, data);
    socket.addEventListener("message", (message) => this.#heard(socket, message.data));
    socket.addEventListener("close", (event) => this.#lost(socket, event.code));
  }

  /** Frames keep their order: those that come while a large one is unpacked wait for it. @param {WebSocket} socket @param {string | ArrayBuffer} data */
  #heard(socket, data) {
    if (typeof data === "string" && !this.#unpacking) return this.#take(socket, data);
    const turn = (this.#unpacking ?? Promise.resolve()).then(async () => this.#take(socket, await text(data)));
    this.#unpacking = turn;
    turn.catch(() => socket.close()).finally(() => {
      if (this.#unpacking === turn) this.#unpacking = null;
    });
  }

  /** @param {WebSocket} socket @param {string} frame */
  #take(socket, frame) {
    if (this.#socket !== socket) return;
    this.#wait = FIRST_WAIT;
    this.#onLink("open", 0);
    this.#onFrame(JSON.parse(frame));
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

/** The page's head has asked for everything before this module was here: its socket, and what it has heard.
 * @returns {{ socket: WebSocket, heard: (string | ArrayBuffer)[] } | null} */
function taken() {
  const { early } = window;
  if (!early) return null;
  delete window.early;
  early.socket.onmessage = null;
  return early.socket.readyState > WebSocket.OPEN ? null : early;
}

/** @param {string | ArrayBuffer} data text, or gzip of it */
async function text(data) {
  if (typeof data === "string") return data;
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
