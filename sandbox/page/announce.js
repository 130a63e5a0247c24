// What a screen reader should say although the focus is elsewhere.
import { byId, el } from "./dom.js";

const STAYS = 5000;

export function announce(text) {
  const line = el("span", {}, `${text} `);
  byId("announcements").append(line);
  setTimeout(() => line.remove(), STAYS);
}
