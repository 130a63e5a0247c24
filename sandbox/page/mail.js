// The mails that arrived, the newest first; each opens to its text.
import { get } from "./api.js";
import { byId, el } from "./dom.js";
import { clockTime } from "./words.js";

const MOST = 10;
let shown = "";

export async function refreshMails() {
  const mails = await get(`/control/mail?last=${MOST}`);
  const now = JSON.stringify(mails.map((mail) => [mail.at, mail.to]));
  if (now === shown) return;
  shown = now;
  byId("mail").hidden = mails.length === 0;
  byId("mails").replaceChildren(...mails.reverse().map(row));
}

const row = (mail) => el("li", {}, el("details", {},
  el("summary", {}, el("time", { datetime: mail.at }, clockTime(mail.at)), ` ${mail.to}: ${mail.subject}`),
  el("pre", { tabindex: "0", "aria-label": "The mail" }, mail.text)));
