/** What every page runs: htmx and the theme. */

import htmx from "htmx.org";
import { startTheme } from "./theme.js";

Object.assign(window, { htmx });
// A refused form answers 4xx with the fragment that says why: it is shown like any other.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "4..", swap: true, error: true },
  { code: "...", swap: false, error: true },
];
startTheme();
