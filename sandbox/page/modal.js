// The modal in front of the person who acts.
import { blocks } from "./blocks.js";
import { valuesOf } from "./controls.js";
import { byId, el } from "./dom.js";

let print = "";

export function showModal(state, user, names, act) {
  const dialog = byId("modal");
  const view = front(state.views, user);
  const now = view ? JSON.stringify([view.id, view.hash, view.errors, view.trouble]) : "";
  if (now === print) return;
  print = now;
  if (!view) {
    dialog.close();
    return;
  }
  dialog.replaceChildren(form(view, names, act));
  if (!dialog.open) dialog.showModal();
  dialog.querySelector(".blocks :is(input, textarea, select, button), footer button")?.focus();
  dialog.oncancel = (event) => {
    event.preventDefault();
    act("close", { view_id: view.id, all: true });
  };
}

function front(views, user) {
  const mine = views.filter((one) => one.open && one.user === user);
  const covered = new Set(mine.map((one) => one.previous_view_id));
  return mine.findLast((one) => !covered.has(one.id));
}

function form(view, names, act) {
  const close = (all) => () => act("close", { view_id: view.id, all });
  const trouble = el("p", { role: "alert" }, view.trouble ?? "");
  const use = (block, element, value) => act("click", {
    view_id: view.id, block_id: block.block_id, action_id: element.action_id, value, values: valuesOf(body),
  });
  const body = el("div", {}, blocks(view.blocks, names, use, view.errors));
  refill(body, view.state.values);
  const node = el("form", {},
    el("header", {}, el("h3", { id: "modal-title" }, view.title.text),
      el("button", { type: "button", "aria-label": "Close", onclick: close(true) }, "×")),
    body,
    el("footer", {}, trouble, el("button", { type: "button", onclick: close(false) }, view.close?.text ?? "Cancel"),
      view.submit ? el("button", { type: "submit", class: "primary" }, view.submit.text) : null));
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = await act("submit", { view_id: view.id, values: valuesOf(body) });
    if (said === null) trouble.textContent = byId("composer-error").textContent;
  });
  return node;
}

/** What the person had filled in before the app changed the view. */
function refill(body, values) {
  for (const node of body.querySelectorAll("[data-action]")) {
    const held = values[node.dataset.block]?.[node.dataset.action];
    const value = held && (held.value ?? held.selected_option?.value ?? held.selected_user ?? held.selected_date);
    if (value && "value" in node && node.tagName !== "FIELDSET") node.value = value;
  }
}
