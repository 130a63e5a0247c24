// One handset: rings, is answered or not, takes keys and words, shows what is said.
import { post } from "./api.js";
import { captions } from "./captions.js";
import { button, byId, el, tell } from "./dom.js";
import { microphone } from "./microphone.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const SHOWN = { idle: "idle", ringing: "ringing", ignored: "rings on, ignored", "in-call": "in a call" };
const LINES = ["free", "busy", "unreachable", "voicemail"];

export function handset({ number, owner }) {
  const title = owner === "anybody" ? "Anybody" : owner || number;
  const error = el("p", { role: "alert" });
  const attempt = async (path, asked) => {
    tell(error, "");
    try {
      show(await post(path, asked));
    } catch (problem) {
      tell(error, problem.message);
    }
  };
  const act = (name, asked) => attempt(`/control/phone/${encodeURIComponent(number)}/${name}`, asked);
  const call = () => attempt("/control/phone/call", { from: number, to: byId("hotline").textContent.replaceAll(" ", "") });

  const state = el("span", { class: "state", role: "status" }, "idle");
  const said = captions(title);
  const line = lineMenu(act);
  const idle = el("div", { class: "buttons" }, button("Call the hotline", call), el("label", { class: "hint line" }, "line ", line));
  let ignored = null;
  const ignore = (phone) => {
    ignored = phone?.call?.sid ?? null;
    return act("ignore");
  };
  let latest = null;
  const ringing = el("div", { class: "buttons ringing-buttons" }, button("Answer", () => act("answer"), "primary"),
    button("Ignore", () => ignore(latest)), button("Voicemail", () => act("voicemail")));
  const talking = el("div", { class: "talking" }, keypad(act), speaking(title, act),
    button("Hang up", () => act("hangup"), "danger"));
  const node = el("section", { class: "handset", "aria-label": `${title}'s phone`, tabindex: "0" },
    el("header", {}, el("h3", {}, title), el("span", { class: "number" }, title === number ? "" : number), state),
    said.node, ringing, talking, idle, error);

  node.addEventListener("keydown", (event) => {
    const typing = ["INPUT", "SELECT"].includes(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey;
    if (!typing && node.dataset.state === "in-call" && KEYS.includes(event.key)) {
      flash(node, event.key);
      act("press", { digits: event.key });
    }
  });

  function show(phone) {
    const before = node.dataset.state;
    latest = phone;
    const ringsOut = phone.state === "ringing" && phone.call?.sid === ignored;
    node.dataset.state = ringsOut ? "ignored" : phone.state;
    node.className = `handset ${node.dataset.state}`;
    tell(state, SHOWN[node.dataset.state]);
    const had = node.contains(document.activeElement);
    idle.hidden = phone.state !== "idle";
    ringing.hidden = phone.state !== "ringing";
    talking.hidden = phone.state !== "in-call";
    if (line !== document.activeElement) line.value = phone.line ?? "free";
    if (had && before !== node.dataset.state && document.activeElement?.closest("[hidden]") !== null) node.focus();
    said.show(phone);
  }
  return { node, show, title };
}

function lineMenu(act) {
  const menu = el("select", { onchange: () => act("line", { line: menu.value }) }, ...LINES.map((one) => el("option", { value: one }, one)));
  return menu;
}

const keypad = (act) => el("div", { class: "keypad", role: "group", "aria-label": "Keypad" },
  ...KEYS.map((key) => el("button", { type: "button", "data-digit": key, onclick: () => act("press", { digits: key }) }, key)));

function flash(node, key) {
  const pressed = node.querySelector(`[data-digit="${key}"]`);
  pressed?.classList.add("pressed");
  setTimeout(() => pressed?.classList.remove("pressed"), 200);
}

/** By text, and by microphone where the browser has speech recognition. */
function speaking(title, act) {
  const field = el("input", { "aria-label": `Speak on ${title}'s phone`, placeholder: "Say something", autocomplete: "off" });
  const say = (text) => act("speak", { text });
  const form = el("form", {}, field, el("button", { type: "submit" }, "Speak"), microphone(title, say));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim()) say(field.value.trim());
    field.value = "";
  });
  return form;
}
