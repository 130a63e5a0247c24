// Behind the scenes: the product's incidents; of the chosen one what it owes and what happened.
import { button, byId, el, refill, tell } from "./dom.js";
import { choose, chosenNumber, incidentOf, isOwed, known, now, tryAgain } from "./product.js";
import { clockTime, countdown, detailsOf, inWords } from "./words.js";

const MOST_DONE = 12;
let drawn = -1;
let drawnFor = null;

export function showIncident() {
  const number = chosenNumber();
  if (drawn !== known.version || drawnFor !== number) {
    drawn = known.version;
    drawnFor = number;
    draw(number);
  }
  for (const node of document.querySelectorAll("[data-due]")) tell(node, due(node.dataset.due));
}

const due = (at) => Date.parse(at) > now() ? `in ${countdown(Date.parse(at) - now())}` : "now";

function draw(number) {
  const incident = incidentOf(number);
  const place = byId("incident");
  place.querySelector(".empty").hidden = Boolean(incident);
  byId("incident-body").hidden = !incident;
  tell(place.querySelector(".empty"), known.trouble ?? (known.loaded ? "No incident yet. Declare one in Slack, or choose a scenario above." : "Asking the product …"));
  tell(byId("product-trouble"), incident && known.trouble ? known.trouble : "");
  if (!incident) return;
  drawMenu(number);
  refill(byId("facts"), facts(incident));
  refill(byId("jobs"), jobRows(number, known.jobs.get(number) ?? []));
  refill(byId("timeline"), (known.timelines.get(number) ?? []).toReversed().map(entry));
}

function drawMenu(number) {
  const menu = byId("incident-menu");
  const print = known.incidents.map((one) => `${one.number}${one.status}${one.severity}`).join();
  if (menu.dataset.print !== print) {
    menu.dataset.print = print;
    refill(menu, known.incidents.map((one) => el("option", { value: one.number }, `#${one.number} · ${one.status} · ${one.title}`)));
  }
  menu.value = String(number);
}

const facts = (incident) => [
  ["severity", incident.severity], ["status", incident.status], ["triage", incident.triage],
  ["category", incident.category ? `${incident.category}, by ${incident.route ?? "?"}` : "not known yet"],
  ["paging", incident.page], ["ticket", incident.ticket ?? "not yet"],
].map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", { "data-value": value }, value)));

function jobRows(number, jobs) {
  const owed = jobs.filter(isOwed);
  const failed = jobs.filter((job) => job.outcome === "failed");
  const rest = jobs.filter((job) => job.outcome && job.outcome !== "failed").toReversed().slice(0, MOST_DONE);
  return [...failed, ...owed, ...rest].map((job) => jobRow(number, job));
}

function jobRow(number, job) {
  const state = job.outcome ?? (job.claimed ? "working" : "owed");
  const when = job.outcome === null ? (job.claimed ? "a worker is at it" : el("span", { "data-due": job.due }, due(job.due)))
    : job.outcome === "failed" ? button("Try again", retry(number, job)) : `${job.outcome} ${clockTime(job.done_at)}`;
  return el("tr", { class: `job ${state}` },
    el("th", { scope: "row" }, inWords(job.kind), job.key && el("span", { class: "hint" }, ` ${job.key}`), job.error && el("p", { class: "error" }, job.error)),
    el("td", { class: "tries" }, String(job.attempts)), el("td", {}, when));
}

const retry = (number, job) => async (event) => {
  event.target.disabled = true;
  try {
    await tryAgain(number, job);
  } catch (error) {
    tell(byId("product-trouble"), error.message);
  }
};

const entry = (one) => el("li", {},
  el("time", { datetime: one.at }, clockTime(one.at)),
  el("div", {}, el("b", {}, inWords(one.kind)), ` ${one.actor}`, el("p", { class: "hint" }, detailsOf(one.details))));

export const startIncident = () => byId("incident-menu").addEventListener("change", (event) => choose(Number(event.target.value)));
