/** The panel beside the stage: what changes by itself, copying, asking once, steppers, following logs. */

import { startCopying } from "./copy.js";
import { startLive } from "./live.js";
import { startForms } from "./forms.js";
import { startClock } from "../clock/clock.js";
import { startEditor } from "../editor/editor.js";
import { startFaults } from "../faults/faults.js";
import { startCountdowns } from "../reasons/countdown.js";
import { startTerminals } from "../terminal/terminal.js";
import { startTraffic } from "../traffic/traffic.js";
import { startBrowser } from "../visit/browser.js";

startLive();
startCopying();
startForms();
startClock();
startEditor();
startFaults();
startTerminals();
startCountdowns();
startTraffic();
startBrowser();
