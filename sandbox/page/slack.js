// The Slack pane: who acts, which channel is open, and what the person does there.
import { get, post } from "./api.js";
import { startComposer, suggest } from "./composer.js";
import { showConversation } from "./conversation.js";
import { choosable } from "./controls.js";
import { arrange, byId, el, tell } from "./dom.js";
import { showModal } from "./modal.js";

export const DIRECT = "tocsin";
export const HOME = "home";
const MAIN = "C0INCIDENTS";
let state = null;
let user = localStorage.getItem("act-as") ?? "U0ANA";
let current = /^\/archives\/(\w+)/.exec(location.pathname)?.[1] ?? MAIN;
let thread = null;
const seen = {};

export async function refreshSlack() {
  const fresh = await get(`/control/slack/state?version=${state?.version ?? ""}`);
  if (fresh.unchanged) return;
  state = fresh;
  render();
}

/** Act as the person; what is refused is said below the composer, and null is given. */
async function act(name, asked) {
  tell(byId("composer-error"), "");
  try {
    return await post(`/control/slack/${name}`, { user, ...asked });
  } catch (error) {
    tell(byId("composer-error"), error.message);
    return null;
  } finally {
    await refreshSlack();
  }
}

/** Write something as Ana where everybody sees it. */
export async function asAna(text) {
  actAs("U0ANA");
  open(MAIN);
  return send(text);
}

/** Go to the composer of #incidents with this text in it. */
export function propose(text) {
  open(MAIN);
  suggest(text);
}

/** Go to a channel, to the last button there with that label. */
export function goTo(channelId, label) {
  if (!state?.channels.some((one) => one.id === channelId)) return;
  open(channelId);
  const found = [...byId("messages").querySelectorAll("button")].filter((one) => one.textContent === label);
  const cards = found.filter((one) => one.closest(".message").querySelector(".actions"));
  (cards.at(-1) ?? found.at(-1) ?? byId("log")).focus();
}

const names = () => Object.fromEntries([...state.users, ...state.groups, ...state.channels].map((one) => [one.id, one.name]));
const people = () => state.users.filter((one) => !one.bot && one.id !== "USLACKBOT");
const visible = (one) => one.members.includes(user) || (!one.private && !people().find((person) => person.id === user)?.guest);
const messagesIn = (id) => state.messages.filter((one) => one.channel === id && (!one.shown_to || one.shown_to === user));
const directId = () => state.channels.find((one) => one.people.length === 1 && one.people[0] === user)?.id ?? DIRECT;

function render() {
  choosable(people(), state.channels.filter((one) => !one.direct));
  const who = byId("act-as");
  if (who.options.length === 0) {
    who.append(...people().map((one) => el("option", { value: one.id }, one.real_name + (one.guest ? " (guest)" : ""))));
  }
  who.value = user;
  const here = messagesIn(current);
  if (current !== HOME) seen[current] = Number(here.at(-1)?.ts ?? 0);
  renderChannels();
  showConversation({ state, current, user, thread, names: names(), messages: here, act, reply });
  showModal(state, user, names(), act);
}

function renderChannels() {
  const rooms = state.channels.filter((one) => !one.direct && !one.archived && visible(one));
  const entries = rooms.map((one) => [one.id, `${one.private ? "🔒" : "#"} ${one.name}`]);
  entries.push([directId(), "Tocsin (direct message)"], [HOME, "Tocsin (home)"]);
  arrange(byId("channels"), entries.map(([id, label]) => channelEntry(id, label)));
}

function channelEntry(id, label) {
  const entry = byId(`channel-${id}`) ?? el("li", { id: `channel-${id}` }, el("button", { type: "button", onclick: () => go(id) }));
  const isHere = id === current;
  const fresh = isHere ? 0 : messagesIn(id).filter((one) => Number(one.ts) > (seen[id] ?? 0) && one.user !== user).length;
  const button = entry.firstElementChild;
  tell(button, fresh ? `${label} (${fresh})` : label);
  button.title = label;
  button.classList.toggle("unread", fresh > 0);
  button.setAttribute("aria-current", String(isHere));
  return entry;
}

function open(id) {
  current = id;
  thread = null;
  if (id !== HOME) history.replaceState(null, "", id === DIRECT ? "/" : `/archives/${id}`);
  render();
}

async function go(id) {
  if (id === HOME) await act("home", {});
  open(id);
}

function reply(ts) {
  thread = ts;
  render();
  byId("compose").focus();
}

function actAs(id) {
  user = id;
  localStorage.setItem("act-as", user);
  if (!state.channels.some((one) => one.id === current && visible(one)) && current !== HOME) current = MAIN;
  render();
}

async function send(text) {
  const [, name, rest] = /^(\/[\w-]+)\s*([\s\S]*)$/.exec(text) ?? [];
  const said = name
    ? await act("command", { channel: current, command: name, text: rest })
    : await act("message", { channel: current, text, ...(thread ? { thread_ts: thread } : {}) });
  if (said?.channel && current === DIRECT) await go(said.channel);
  byId("log").scrollTop = byId("log").scrollHeight;
  return said !== null;
}

export async function startSlack() {
  byId("act-as").addEventListener("change", (event) => actAs(event.target.value));
  byId("log").addEventListener("click", (event) => {
    const place = event.target.closest("a[data-channel]")?.dataset.channel;
    if (!place || !state.channels.some((one) => one.id === place)) return;
    event.preventDefault();
    go(place);
  });
  await startComposer(send);
}
