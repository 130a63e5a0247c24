// The picker of reactions: those that mean something to Tocsin, and any other by its name.
import { button, el } from "./dom.js";
import { glyph } from "./mrkdwn.js";

const QUICK = [
  "eyes", "file_cabinet", "globe_with_meridians", "computer", "building_construction", "floppy_disk", "lock", "key", "handshake",
  "grey_question", "white_check_mark", "pushpin",
];

/** The button that opens it, and the panel; `react(name)` is called with the choice. */
export function picker(react, isOpen = false) {
  const open = button("React", () => toggle(panel.hidden));
  const field = el("input", { list: "emoji-names", "aria-label": "Emoji by name", placeholder: "or by name: fire", autocomplete: "off" });
  const panel = el("form", { class: "picker", "aria-label": "React", hidden: !isOpen });
  open.setAttribute("aria-expanded", String(isOpen));

  function toggle(wanted) {
    panel.hidden = !wanted;
    open.setAttribute("aria-expanded", String(wanted));
    if (wanted) field.focus();
    else open.focus();
  }
  const choose = (name) => {
    toggle(false);
    return react(name);
  };

  panel.append(
    ...QUICK.map((name) => el("button", { type: "button", "aria-label": name, title: `:${name}:`, onclick: () => choose(name) }, glyph(name))),
    el("span", { class: "typed" }, field, el("button", { type: "submit" }, "Add")));
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = field.value.trim().replaceAll(":", "");
    if (name) choose(name);
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    toggle(false);
  });
  return { open, panel };
}
