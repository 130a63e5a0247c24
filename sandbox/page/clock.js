// Behind the scenes: the product's clock, which can be hurried, held and put right.
import { announce } from "./announce.js";
import { button, byId, tell } from "./dom.js";
import { known, moveClock, nextJob, now } from "./product.js";
import { clockTime, countdown, inWords } from "./words.js";

const STEPS = [["+10 s", 10], ["+1 min", 60], ["+5 min", 300]];
const PAST_DUE = 0.2;

async function move(how, said) {
  tell(byId("clock-error"), "");
  try {
    await moveClock(how);
    announce(`${said}. It is ${clockTime(now())} for the product.`);
  } catch (error) {
    tell(byId("clock-error"), error.message);
  }
  showClock();
}

function toNextJob() {
  const next = nextJob();
  if (!next) return;
  const seconds = (Date.parse(next.job.due) - now()) / 1000 + PAST_DUE;
  move({ advance_seconds: seconds }, `Hurried to ${inWords(next.job.kind)} of #${next.number}`);
}

export function startClock() {
  byId("clock-steps").append(
    ...STEPS.map(([label, seconds]) => button(label, () => move({ advance_seconds: seconds }, `The clock went on by ${label.slice(1)}`))));
  byId("to-next-job").addEventListener("click", toNextJob);
  byId("clock-hold").addEventListener("click", () => known.clock?.held
    ? move({ release: true }, "The clock runs on") : move({ hold: true }, "The clock stands still"));
  byId("clock-reset").addEventListener("click", () => move({ reset: true }, "The clock is the machine's again"));
}

export function showClock() {
  const { clock } = known;
  byId("clock-controls").hidden = !clock;
  byId("clock-empty").hidden = Boolean(clock);
  tell(byId("clock-empty"), known.trouble ?? known.clockTrouble ?? "Asking the product …");
  if (!clock) return;
  const next = nextJob();
  const ahead = now() - Date.now();
  tell(byId("clock-now"), clockTime(now()));
  tell(byId("clock-ahead"), clock.held ? "standing still" : Math.abs(ahead) < 1500 ? "the machine's time" : `${countdown(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"} the machine`);
  tell(byId("clock-hold"), clock.held ? "Release" : "Hold");
  byId("to-next-job").disabled = !next;
  tell(byId("next-job"), next ? `Next: ${inWords(next.job.kind)} of #${next.number} in ${countdown(Date.parse(next.job.due) - now())}` : "Nothing is due later.");
}
