// Behind the scenes: the ledger as it grows, every request with what it changed, its details when opened.
import { get } from "./api.js";
import { byId, el } from "./dom.js";
import { PROVIDERS } from "./faults.js";
import { clockTime } from "./words.js";

const MOST = 300;
let last = null;
let rows = [];

export const newestSeq = () => last?.seq ?? 0;

export async function refreshRequests() {
  const entries = await get(last === null ? `/ledger?last=${MOST}` : `/ledger?after=${last.seq - 1}`);
  if (last !== null && (entries[0]?.seq !== last.seq || entries[0].at !== last.at)) return startAnew();
  return add(last === null ? entries : entries.slice(1));
}

/** Somebody emptied the ledger. */
function startAnew() {
  last = null;
  rows = [];
  byId("ledger").replaceChildren();
  return refreshRequests();
}

function add(entries) {
  byId("ledger-empty").hidden = rows.length + entries.length > 0;
  if (entries.length === 0) return;
  last = entries.at(-1);
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
  const inward = entry.method.includes("{product}") || "failure" in (entry.response ?? {});
  const node = el("details", {}, el("summary", {},
    el("time", { datetime: entry.at }, clockTime(entry.at)),
    el("span", { class: "provider" }, entry.provider),
    el("span", { class: "method" }, el("span", { "aria-label": inward ? "to the product" : "from the product", role: "img" }, inward ? "→ " : "← "), entry.method.replace("{product} ", "")),
    el("span", { class: bad ? "status bad" : "status" }, String(refused ?? status), entry.response?.fault ? ` (${entry.response.fault})` : ""),
    entry.effect ? el("span", { class: "effect" }, brief(entry.effect)) : null));
  node.addEventListener("toggle", () => {
    if (node.open && node.children.length === 1) {
      const { request, response, effect } = entry;
      node.append(el("pre", { tabindex: "0", "aria-label": "Details" }, JSON.stringify({ request, response, effect }, null, 2)));
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

export function startRequests() {
  byId("ledger-of").append(...PROVIDERS.map((name) => el("option", {}, name)));
  byId("ledger-of").addEventListener("change", filter);
}
