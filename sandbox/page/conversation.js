// One conversation: its heading, its messages with their threads, or the app's home.
import { blocks } from "./blocks.js";
import { arrange, byId, button, el, refill, tell } from "./dom.js";
import { messageNode } from "./message.js";
import { mrkdwn } from "./mrkdwn.js";

const HOME = "home";
const DIRECT = "tocsin";
const nodes = new Map();
let printed = "";
let showing = null;

export function showConversation(view) {
  const { state, current, thread, names, reply } = view;
  const channel = state.channels.find((one) => one.id === current);
  heading(channel, names);
  byId("composer").hidden = current === HOME;
  const replying = byId("replying");
  if (replying.hidden === Boolean(thread)) {
    replying.hidden = !thread;
    replying.replaceChildren("Answering in a thread. ", button("Leave the thread", () => reply(null)));
  }
  const log = byId("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60 || showing !== current;
  showing = current;
  arrange(byId("messages"), current === HOME ? [homeNode(view)] : conversation(view));
  if (atEnd) log.scrollTop = current === HOME ? 0 : log.scrollHeight;
}

function heading(channel, names) {
  const title = channel && !channel.direct ? `#${channel.name}` : "Tocsin";
  const print = JSON.stringify([title, channel?.topic, channel?.bookmarks, channel?.archived]);
  if (print === printed) return;
  printed = print;
  tell(byId("channel-name"), channel?.archived ? `${title} (archived)` : title);
  refill(byId("channel-topic"), [channel ? mrkdwn(channel.topic, names) : null]);
  refill(byId("bookmarks"), (channel?.bookmarks ?? []).map((one) =>
    el("li", {}, el("a", { href: one.link, target: "_blank", rel: "noreferrer" }, one.title))));
}

function conversation(view) {
  const shown = threaded(view.messages).map((message) => kept(message, view));
  return shown.length ? shown : [emptyNode(view.current)];
}

function emptyNode(current) {
  const text = current === DIRECT ? "Write to Tocsin here." : "Nothing here yet. Write a message, or / for what Tocsin can do.";
  if (nodes.get("")?.print !== text) nodes.set("", { print: text, node: el("li", { class: "nothing" }, text) });
  return nodes.get("").node;
}

/** Each thread's replies below its first message. */
function threaded(messages) {
  const parents = messages.filter((one) => !one.thread_ts || one.thread_ts === one.ts);
  const known = new Set(parents.map((one) => one.ts));
  const orphans = messages.filter((one) => one.thread_ts && one.thread_ts !== one.ts && !known.has(one.thread_ts));
  const below = (parent) => messages.filter((one) => one.thread_ts === parent.ts && one.ts !== parent.ts);
  return [...parents, ...orphans].sort((a, b) => a.ts - b.ts).flatMap((one) => [one, ...(known.has(one.ts) ? below(one) : [])]);
}

/** The node of a message that did not change stays as it is. */
function kept(message, view) {
  const key = `${message.channel} ${message.ts}`;
  const print = JSON.stringify([message, view.user]);
  const before = nodes.get(key);
  if (before?.print !== print) {
    const picking = before && !before.node.querySelector(".picker")?.hidden;
    nodes.set(key, { print, node: messageNode(message, { ...view, users: view.state.users, picking: picking === true }) });
  }
  return nodes.get(key).node;
}

function homeNode({ state, user, names, act }) {
  const home = state.homes[user];
  const print = JSON.stringify([home ?? null, user]);
  if (nodes.get(HOME)?.print !== print) {
    const use = (block, element, value) => act("click", { view_id: home.id, block_id: block.block_id, action_id: element.action_id, value });
    const inside = home ? blocks(home.blocks, names, use) : el("p", { class: "nothing" }, "Tocsin has not published a home tab.");
    nodes.set(HOME, { print, node: el("li", { class: "home" }, inside) });
  }
  return nodes.get(HOME).node;
}
