// Behind the scenes: scenarios, faults, and the ledger as it grows.
import { get, post, remove } from "./api.js";
import { byId, el } from "./dom.js";
import { command, say } from "./slack.js";

const MOST = 300;
const PROVIDERS = ["slack", "twilio", "jira", "speech", "model"];
let last = null;
let rows = [];

const break_ = (provider, kind, times) => post("/control/fault", { provider, method: "*", kind, times }).then(refreshFaults);
const SCENARIOS = {
  "Checkout returns 502": () => command("checkout returns 502 for every customer"),
  "Mention the bot": () => say("@tocsin the orders database is out of disk space"),
  "Anybody calls": () => post("/control/phone/call", { from: "+12025550199", to: "+12025550100" }),
  "Slack fails 3×": () => break_("slack", "503", 3),
  "Phone provider fails 3×": () => break_("twilio", "503", 3),
  "Jira drops the line after 1": () => break_("jira", "reset-after", 1),
  "Model is down 5×": () => break_("model", "503", 5),
  "Speech is down 5×": () => break_("speech", "503", 5),
};

export async function refreshLedger() {
  const entries = await get(last === null ? `/ledger?last=${MOST}` : `/ledger?after=${last}`);
  if (entries.length === 0) return;
  last = entries.at(-1).seq;
  const fresh = entries.map((entry) => ({ provider: entry.provider, node: row(entry) }));
  rows = [...rows, ...fresh].slice(-MOST);
  byId("ledger").prepend(...fresh.map((one) => one.node).reverse());
  while (byId("ledger").children.length > MOST) byId("ledger").lastElementChild.remove();
  filter();
}

function row(entry) {
  const status = entry.response?.status ?? entry.response?.failure ?? "";
  const refused = entry.response?.body?.ok === false ? entry.response.body.error : null;
  const bad = refused || entry.response?.fault || !(Number(status) < 400);
  const node = el("details", {}, el("summary", {},
    el("time", { datetime: entry.at }, new Date(entry.at).toLocaleTimeString([], { timeStyle: "medium", hour12: false })),
    el("span", { class: "provider" }, entry.provider),
    el("span", { class: "method" }, entry.method),
    el("span", { class: bad ? "status bad" : "status" }, String(refused ?? status), entry.response?.fault ? ` (${entry.response.fault})` : ""),
    entry.effect ? el("span", { class: "effect" }, brief(entry.effect)) : null));
  node.addEventListener("toggle", () => {
    if (node.open && node.children.length === 1) {
      node.append(el("pre", { tabindex: "0" }, JSON.stringify({ request: entry.request, response: entry.response, effect: entry.effect }, null, 2)));
    }
  }, { once: true });
  return el("li", {}, node);
}

const brief = (effect) => typeof effect === "string" ? effect
  : Object.entries(effect).map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`).join(" · ");

function filter() {
  const wanted = byId("ledger-of").value;
  for (const one of rows) one.node.hidden = Boolean(wanted) && one.provider !== wanted;
}

export async function refreshFaults() {
  const { waiting, kinds } = await get("/control/fault");
  const total = waiting.reduce((sum, one) => sum + one.times, 0);
  byId("faults-waiting").textContent = total ? `(${waiting.map((one) => `${one.provider} ${one.kind} ${one.times}×`).join(", ")})` : "";
  const menu = byId("fault").elements.kind;
  if (menu.options.length === 0) menu.append(...Object.entries(kinds).map(([name, what]) => el("option", { value: name }, `${name}: ${what}`)));
}

export function startBehind() {
  for (const [label, run] of Object.entries(SCENARIOS)) {
    byId("scenarios").append(el("button", { type: "button", onclick: run }, label));
  }
  const form = byId("fault");
  for (const name of PROVIDERS) {
    form.elements.provider.append(el("option", {}, name));
    byId("ledger-of").append(el("option", {}, name));
  }
  byId("ledger-of").addEventListener("change", filter);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    byId("fault-error").textContent = "";
    const asked = Object.fromEntries(new FormData(form));
    try {
      await post("/control/fault", { ...asked, times: Number(asked.times) });
    } catch (error) {
      byId("fault-error").textContent = error.message;
    }
    await refreshFaults();
  });
  byId("mend").addEventListener("click", async () => {
    await remove("/control/fault");
    await refreshFaults();
  });
  byId("reset").addEventListener("click", async () => {
    if (!window.confirm("Empty the sandbox? Channels, calls, tickets and the list of requests go; the product keeps its own.")) return;
    await post("/control/reset");
    location.href = "/";
  });
}
