// The modal in front of the person who acts.
import { blocks } from "./blocks.js";
import { byId, button, el, tell } from "./dom.js";
import { fill, lacking, valuesOf } from "./form.js";

let print = "";
let before = null;

export function showModal(state, user, names, act) {
  const dialog = byId("modal");
  const view = front(state.views, user);
  const now = view ? JSON.stringify([view.id, view.hash, view.errors, view.trouble]) : "";
  if (now === print) return;
  print = now;
  if (!view) return close(dialog);
  const again = dialog.open ? document.activeElement?.dataset.action : null;
  if (!dialog.open) before = document.activeElement;
  dialog.replaceChildren(form(view, names, act));
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector("[aria-invalid]") ?? (again && dialog.querySelector(`[data-action="${CSS.escape(again)}"]`))
    ?? dialog.querySelector(".blocks :is(input, textarea, select, button), footer button");
  (first?.tagName === "FIELDSET" ? first.querySelector("input") : first)?.focus();
  dialog.oncancel = (event) => {
    event.preventDefault();
    act("close", { view_id: view.id, all: true });
  };
  return undefined;
}

function close(dialog) {
  if (!dialog.open) return;
  dialog.close();
  dialog.replaceChildren();
  if (before?.isConnected) before.focus();
}

function front(views, user) {
  const mine = views.filter((one) => one.open && one.user === user);
  const covered = new Set(mine.map((one) => one.previous_view_id));
  return mine.findLast((one) => !covered.has(one.id));
}

function form(view, names, act) {
  const shut = (all) => () => act("close", { view_id: view.id, all });
  const trouble = el("p", { role: "alert" }, view.trouble ?? "");
  const use = (block, element, value) => act("click", {
    view_id: view.id, block_id: block.block_id, action_id: element.action_id, value, values: valuesOf(body),
  });
  const body = el("div", {}, blocks(view.blocks, names, use, view.errors));
  fill(body, view.state.values);
  const cross = button("×", shut(true));
  cross.setAttribute("aria-label", "Close");
  const node = el("form", { novalidate: true },
    el("header", {}, el("h3", { id: "modal-title" }, view.title.text), cross),
    body,
    el("footer", {}, trouble, button(view.close?.text ?? "Cancel", shut(false)),
      view.submit ? el("button", { type: "submit", class: "primary" }, view.submit.text) : null));
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell(trouble, "");
    if (lacking(body, view.blocks)) return;
    const said = await act("submit", { view_id: view.id, values: valuesOf(body) });
    if (said === null) tell(trouble, byId("composer-error").textContent);
  });
  return node;
}
