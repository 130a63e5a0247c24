// What the product says of itself: its incidents, their timelines and jobs, its clock; over its own REST.
import { get, post } from "./api.js";

const API = "/product/api/v1";
const IDLE = 15000;
const WAITING = 1500;
const SETTLES = 900;
const LISTED = 20;
export const OVER = ["resolved", "merged"];
export const known = { trouble: null, loaded: false, incidents: [], timelines: new Map(), jobs: new Map(), clock: null, version: 0, after: Infinity };
const prints = new Map();
let chosen = null;
let wanted = true;
let asked = 0;
let askAgainAt = 0;
let seenSeq = null;

/** Something happened outside, as the ledger tells, or a person did something: look now, and once more when it has settled. */
export function noticed(seq) {
  if (seq === seenSeq && seq !== undefined) return;
  seenSeq = seq ?? seenSeq;
  wanted = true;
  askAgainAt = Date.now() + SETTLES;
}

export const choose = (number) => {
  chosen = number;
  noticed();
};
export const chosenNumber = () => chosen ?? newest()?.number ?? null;
export const newest = () => known.incidents.find((one) => !OVER.includes(one.status)) ?? known.incidents[0];
export const incidentOf = (number) => known.incidents.find((one) => one.number === number);

/** The product's time: its clock can be ahead of the machine's, or stand still. */
export const now = () => known.clock?.held ? known.clock.at : Date.now() + (known.clock?.ahead ?? 0);
export const isOwed = (job) => job.outcome === null;

const somethingIsDue = () => [...known.jobs.values()].flat().some((job) => isOwed(job) && Date.parse(job.due) <= now());

export async function refreshProduct() {
  const rests = Date.now() - asked;
  const settled = askAgainAt && Date.now() > askAgainAt;
  if (!wanted && !settled && rests < (somethingIsDue() || known.trouble ? WAITING : IDLE)) return;
  if (settled) askAgainAt = 0;
  wanted = false;
  asked = Date.now();
  try {
    await look();
    known.trouble = null;
  } catch (error) {
    known.trouble = error.message;
  }
  known.loaded = true;
  known.version += 1;
}

async function look() {
  const [list] = await Promise.all([get(`${API}/incidents?limit=${LISTED}`), readClock()]);
  known.incidents = list.incidents;
  const looked = known.incidents.filter((one) => one.number === chosenNumber() || (isOfInterest(one) && hasChanged(one)));
  await Promise.all(looked.map(async ({ number }) => {
    const [timeline, jobs] = await Promise.all([get(`${API}/incidents/${number}/timeline`), get(`${API}/incidents/${number}/jobs`)]);
    known.timelines.set(number, timeline.timeline);
    known.jobs.set(number, jobs.jobs);
  }));
}

/** What is not over, and what counts for the checklist (`known.after`); of older ones the list tells enough. */
const isOfInterest = (incident) => !OVER.includes(incident.status) || incident.number > known.after;

function hasChanged(incident) {
  const print = JSON.stringify(incident);
  const changed = prints.get(incident.number) !== print;
  prints.set(incident.number, print);
  return changed;
}

async function readClock() {
  try {
    takeClock(await get(`${API}/clock`));
  } catch (error) {
    known.clock = null;
    known.clockTrouble = error.message;
  }
}

const takeClock = ({ now: at, held }) => {
  known.clock = { at: Date.parse(at), held, ahead: Date.parse(at) - Date.now() };
};

export async function moveClock(how) {
  takeClock(await post(`${API}/clock`, how));
  known.version += 1;
  noticed();
}

export async function tryAgain(number, job) {
  await post(`${API}/incidents/${number}/jobs/${job.id}/retry`);
  noticed();
}

/** The job that is due next, of all incidents: `{job, number}`, or null. */
export function nextJob() {
  const owed = [...known.jobs].flatMap(([number, jobs]) => jobs.filter(isOwed).map((job) => ({ job, number })));
  const ahead = owed.filter((one) => Date.parse(one.job.due) > now());
  return ahead.sort((a, b) => a.job.due.localeCompare(b.job.due))[0] ?? null;
}
