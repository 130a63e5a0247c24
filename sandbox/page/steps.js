// The five steps of the checklist: how each is recognised in what really happened, and what helps with it.
import { known, OVER } from "./product.js";
import { goToPhone, rings } from "./phones.js";
import { goTo, propose } from "./slack.js";

const REPORT = "/incident everything is down: checkout returns 502 for every customer";
const has = (incident, kind, via) => (known.timelines.get(incident.number) ?? []).some((one) => one.kind === kind && (!via || one.details.via === via));

/** `happened(incident)`; `hint(incident)` with the incident that the person is at, or undefined; `help` goes to the place. */
export const STEPS = [
  {
    title: "Declare an incident",
    happened: () => true,
    hint: () => `In #incidents, write ${REPORT} and press Enter.`,
    help: () => propose(REPORT), label: "Write it for me",
  },
  {
    title: "Channel, card and ticket",
    happened: (incident) => Boolean(incident.channel && incident.ticket) && has(incident, "card_posted"),
    hint: (incident) => incident ? `Tocsin is at it: #incident-${incident.number}, its card and its ticket come by themselves.` : "Declare one first.",
    help: (incident) => goTo(incident.channel_id, "Acknowledge"), label: "Open the channel", ready: (incident) => Boolean(incident?.channel_id),
  },
  {
    title: "Answer the phone, press 4",
    happened: (incident) => has(incident, "acknowledged", "phone"),
    hint: (incident) => {
      if (!incident || incident.status !== "open") return "That one was acknowledged in another way. Declare one more and answer the phone.";
      return rings() ? `${rings()}'s phone is ringing: Answer, then 4.` : "Answer when a phone rings, then 4. The clock can be hurried to the next call.";
    },
    help: () => goToPhone(), label: "Go to the phone",
  },
  {
    title: "Correct the category",
    happened: (incident) => has(incident, "category_corrected", "reaction"),
    hint: (incident) => incident ? `In #incident-${incident.number}, choose React on the card and take 🔒 for security, say.` : "Declare one more, and react on its card.",
    help: (incident) => goTo(incident.channel_id, "React"), label: "Go to the card", ready: (incident) => Boolean(incident?.channel_id),
  },
  {
    title: "Resolve it",
    happened: (incident) => incident.status === "resolved",
    hint: (incident) => incident ? `Press Resolve on the card, or write /incident resolve ${incident.number} and what fixed it.` : "Declare one more, and resolve it.",
    help: (incident) => goTo(incident.channel_id, "Resolve"), label: "Go to the card", ready: (incident) => Boolean(incident?.channel_id),
  },
];

/** The incident that the person is at: the newest that is not over. */
export const at = (incidents) => incidents.find((one) => !OVER.includes(one.status));
