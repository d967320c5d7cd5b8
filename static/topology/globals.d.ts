/** htmx, put on the window by static/base/main.js. */
declare const htmx: { ajax(verb: string, path: string, target: string): Promise<void>; process(element: Element): void };
