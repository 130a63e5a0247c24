// Starts the page and keeps it up to date: one round after the other, the next one 700 ms after the last.
import { get } from "./api.js";
import { showChecklist, startChecklist } from "./checklist.js";
import { showClock, startClock } from "./clock.js";
import { byId, el, tell } from "./dom.js";
import { refreshFaults, startFaults } from "./faults.js";
import { showIncident, startIncident } from "./incident.js";
import { refreshMails } from "./mail.js";
import { loadEmoji } from "./mrkdwn.js";
import { refreshPhones } from "./phones.js";
import { noticed, refreshProduct } from "./product.js";
import { newestSeq, refreshRequests, startRequests } from "./requests.js";
import { startScenarios } from "./scenarios.js";
import { refreshSlack, startSlack } from "./slack.js";
import { startTabs } from "./tabs.js";

const EVERY = 700;
const HIDDEN = 5000;
const CLOCK = 250;

async function outside() {
  await refreshRequests();
  noticed(newestSeq());
  await refreshProduct();
}

async function round() {
  const parts = [refreshSlack(), refreshPhones(), refreshMails(), outside(), refreshFaults()];
  const failed = (await Promise.allSettled(parts)).filter((one) => one.status === "rejected");
  tell(byId("connection"), failed.length ? `Out of date: ${failed[0].reason.message}` : "");
  showChecklist();
  setTimeout(round, document.hidden ? HIDDEN : EVERY);
}

function showTimes() {
  showIncident();
  showClock();
}

const names = await loadEmoji();
byId("emoji-names").append(...names.map((name) => el("option", { value: name })));
byId("product").href = `${(await get("/health")).product}/api/docs`;
startTabs(byId("tabs"), showTimes);
await startSlack();
startScenarios();
startChecklist();
startFaults();
startIncident();
startRequests();
startClock();
setInterval(showTimes, CLOCK);
await round();
