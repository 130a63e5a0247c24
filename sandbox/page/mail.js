// The mails that arrived, the newest first; each opens to its text.
import { get } from "./api.js";
import { arrange, byId, el } from "./dom.js";
import { clockTime } from "./words.js";

const MOST = 10;
const rows = new Map();

export async function refreshMails() {
  const mails = await get(`/control/mail?last=${MOST}`);
  const keys = mails.map((mail) => `${mail.at} ${mail.to}`);
  mails.forEach((mail, place) => rows.has(keys[place]) || rows.set(keys[place], row(mail)));
  for (const key of rows.keys()) if (!keys.includes(key)) rows.delete(key);
  byId("mail").hidden = mails.length === 0;
  arrange(byId("mails"), keys.reverse().map((key) => rows.get(key)));
}

const row = (mail) => el("li", {}, el("details", {},
  el("summary", {}, el("time", { datetime: mail.at }, clockTime(mail.at)), ` ${mail.to}: ${mail.subject}`),
  el("pre", { tabindex: "0", "aria-label": "The mail" }, mail.text)));
