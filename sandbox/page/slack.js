// The Slack pane: who acts, the channels, one conversation, the composer.
import { get, post } from "./api.js";
import { blocks } from "./blocks.js";
import { choosable } from "./controls.js";
import { arrange, byId, el } from "./dom.js";
import { messageNode } from "./message.js";
import { showModal } from "./modal.js";
import { mrkdwn } from "./mrkdwn.js";

const DIRECT = "tocsin";
const HOME = "home";
let state = null;
let user = localStorage.getItem("act-as") ?? "U0ANA";
let current = /^\/archives\/(\w+)/.exec(location.pathname)?.[1] ?? "C0INCIDENTS";
let thread = null;
const seen = {};
const nodes = new Map();

export async function refreshSlack() {
  const fresh = await get(`/control/slack/state?version=${state?.version ?? ""}`);
  if (fresh.unchanged) return;
  state = fresh;
  render();
}

/** Act as the person; what is refused is said below the composer. */
async function act(name, asked) {
  byId("composer-error").textContent = "";
  try {
    return await post(`/control/slack/${name}`, { user, ...asked });
  } catch (error) {
    byId("composer-error").textContent = error.message;
    return null;
  } finally {
    await refreshSlack();
  }
}

export const say = (text, channel = "general") => act("message", { channel, text });
export const command = (text, channel = "general") => act("command", { channel, text });

const names = () => Object.fromEntries([...state.users, ...state.channels].map((one) => [one.id, one.name]));
const people = () => state.users.filter((one) => !one.bot && one.id !== "USLACKBOT");
const visible = (one) => one.members.includes(user) || (!one.private && !people().find((p) => p.id === user)?.guest);

function render() {
  choosable(people(), state.channels.filter((one) => !one.direct));
  const who = byId("act-as");
  if (who.options.length === 0) {
    who.append(...people().map((one) => el("option", { value: one.id }, one.real_name + (one.guest ? " (guest)" : ""))));
    who.value = user;
  }
  renderChannels();
  renderConversation();
  showModal(state, user, names(), act);
}

function renderChannels() {
  const rooms = state.channels.filter((one) => !one.direct && !one.archived && visible(one));
  const entries = rooms.map((one) => [one.id, `${one.private ? "🔒" : "#"} ${one.name}`]);
  entries.push([directId(), "Tocsin (direct message)"], [HOME, "Tocsin (home)"]);
  arrange(byId("channels"), entries.map(([id, label]) => channelEntry(id, label)));
}

const directId = () => state.channels.find((one) => one.people.length === 1 && one.people[0] === user)?.id ?? DIRECT;

function channelEntry(id, label) {
  const entry = byId(`channel-${id}`) ?? el("li", { id: `channel-${id}` }, el("button", { type: "button", onclick: () => go(id) }));
  const fresh = messagesIn(id).filter((one) => Number(one.ts) > (seen[id] ?? 0) && one.user !== user).length;
  const isHere = id === current;
  const button = entry.firstElementChild;
  button.textContent = fresh && !isHere ? `${label} (${fresh})` : label;
  button.title = label;
  button.classList.toggle("unread", fresh > 0 && !isHere);
  button.setAttribute("aria-current", String(isHere));
  return entry;
}

const messagesIn = (id) => state.messages.filter((one) => one.channel === id && (!one.shown_to || one.shown_to === user));

async function go(id) {
  current = id;
  thread = null;
  if (id === HOME) await act("home", {});
  else history.replaceState(null, "", id === DIRECT ? "/" : `/archives/${id}`);
  render();
}

function renderConversation() {
  const channel = state.channels.find((one) => one.id === current);
  const title = channel && !channel.direct ? `#${channel.name}` : "Tocsin";
  byId("channel-name").textContent = channel?.archived ? `${title} (archived)` : title;
  byId("channel-topic").replaceChildren(channel ? mrkdwn(channel.topic, names()) : "");
  byId("bookmarks").replaceChildren(...(channel?.bookmarks ?? []).map((one) =>
    el("li", {}, el("a", { href: one.link, target: "_blank", rel: "noreferrer" }, one.title))));
  byId("composer").hidden = current === HOME;
  byId("replying").hidden = !thread;
  byId("replying").replaceChildren("Answering in a thread. ", el("button", { type: "button", onclick: () => reply(null) }, "Leave the thread"));
  if (current === HOME) return renderHome();
  const log = byId("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  const shown = messagesIn(current);
  seen[current] = Number(shown.at(-1)?.ts ?? 0);
  arrange(byId("messages"), threaded(shown).map(kept));
  if (atEnd) log.scrollTop = log.scrollHeight;
}

/** Each thread's replies below its first message. */
function threaded(messages) {
  const parents = messages.filter((one) => !one.thread_ts || one.thread_ts === one.ts);
  const known = new Set(parents.map((one) => one.ts));
  const orphans = messages.filter((one) => one.thread_ts && one.thread_ts !== one.ts && !known.has(one.thread_ts));
  const below = (parent) => messages.filter((one) => one.thread_ts === parent.ts && one.ts !== parent.ts);
  return [...parents, ...orphans].sort((a, b) => a.ts - b.ts).flatMap((one) => [one, ...(known.has(one.ts) ? below(one) : [])]);
}

/** The node of a message that did not change stays, and with it the focus. */
function kept(message) {
  const key = `${message.channel} ${message.ts}`;
  const print = JSON.stringify([message, user]);
  if (nodes.get(key)?.print !== print) nodes.set(key, { print, node: messageNode(message, { user, names: names(), users: state.users, act, reply }) });
  return nodes.get(key).node;
}

function renderHome() {
  const home = state.homes[user];
  const print = JSON.stringify(home ?? null);
  if (nodes.get(HOME)?.print !== print) {
    const use = (block, element, value) => act("click", { view_id: home.id, block_id: block.block_id, action_id: element.action_id, value });
    const node = home ? el("li", { class: "message" }, el("span"), blocks(home.blocks, names(), use)) : el("li", { class: "message" }, "", "This app has not published a home tab.");
    nodes.set(HOME, { print, node });
  }
  arrange(byId("messages"), [nodes.get(HOME).node]);
}

function reply(ts) {
  thread = ts;
  renderConversation();
  byId("compose").focus();
}

export function startSlack() {
  byId("act-as").addEventListener("change", (event) => {
    user = event.target.value;
    localStorage.setItem("act-as", user);
    if (!state.channels.some((one) => one.id === current && visible(one))) current = "C0INCIDENTS";
    render();
  });
  byId("composer").addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = byId("compose").value.trim();
    if (!text) return;
    byId("compose").value = "";
    const [, name, rest] = /^(\/[\w-]+)\s*([\s\S]*)$/.exec(text) ?? [];
    const said = name
      ? await act("command", { channel: current, command: name, text: rest })
      : await act("message", { channel: current, text, ...(thread ? { thread_ts: thread } : {}) });
    if (said === null) byId("compose").value = text;
    if (said?.channel && current === DIRECT) await go(said.channel);
    byId("log").scrollTop = byId("log").scrollHeight;
  });
}
