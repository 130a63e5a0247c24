// Slack's mrkdwn and emoji names as elements.
import { el } from "./dom.js";

let emoji = {};

export async function loadEmoji() {
  emoji = await (await fetch("/page/emoji.json")).json();
  return Object.keys(emoji);
}

export const glyph = (name) => emoji[name.split("::")[0]] ?? `:${name}:`;

const PARTS = new RegExp(
  [
    "```([\\s\\S]+?)```", "`([^`\\n]+)`", "<([^>]+)>", ":([a-z0-9_+'-]+(?:::skin-tone-\\d)?):",
    "(?<![\\w*])\\*(?!\\s)([^*\\n]+?)(?<!\\s)\\*(?![\\w*])", "(?<![\\w_])_(?!\\s)([^_\\n]+?)(?<!\\s)_(?![\\w_])",
    "(?<![\\w~])~(?!\\s)([^~\\n]+?)(?<!\\s)~(?![\\w~])",
  ].join("|"), "g");

const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** `names` gives people's and channels' names by id. */
export function mrkdwn(text, names) {
  const box = el("div", { class: "text" });
  for (const [index, lines] of quoted(text).entries()) {
    const into = lines.quote ? el("blockquote") : document.createDocumentFragment();
    into.append(...inline(lines.text, names));
    if (index > 0 && !lines.quote && !lines.afterQuote) box.append("\n");
    box.append(into);
  }
  return box;
}

/** Runs of lines, those that begin with > apart. */
function quoted(text) {
  const runs = [];
  for (const line of text.split("\n")) {
    const mark = /^(&gt;|>) ?/.exec(line);
    const last = runs.at(-1);
    if (last && last.quote === Boolean(mark)) last.text += `\n${line.slice(mark?.[0].length ?? 0)}`;
    else runs.push({ quote: Boolean(mark), afterQuote: last?.quote, text: line.slice(mark?.[0].length ?? 0) });
  }
  return runs;
}

export function plainText(text) {
  const box = el("div", { class: "text" });
  box.append(text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emoji[name] ?? whole));
  return box;
}

function inline(text, names) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(PARTS)) {
    nodes.push(plain(text.slice(at, found.index)), part(found, names));
    at = found.index + found[0].length;
  }
  nodes.push(plain(text.slice(at)));
  return nodes;
}

function part([, block, code, token, name, bold, italic, struck], names) {
  if (block !== undefined) return el("pre", {}, plain(block.replace(/^\n/, "")));
  if (code !== undefined) return el("code", {}, plain(code));
  if (token !== undefined) return link(token, names);
  if (name !== undefined) return emojiNode(name);
  if (bold !== undefined) return el("strong", {}, ...inline(bold, names));
  if (italic !== undefined) return el("em", {}, ...inline(italic, names));
  return el("s", {}, ...inline(struck, names));
}

const emojiNode = (name) => emoji[name.split("::")[0]] ? el("span", { role: "img", "aria-label": name, title: `:${name}:` }, glyph(name)) : `:${name}:`;

function link(token, names) {
  const [target, label] = token.split("|");
  if (target.startsWith("@")) return el("span", { class: "mention" }, `@${names[target.slice(1)] ?? label ?? target.slice(1)}`);
  if (target.startsWith("#")) return channel(target.slice(1), label, names);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!subteam^")) return el("span", { class: "mention" }, `@${names[target.slice(9)] ?? label ?? target.slice(9)}`);
  if (target.startsWith("!")) return el("span", { class: "mention" }, `@${label ?? target.slice(1).split("^")[0]}`);
  if (!/^(https?|mailto):/.test(target)) return `<${plain(token)}>`;
  return el("a", { href: plain(target), target: "_blank", rel: "noreferrer" }, plain(label ?? target));
}

const channel = (id, label, names) =>
  el("a", { class: "mention", href: `/archives/${id}`, "data-channel": id }, `#${names[id] ?? label ?? id}`);

function date(token, fallback) {
  const [, seconds, form] = token.split("^");
  const when = new Date(Number(seconds) * 1000);
  if (!form || Number.isNaN(when.getTime())) return plain(fallback ?? "");
  const shown = form.replace(/\{time(_secs)?\}/g, when.toLocaleTimeString([], { timeStyle: form.includes("_secs") ? "medium" : "short" }))
    .replace(/\{(date|day)[a-z_]*\}/g, when.toLocaleDateString([], { dateStyle: "medium" }))
    .replace(/\{ago\}/g, `${Math.max(0, Math.round((Date.now() - when.getTime()) / 60000))} minutes ago`);
  return el("time", { datetime: when.toISOString() }, shown);
}
