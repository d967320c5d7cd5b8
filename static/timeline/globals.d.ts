/** What static/topology/main.js puts on the window for its neighbours. */
interface Window {
  podium?: { past?(frame: unknown): void };
}
