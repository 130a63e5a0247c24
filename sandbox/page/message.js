// One message: who, when, text or blocks, reactions, and what can be done with it.
import { blocks } from "./blocks.js";
import { button, el } from "./dom.js";
import { glyph, mrkdwn } from "./mrkdwn.js";
import { picker } from "./picker.js";

const COLOURS = { ANA: "#7a4fbf", BEA: "#0f766e", CY: "#b45309", DEE: "#be185d", TOCSIN: "#a8380a", SLACKBOT: "#57534e" };

/** `reply(ts)` starts an answer in the thread; `act(name, asked)` does something as the person. */
export function messageNode(message, { user, names, users, act, reply, picking }) {
  const author = users.find((one) => one.id === message.user) ?? { id: "?", real_name: message.user ?? "?", bot: message.bot };
  const inThread = message.thread_ts && message.thread_ts !== message.ts;
  const classes = ["message", inThread && "reply", message.ephemeral && "ephemeral", message.subtype && "event"];
  const use = (block, element, value) => act("click", {
    channel: message.channel, ts: message.ts, block_id: block.block_id, action_id: element.action_id, value,
  });
  const body = message.blocks.length ? blocks(message.blocks, names, use) : mrkdwn(message.text, names);
  return el("li", { class: classes.filter(Boolean).join(" ") },
    face(author),
    el("div", { class: "said" }, heading(message, author), body, reactions(message, user, names, act), tools(message, act, reply, picking)));
}

function face(author) {
  const node = el("span", { class: "face", "aria-hidden": "true" }, author.real_name[0]);
  node.style.background = COLOURS[author.id.slice(2)] ?? COLOURS[author.id.slice(1)] ?? "#57534e";
  return node;
}

function heading(message, author) {
  const when = new Date(Number(message.ts) * 1000);
  const notes = [message.edited && "edited", message.pinned && "📌 pinned"].filter(Boolean);
  return el("div", {},
    el("span", { class: "who" }, author.real_name), " ",
    author.bot ? el("span", { class: "tag" }, "APP") : null, " ",
    el("time", { datetime: when.toISOString() }, when.toLocaleTimeString([], { timeStyle: "short" })),
    notes.length ? el("span", { class: "note" }, ` · ${notes.join(" · ")}`) : null,
    message.ephemeral ? el("p", { class: "note" }, "👁 Only you can see this") : null);
}

function reactions(message, user, names, act) {
  if (!message.reactions.length) return null;
  return el("div", { class: "reactions" }, ...message.reactions.map(({ name, users }) => {
    const mine = users.includes(user);
    const who = users.map((one) => names[one] ?? one).join(", ");
    return el("button", {
      type: "button", "aria-pressed": String(mine), "aria-label": `${name}, by ${who}`, title: `:${name}: ${who}`, "data-key": `reaction ${name}`,
      onclick: () => act("react", { channel: message.channel, ts: message.ts, name, remove: mine }),
    }, `${glyph(name)} ${users.length}`);
  }));
}

function tools(message, act, reply, picking) {
  if (message.ephemeral || message.subtype) return null;
  const react = (name) => act("react", { channel: message.channel, ts: message.ts, name });
  const { open, panel } = picker(react, picking);
  const thread = button("Thread", () => reply(message.thread_ts ?? message.ts));
  return el("div", {}, el("div", { class: "tools" }, open, thread), panel);
}
