// What a screen reader should say although the focus is elsewhere.
import { byId } from "./dom.js";

let clearing = null;

export function announce(text) {
  const place = byId("announcements");
  place.textContent = text;
  clearTimeout(clearing);
  clearing = setTimeout(() => { place.textContent = ""; }, 4000);
}
