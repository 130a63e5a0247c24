// One message: who, when, text or blocks, reactions, and what can be done with it.
import { blocks } from "./blocks.js";
import { el } from "./dom.js";
import { glyph, mrkdwn } from "./mrkdwn.js";

const QUICK = ["eyes", "white_check_mark", "file_cabinet", "globe_with_meridians", "computer", "lock", "pushpin"];
const COLOURS = { ANA: "#7a4fbf", BEA: "#0f766e", CY: "#b45309", DEE: "#be185d", TOCSIN: "#a8380a", SLACKBOT: "#57534e" };

/** `reply(ts)` starts an answer in the thread; `act(name, asked)` does something as the person. */
export function messageNode(message, { user, names, users, act, reply }) {
  const author = users.find((one) => one.id === message.user);
  const inThread = message.thread_ts && message.thread_ts !== message.ts;
  const classes = ["message", inThread && "reply", message.ephemeral && "ephemeral", message.subtype && "event"];
  const use = (block, element, value) => act("click", {
    channel: message.channel, ts: message.ts, block_id: block.block_id, action_id: element.action_id, value,
  });
  const body = message.blocks.length ? blocks(message.blocks, names, use) : mrkdwn(message.text, names);
  return el("li", { class: classes.filter(Boolean).join(" ") },
    face(author),
    el("div", {}, heading(message, author), body, reactions(message, user, names, act), tools(message, act, reply)));
}

const face = (author) => el("span", {
  class: "face", "aria-hidden": "true",
  style: `background: ${COLOURS[author.id.slice(2)] ?? COLOURS[author.id.slice(1)] ?? "#57534e"}`,
}, author.real_name[0]);

function heading(message, author) {
  const when = new Date(Number(message.ts) * 1000);
  const notes = [
    message.edited && "edited", message.pinned && "📌 pinned", message.ephemeral && "only you can see this",
  ].filter(Boolean);
  return el("div", {},
    el("span", { class: "who" }, author.real_name), " ",
    author.bot ? el("span", { class: "tag" }, "APP") : null, " ",
    el("time", { datetime: when.toISOString() }, when.toLocaleTimeString([], { timeStyle: "short" })),
    notes.length ? el("span", { class: "note" }, ` · ${notes.join(" · ")}`) : null);
}

function reactions(message, user, names, act) {
  if (!message.reactions.length) return null;
  return el("div", { class: "reactions" }, ...message.reactions.map(({ name, users }) => {
    const mine = users.includes(user);
    const who = users.map((one) => names[one] ?? one).join(", ");
    return el("button", {
      type: "button", "aria-pressed": String(mine), "aria-label": `${name}, by ${who}`, title: `:${name}: ${who}`,
      onclick: () => act("react", { channel: message.channel, ts: message.ts, name, remove: mine }),
    }, `${glyph(name)} ${users.length}`);
  }));
}

function tools(message, act, reply) {
  if (message.ephemeral || message.subtype) return null;
  const picker = el("form", { class: "picker", hidden: true });
  const react = (name) => {
    picker.hidden = true;
    return act("react", { channel: message.channel, ts: message.ts, name });
  };
  const field = el("input", { list: "emoji-names", "aria-label": "Emoji by name", placeholder: "name, such as eyes" });
  picker.append(
    ...QUICK.map((name) => el("button", { type: "button", "aria-label": name, title: name, onclick: () => react(name) }, glyph(name))),
    field, el("button", { type: "submit" }, "React"));
  picker.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value) react(field.value.replaceAll(":", ""));
  });
  const open = el("button", { type: "button", onclick: () => { picker.hidden = !picker.hidden; if (!picker.hidden) field.focus(); } }, "React");
  const answer = el("button", { type: "button", onclick: () => reply(message.thread_ts ?? message.ts) }, "Thread");
  return el("div", {}, el("div", { class: "tools" }, open, answer), picker);
}
