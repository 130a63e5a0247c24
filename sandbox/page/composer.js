// The composer: a message or a command; after a slash it offers the commands, to be chosen by mouse or keyboard.
import { byId, el } from "./dom.js";

let commands = [];
let offered = [];
let at = -1;

/** `send(text)` gives false when it was refused; the text then stands there again. */
export async function startComposer(send) {
  commands = await (await fetch("/page/commands.json")).json();
  const field = byId("compose");
  field.addEventListener("input", () => offer(field.value));
  field.addEventListener("blur", () => close());
  field.addEventListener("keydown", (event) => walk(event));
  byId("completions").addEventListener("mousedown", (event) => {
    event.preventDefault();
    const row = event.target.closest("[role=option]");
    if (row) take(Number(row.dataset.at));
  });
  byId("composer").addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    close();
    if (!text) return;
    field.value = "";
    if (!await send(text) && !field.value) field.value = text;
  });
}

/** Fill it in for the person, unless something stands there, and go there. */
export function suggest(text) {
  const field = byId("compose");
  if (!field.value) field.value = text;
  field.focus();
}

function offer(typed) {
  offered = typed.startsWith("/") ? commands.filter((one) => one.types.startsWith(typed) && one.types !== typed) : [];
  at = -1;
  draw();
}

function close() {
  offered = [];
  draw();
}

function walk(event) {
  if (!offered.length) return;
  if (event.key === "ArrowDown") at = (at + 1) % offered.length;
  else if (event.key === "ArrowUp") at = (at <= 0 ? offered.length : at) - 1;
  else if (event.key === "Escape") return close();
  else if (event.key === "Tab" && !event.shiftKey) {
    event.preventDefault();
    return take(Math.max(at, 0));
  } else if (event.key === "Enter" && at >= 0) {
    event.preventDefault();
    return take(at);
  } else return undefined;
  event.preventDefault();
  return draw();
}

function take(which) {
  byId("compose").value = offered[which].types;
  close();
  byId("compose").focus();
}

function draw() {
  const list = byId("completions");
  const field = byId("compose");
  list.hidden = offered.length === 0;
  field.setAttribute("aria-expanded", String(offered.length > 0));
  list.replaceChildren(...offered.map((one, index) => el("li", {
    id: `completion-${index}`, role: "option", "aria-selected": String(index === at), "data-at": index,
  }, el("b", {}, one.usage), el("span", {}, one.does))));
  if (at >= 0 && offered.length) field.setAttribute("aria-activedescendant", `completion-${at}`);
  else field.removeAttribute("aria-activedescendant");
}
