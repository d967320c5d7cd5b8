/** htmx, put on the window by static/base/main.js. */
declare const htmx: { ajax(verb: string, path: string, target: string): Promise<void>; process(element: Element): void };
/** What the page's head has asked for already. */
interface Window { early?: { socket: WebSocket, heard: (string | ArrayBuffer)[] } }
