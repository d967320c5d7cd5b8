// @ts-nocheck it runs in the page, where types are the page's own
// Before the page's own scripts: its live socket leads to the bench (FEED), and frames are counted.
if ("FEED".includes("ws:")) {
  const Real = WebSocket;
  window.WebSocket = class extends Real {
    constructor(url, ...more) {
      super(String(url).endsWith("/live/") ? "FEED" : url, ...more);
    }
  };
}

window.bench = { frames: 0, drawn: 0, stamps: [], first: 0, switchTo };
let dirty = false;
const { clearRect } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.clearRect = function (...box) {
  dirty = true;
  return clearRect.apply(this, box);
};

/** Every frame, and those in which something was drawn. */
function count(now) {
  bench.frames += 1;
  bench.drawn += dirty;
  bench.stamps.push(now);
  dirty = false;
  requestAnimationFrame(count);
}

/** When the first picture stood. */
function look() {
  if (window.podium?.picture().rooms.length > 1) requestAnimationFrame(() => (bench.first = performance.now()));
  else setTimeout(look, 5);
}

/** From the click on a view's tab to the frame that shows it. */
function switchTo(view) {
  return new Promise((resolve) => {
    const begun = performance.now();
    document.querySelector(`.tabs [data-view=${view}]`).click();
    const shown = () => (podium.picture().view === view ? requestAnimationFrame(() => resolve(performance.now() - begun)) : requestAnimationFrame(shown));
    shown();
  });
}

requestAnimationFrame(count);
look();
