// Scenarios: a button makes the first step, and one line says what to watch and what to do next.
import { post } from "./api.js";
import { announce } from "./announce.js";
import { byId, el, tell } from "./dom.js";
import { breakIt } from "./faults.js";
import { noticed } from "./product.js";
import { asAna } from "./slack.js";

const ANYBODY = "+12025550199";
const HOTLINE = "+12025550100";
const CALLS = "POST /Accounts/{Sid}/Calls.json";

const SCENARIOS = [
  ["Checkout 502", "Bea's phone rings, and a channel with a card opens. Answer and press 4.",
    () => asAna("/incident everything is down: checkout returns 502 for every customer")],
  ["Nobody answers", "Ignore the phones, or hurry the clock to the next due job: Bea again, then Cy, and at last everybody is told in the channel.",
    () => asAna("/incident production is down, nobody can log in")],
  ["Wrong category", "Open the channel and react on the card, for instance with 🔒. Category, ticket and memory follow; take the reaction away and they go back.",
    () => asAna("/incident the badge readers at the front door are slow")],
  ["Speech service down", "Say what is wrong after the tone and hang up. The recording is kept; choose “Mend all” and its words arrive in the incident.",
    () => breakIt("speech", "503", 20).then(() => post("/control/phone/call", { from: ANYBODY, to: HOTLINE }))],
  ["Model down", "The phone rings all the same. Where memory is not sure, the card says “a guess by rules”, and a reaction sets it right.",
    () => breakIt("model", "503", 20).then(() => asAna("/incident production is down: the tax export writes empty rows"))],
  ["Phone provider down", "See the incident's jobs: the page is tried again until the provider is back, and then the phone rings.",
    () => breakIt("twilio", "503", 3, CALLS).then(() => asAna("/incident production is down: orders are lost"))],
];

export function startScenarios() {
  byId("scenarios").append(...SCENARIOS.map(([label, watch, begin]) => {
    const start = el("button", { type: "button" }, label);
    start.addEventListener("click", async () => {
      for (const other of byId("scenarios").children) other.classList.toggle("chosen", other === start);
      byId("watch-line").hidden = false;
      tell(byId("watch-name"), `${label}: `);
      tell(byId("watch"), watch);
      announce(watch);
      try {
        await begin();
      } catch (error) {
        tell(byId("watch"), `This did not work: ${error.message}`);
      }
      noticed();
    });
    return start;
  }));
}
