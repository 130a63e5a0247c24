// A question with two answers, in a dialog of the page's own.
import { byId, button, el } from "./dom.js";

/** True when the person said yes. */
export function ask({ title, text, yes, no = "Cancel", danger = false }) {
  const dialog = byId("question");
  return new Promise((resolve) => {
    const end = (answer) => {
      dialog.close();
      resolve(answer);
    };
    const confirm = button(yes, () => end(true), danger ? "danger" : "primary");
    const cancel = button(no, () => end(false));
    dialog.replaceChildren(
      el("h3", { id: "question-title" }, title), el("p", { id: "question-text" }, text),
      el("footer", {}, cancel, confirm));
    dialog.oncancel = (event) => {
      event.preventDefault();
      end(false);
    };
    dialog.showModal();
    (danger ? cancel : confirm).focus();
  });
}
