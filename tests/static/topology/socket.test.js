import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { TopologySocket } from "../../../static/topology/socket.js";

/** @type {Line[]} */
const lines = [];

/** A WebSocket of which the test is the other end. */
class Line extends EventTarget {
  /** @type {string[]} */ sent = [];
  constructor() {
    super();
    lines.push(this);
  }

  /** @param {string} text */
  send(text) {
    this.sent.push(text);
  }

  close() {
    this.dispatchEvent(Object.assign(new Event("close"), { code: 1006 }));
  }

  /** @param {any} frame */
  says(frame, packed = false) {
    const text = JSON.stringify(frame);
    const zipped = packed ? new Uint8Array(gzipSync(text)).buffer : text;
    this.dispatchEvent(Object.assign(new Event("message"), { data: zipped }));
  }
}

Object.assign(Line, { OPEN: 1 });
Object.assign(globalThis, { WebSocket: Line, addEventListener: () => {}, removeEventListener: () => {}, window: globalThis });
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

/** @param {(frame: any) => void} onFrame */
function opened(onFrame) {
  const socket = new TopologySocket("ws://x", { onFrame, onLink: () => {}, since: () => ["x", 4] });
  socket.start();
  const line = /** @type {Line} */ (lines.at(-1));
  line.dispatchEvent(new Event("open"));
  return { socket, line };
}

test("the page says where it stands, and that it can unpack", () => {
  const { socket, line } = opened(() => {});

  assert.deepEqual(JSON.parse(line.sent[0]), { since: ["x", 4], plain: false });
  socket.stop();
});

test("frames that come while a packed one is opened wait for it", async () => {
  /** @type {number[]} */
  const got = [];
  const { socket, line } = opened((frame) => got.push(frame.frame));

  line.says({ frame: 1 }, true);
  line.says({ frame: 2 });
  line.says({ frame: 3 }, true);
  line.says({ frame: 4 });
  for (let turns = 0; got.length < 4 && turns < 500; turns++) await pause();
  await pause();
  line.says({ frame: 5 });

  assert.deepEqual(got, [1, 2, 3, 4, 5]);
  socket.stop();
});

test("what a lost socket still had to say is not heard", async () => {
  /** @type {number[]} */
  const got = [];
  const { socket, line } = opened((frame) => got.push(frame.frame));

  line.says({ frame: 1 }, true);
  line.close();
  for (let turns = 0; turns < 10; turns++) await pause();

  assert.deepEqual(got, []);
  socket.stop();
});

test("what the page's head has already heard comes first, from its own socket", () => {
  /** @type {number[]} */
  const got = [];
  const early = Object.assign(new Line(), { readyState: 1 });
  Object.assign(window, { early: { socket: early, heard: [JSON.stringify({ frame: 1 })] } });

  const { socket, line } = opened((frame) => got.push(frame.frame));
  line.says({ frame: 2 });

  assert.equal(line, early);
  assert.deepEqual(got, [1, 2]);
  assert.deepEqual(early.sent, []);
  socket.stop();
});

test("what the page's head has opened in vain is left", () => {
  const early = Object.assign(new Line(), { readyState: 3 });
  Object.assign(window, { early: { socket: early, heard: [] } });

  const { socket, line } = opened(() => {});

  assert.notEqual(line, early);
  socket.stop();
});
