// The phones: one handset for each responder and one for anybody; who rings is said, shown and, on wish, heard.
import { get } from "./api.js";
import { announce } from "./announce.js";
import { byId } from "./dom.js";
import { handset } from "./handset.js";
import { ring } from "./sound.js";

const TITLE = document.title;
const handsets = new Map();
let ringing = "";

export async function refreshPhones() {
  for (const phone of await get("/control/phone")) {
    if (!handsets.has(phone.number)) {
      const made = handset(phone);
      handsets.set(phone.number, made);
      byId("handsets").append(made.node);
    }
    handsets.get(phone.number).show(phone);
  }
  tellWhoRings();
}

function tellWhoRings() {
  const now = [...handsets.values()].filter((one) => one.node.dataset.state === "ringing").map((one) => one.title).join(" and ");
  if (now && byId("bell").checked) ring();
  if (now === ringing) return;
  ringing = now;
  document.title = now ? `☎ ${now} · ${TITLE}` : TITLE;
  byId("jump-phones").classList.toggle("ringing", Boolean(now));
  if (now) announce(`${now}: the phone is ringing`);
}

/** Go to the phone that wants somebody: one that rings, else one in a call, else the first. */
export function goToPhone() {
  const all = [...handsets.values()];
  const wanted = all.find((one) => one.node.dataset.state === "ringing") ?? all.find((one) => one.node.dataset.state === "in-call") ?? all[0];
  wanted?.node.scrollIntoView({ block: "nearest" });
  (wanted?.node.querySelector(".ringing-buttons:not([hidden]) button") ?? wanted?.node)?.focus();
}

export const rings = () => ringing;
