// Something is broken on purpose: which service, which method, what happens, how often.
import { get, post, remove } from "./api.js";
import { byId, el, tell } from "./dom.js";

export const PROVIDERS = ["slack", "twilio", "jira", "speech", "model", "mail"];

export async function refreshFaults() {
  const { waiting, kinds } = await get("/control/fault");
  const total = waiting.reduce((sum, one) => sum + one.times, 0);
  tell(byId("faults-waiting"), total ? waiting.map((one) => `${one.provider} ${one.kind} ${one.times}×`).join(", ") : "");
  byId("mend-now").hidden = !total;
  const menu = byId("fault").elements.kind;
  if (menu.options.length === 0) menu.append(...Object.entries(kinds).map(([name, what]) => el("option", { value: name }, `${name}: ${what}`)));
}

export const breakIt = (provider, kind, times, method = "*") => post("/control/fault", { provider, method, kind, times }).then(refreshFaults);

async function mend() {
  await remove("/control/fault");
  await refreshFaults();
}

export function startFaults() {
  const form = byId("fault");
  form.elements.provider.append(...PROVIDERS.map((name) => el("option", {}, name)));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell(byId("fault-error"), "");
    const { provider, kind, times, method } = Object.fromEntries(new FormData(form));
    try {
      await breakIt(provider, kind, Number(times), method);
    } catch (error) {
      tell(byId("fault-error"), error.message);
    }
  });
  byId("mend").addEventListener("click", mend);
  byId("mend-now").addEventListener("click", mend);
}
