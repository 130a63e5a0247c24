// The checklist: ticks itself from what the product says has happened since this browser came or started over.
import { post } from "./api.js";
import { announce } from "./announce.js";
import { ask } from "./ask.js";
import { byId, el, refill, tell } from "./dom.js";
import { known } from "./product.js";
import { at, STEPS } from "./steps.js";

const KEPT = "checklist-counts-after";
let ticked = null;

/** Incidents with a higher number count; the highest of a browser's first visit is where it begins. */
function counted() {
  if (localStorage.getItem(KEPT) === null) localStorage.setItem(KEPT, String(known.incidents[0]?.number ?? 0));
  known.after = Number(localStorage.getItem(KEPT));
  return known.incidents.filter((one) => one.number > known.after);
}

export function showChecklist() {
  if (!known.loaded) return;
  const incidents = known.trouble ? [] : counted();
  const done = STEPS.map((step) => incidents.some(step.happened));
  const current = done.indexOf(false);
  tick(done, current);
  const here = at(incidents);
  const step = STEPS[current];
  byId("checklist").classList.toggle("complete", current < 0);
  if (known.trouble) return hint(`The checklist needs the product: ${known.trouble}`);
  if (!step) return hint("Well done! You declared, took, corrected and resolved an incident. Next: choose a scenario, or look behind the scenes.");
  hint(step.hint(here));
  const help = byId("help-with-step");
  help.hidden = step.ready ? !step.ready(here) : false;
  tell(help, step.label);
  help.onclick = () => step.help(here);
  return undefined;
}

function hint(text) {
  byId("help-with-step").hidden = true;
  tell(byId("hint"), text);
}

function tick(done, current) {
  const print = `${done.join()}${current}`;
  if (print === ticked) return;
  const fresh = ticked === null ? -1 : done.findIndex((one, index) => one && !byId("steps").children[index]?.classList.contains("done"));
  ticked = print;
  refill(byId("steps"), STEPS.map((step, index) => el("li", {
    class: done[index] ? "done" : index === current ? "current" : "", "aria-current": index === current ? "step" : null,
  }, el("span", { class: "mark", "aria-hidden": "true" }, done[index] ? "✓" : String(index + 1)),
  el("span", {}, step.title), done[index] ? el("span", { class: "unseen" }, " (done)") : null)));
  if (fresh >= 0) announce(`Done: ${STEPS[fresh].title}.`);
}

async function startOver() {
  const sure = await ask({
    title: "Start over?", yes: "Start over", danger: true,
    text: "The stand-ins are emptied: channels, messages, calls, tickets, faults and the list of requests. What the product keeps stays: "
      + "its incidents, its memory and its clock; incidents count on from where they are.",
  });
  if (!sure) return;
  await post("/control/reset");
  localStorage.setItem(KEPT, String(known.incidents[0]?.number ?? 0));
  location.href = "/";
}

export function startChecklist() {
  known.after = Number(localStorage.getItem(KEPT) ?? Infinity);
  byId("reset").addEventListener("click", startOver);
}
