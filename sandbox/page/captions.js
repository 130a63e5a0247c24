// What is said on a phone, line by line, and its text messages; new lines are read out by a screen reader.
import { byId, el } from "./dom.js";
import { readAloud } from "./sound.js";

const SPEAKERS = { product: "Tocsin", person: "You", system: "Line" };
const TEXTS = 3;

export function captions(title) {
  const node = el("ol", { class: "captions", tabindex: "0", "aria-live": "polite", "aria-label": `What is said on ${title}'s phone`, hidden: true });
  let told = "";

  function show(phone) {
    const now = JSON.stringify([phone.call?.sid, phone.said, phone.texts, phone.state]);
    if (now === told) return;
    const first = told === "";
    told = now;
    draw(node, phone, first);
  }
  return { node, show };
}

/** New lines are added below the old ones, so that only they are read. */
function draw(list, phone, quietly) {
  const lines = [...phone.said, ...(phone.state === "idle" ? (phone.texts ?? []).slice(-TEXTS).map(asLine) : [])];
  const same = [...list.children].every((node, index) => lines[index] && node.dataset.text === lines[index].text);
  if (!same) list.replaceChildren();
  list.hidden = lines.length === 0;
  for (const line of lines.slice(list.children.length)) {
    const who = SPEAKERS[line.who] ?? line.who;
    list.append(el("li", { class: line.who === "person" ? "mine" : line.who, "data-text": line.text }, el("b", {}, who), line.text));
    if (!quietly && line.who === "product" && byId("aloud").checked) readAloud(line.text);
  }
  list.scrollTop = list.scrollHeight;
}

const asLine = (text) => ({ who: `SMS ${text.from ?? ""}`, text: text.text ?? text.body ?? "" });
