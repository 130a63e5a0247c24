// Starts the page and keeps it up to date: one round after the other, the next one 700 ms after the last.
import { get } from "./api.js";
import { refreshFaults, refreshLedger, startBehind } from "./behind.js";
import { byId, el } from "./dom.js";
import { loadEmoji } from "./mrkdwn.js";
import { refreshPhones } from "./phones.js";
import { refreshSlack, startSlack } from "./slack.js";

const EVERY = 700;
const HIDDEN = 5000;

async function round() {
  const parts = [refreshSlack(), refreshPhones(), refreshLedger(), refreshFaults()];
  const failed = (await Promise.allSettled(parts)).filter((one) => one.status === "rejected");
  const said = failed.length ? `Out of date: ${failed[0].reason.message}` : "";
  if (byId("connection").textContent !== said) byId("connection").textContent = said;
  setTimeout(round, document.hidden ? HIDDEN : EVERY);
}

const names = await loadEmoji();
byId("emoji-names").append(...names.map((name) => el("option", { value: name })));
byId("product").href = (await get("/health")).product;
startSlack();
startBehind();
await round();
