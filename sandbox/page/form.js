// A form of Block Kit fields: what stands in them, what is missing, what is wrong.
import { tell } from "./dom.js";

/** What the control API wants for one field: a text, an option's value, or a list of values; null for nothing. */
export function valueOf(node) {
  if (node.tagName === "FIELDSET") {
    const checked = [...node.querySelectorAll("input:checked")].map((one) => one.value);
    return node.dataset.type === "radio_buttons" ? checked[0] ?? null : checked;
  }
  if (node.multiple) return [...node.selectedOptions].map((one) => one.value);
  if (node.value === "") return null;
  return node.dataset.type === "datetimepicker" ? Math.floor(new Date(node.value).getTime() / 1000) : node.value;
}

const fieldsOf = (root) => [...root.querySelectorAll("[data-action]")].filter((node) => !["button", "overflow"].includes(node.dataset.type));

/** `{block_id: {action_id: value}}` of all fields within. */
export function valuesOf(root) {
  const values = {};
  for (const node of fieldsOf(root)) (values[node.dataset.block] ??= {})[node.dataset.action] = valueOf(node);
  return values;
}

/** What the person had filled in before the app changed the view. */
export function fill(root, values) {
  for (const node of fieldsOf(root)) {
    const held = values[node.dataset.block]?.[node.dataset.action];
    if (held) put(node, held);
  }
}

function put(node, held) {
  const one = held.value ?? held.selected_option?.value ?? held.selected_user ?? held.selected_channel
    ?? held.selected_conversation ?? held.selected_date ?? held.selected_time;
  const several = held.selected_options?.map((option) => option.value)
    ?? held.selected_users ?? held.selected_channels ?? held.selected_conversations ?? [one];
  if (node.tagName === "FIELDSET") for (const box of node.querySelectorAll("input")) box.checked = several.includes(box.value);
  else if (node.multiple) for (const option of node.options) option.selected = several.includes(option.value);
  else if (one) node.value = one;
}

/** Whether a field that must be filled in is empty; it then says so, as Slack does before it asks the app. */
export function lacking(root, blocks) {
  const needed = blocks.filter((block) => block.type === "input" && !block.optional).map((block) => block.block_id);
  let first = null;
  for (const node of fieldsOf(root)) {
    const value = valueOf(node);
    const isEmpty = value === null || value.length === 0;
    const wrong = isEmpty && needed.includes(node.dataset.block) ? "Please complete this required field." : "";
    mark(node, wrong);
    first ??= wrong ? node : null;
  }
  (first?.tagName === "FIELDSET" ? first.querySelector("input") : first)?.focus();
  return first !== null;
}

/** Say below the field what is wrong with it, to the eye and to a screen reader. */
export function mark(node, wrong) {
  const place = node.closest(".input")?.querySelector("[role=alert]");
  if (!place) return;
  tell(place, wrong);
  if (wrong) node.setAttribute("aria-invalid", "true");
  else node.removeAttribute("aria-invalid");
}
