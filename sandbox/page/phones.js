// The phones: one handset for each responder and one for anybody.
import { get, post } from "./api.js";
import { byId, el } from "./dom.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const SHOWN = { idle: "idle", ringing: "ringing", "in-call": "in a call" };
const SPEAKERS = { product: "Tocsin", person: "You", system: "Line" };
const LINES = ["free", "busy", "unreachable", "voicemail"];
const handsets = new Map();

export async function refreshPhones() {
  for (const phone of await get("/control/phone")) {
    if (!handsets.has(phone.number)) {
      const made = handset(phone);
      handsets.set(phone.number, made);
      byId("handsets").append(made.node);
    }
    handsets.get(phone.number).show(phone);
  }
}

function handset({ number, owner }) {
  const title = owner === "anybody" ? "Anybody" : owner || number;
  const act = async (name, asked) => {
    error.textContent = "";
    try {
      show(await post(`/control/phone/${encodeURIComponent(number)}/${name}`, asked));
    } catch (problem) {
      error.textContent = problem.message;
    }
  };
  const call = async () => {
    error.textContent = "";
    try {
      await post("/control/phone/call", { from: number, to: byId("hotline").textContent.replaceAll(" ", "") });
      await refreshPhones();
    } catch (problem) {
      error.textContent = problem.message;
    }
  };
  const press = (text, look, doing) => el("button", { type: "button", class: look, onclick: doing }, text);
  const stateNode = el("span", { class: "state", role: "status" }, "idle");
  const captions = el("ol", { class: "captions", tabindex: "0", "aria-live": "polite", "aria-label": `What is said on ${title}'s phone` });
  const keypad = el("div", { class: "keypad", role: "group", "aria-label": "Keypad" },
    ...KEYS.map((key) => press(key, null, () => act("press", { digits: key }))));
  const idle = el("div", { class: "buttons" }, press("Call the hotline", "primary", call),
    el("label", { class: "hint line" }, "line ", lineMenu()));
  const ringing = el("div", { class: "buttons" }, press("Answer", "primary", () => act("answer")),
    press("Ignore", null, () => act("ignore")), press("Voicemail", null, () => act("voicemail")));
  const field = el("input", { "aria-label": `Speak on ${title}'s phone`, placeholder: "Say something" });
  const speak = el("form", {}, field, el("button", { type: "submit" }, "Speak"));
  const talking = el("div", {}, keypad, speak, el("div", { class: "buttons" }, press("Hang up", "danger", () => act("hangup"))));
  const error = el("p", { role: "alert" });
  const node = el("section", { class: "handset", "aria-label": `${title}'s phone`, tabindex: "0" },
    el("header", {}, el("h3", {}, title), el("span", { class: "number" }, number), stateNode),
    captions, ringing, talking, idle, error);

  function lineMenu() {
    const menu = el("select", { onchange: () => act("line", { line: menu.value }) }, ...LINES.map((one) => el("option", { value: one }, one)));
    return menu;
  }
  speak.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim()) act("speak", { text: field.value.trim() });
    field.value = "";
  });
  node.addEventListener("keydown", (event) => {
    const typing = ["INPUT", "SELECT"].includes(event.target.tagName);
    if (!typing && node.dataset.state === "in-call" && KEYS.includes(event.key)) act("press", { digits: event.key });
  });

  let told = "";
  function show(phone) {
    node.dataset.state = phone.state;
    node.className = `handset ${phone.state}`;
    if (stateNode.textContent !== SHOWN[phone.state]) stateNode.textContent = SHOWN[phone.state];
    idle.hidden = phone.state !== "idle";
    ringing.hidden = phone.state !== "ringing";
    talking.hidden = phone.state !== "in-call";
    idle.querySelector("select").value = phone.line ?? "free";
    const now = JSON.stringify([phone.call?.sid, phone.said, phone.texts]);
    if (now === told) return;
    told = now;
    caption(captions, phone);
  }
  return { node, show };
}

/** New lines are added below the old ones, so that a screen reader reads only them. */
function caption(list, phone) {
  const lines = [...phone.said, ...(phone.state === "idle" ? (phone.texts ?? []).slice(-3).map(asLine) : [])];
  const same = [...list.children].every((node, index) => lines[index] && node.dataset.text === lines[index].text);
  if (!same) list.replaceChildren();
  for (const line of lines.slice(list.children.length)) {
    const who = SPEAKERS[line.who] ?? line.who;
    list.append(el("li", { class: line.who === "person" ? "mine" : "", "data-text": line.text }, el("b", {}, who), line.text));
    if (same && line.who === "product" && byId("aloud").checked) speechSynthesis.speak(new SpeechSynthesisUtterance(line.text));
  }
  list.scrollTop = list.scrollHeight;
}

const asLine = (text) => ({ who: `SMS ${text.from ?? ""}`, text: text.text ?? text.body ?? "" });
