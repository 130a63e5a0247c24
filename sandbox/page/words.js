// How times, jobs and timeline entries are written for people.

export const clockTime = (at) => new Date(at).toLocaleTimeString("en-GB", { timeStyle: "medium" });

/** 42 s as 0:42, more than an hour as 1:02:03. */
export function countdown(milliseconds) {
  const all = Math.max(0, Math.ceil(milliseconds / 1000));
  const parts = all < 3600 ? [Math.floor(all / 60), all % 60] : [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  return parts.map((part, index) => index ? String(part).padStart(2, "0") : String(part)).join(":");
}

/** OPEN_CHANNEL as "open channel". */
export const inWords = (name) => name.toLowerCase().replaceAll("_", " ");

const HIDDEN = ["why", "call", "recording", "title"];

/** The details of a timeline entry in one line. */
export const detailsOf = (details) => Object.entries(details)
  .filter(([name, value]) => !HIDDEN.includes(name) && value !== null && value !== "")
  .map(([name, value]) => name === "confidence" ? `${Math.round(value * 100)}% sure` : `${inWords(name)} ${typeof value === "object" ? JSON.stringify(value) : value}`)
  .join(" · ");
