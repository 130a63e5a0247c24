// Buttons, menus and fields of Block Kit; each remembers its block and action for the form that it stands in.
import { ask } from "./ask.js";
import { el } from "./dom.js";
import { valueOf } from "./form.js";
import { plainText } from "./mrkdwn.js";

let names = 0;

export function control(block, element, use) {
  const node = (KINDS[element.type] ?? menu)(block, element, use);
  node.dataset.block = block.block_id;
  node.dataset.action = element.action_id;
  node.dataset.type = element.type;
  return node;
}

const KINDS = {
  button, plain_text_input: text, email_text_input: text, url_text_input: text, number_input: text,
  radio_buttons: (block, element, use) => choices(block, element, use, "radio"),
  checkboxes: (block, element, use) => choices(block, element, use, "checkbox"),
  datepicker: (block, element, use) => moment(block, element, use, "date", element.initial_date),
  datetimepicker: (block, element, use) => moment(block, element, use, "datetime-local", local(element.initial_date_time)),
  timepicker: (block, element, use) => moment(block, element, use, "time", element.initial_time),
};

function button(block, element, use) {
  const look = element.style === "primary" ? "primary" : element.style;
  const press = async () => {
    const sure = element.confirm;
    if (sure && !await ask({ title: sure.title.text, text: sure.text.text, yes: sure.confirm.text, no: sure.deny.text })) return;
    if (element.url) window.open(element.url, "_blank", "noopener");
    use(block, element, element.value);
  };
  const node = el("button", { type: "button", class: look, "aria-label": element.accessibility_label, onclick: press });
  node.append(...plainText(element.text.text).childNodes);
  return node;
}

/** Seconds since 1970 as such a field writes them. */
const local = (seconds) => seconds && new Date(seconds * 1000 - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 16);

function menu(block, element, use) {
  const several = element.type.startsWith("multi_");
  const label = element.placeholder?.text ?? "Choose";
  const chosen = several ? element.initial_options ?? initialIds(element) : [element.initial_option];
  const node = el("select", { "aria-label": label, multiple: several, size: several ? Math.min(4, (element.options ?? people(element)).length || 4) : null });
  if (!several) node.append(el("option", { value: "" }, element.type === "overflow" ? "…" : label));
  node.append(...(element.option_groups ?? []).map((group) =>
    el("optgroup", { label: group.label.text }, ...group.options.map((one) => option(one, chosen)))));
  node.append(...(element.options ?? people(element)).map((one) => option(one, chosen)));
  const initial = element.initial_user ?? element.initial_conversation ?? element.initial_channel;
  if (initial) node.value = initial;
  node.addEventListener("change", () => use(block, element, valueOf(node)));
  return node;
}

const initialIds = (element) =>
  (element.initial_users ?? element.initial_conversations ?? element.initial_channels ?? []).map((value) => ({ value }));

const option = (one, chosen) => el("option", {
  value: one.value, selected: chosen.some((other) => other?.value === one.value),
}, plainText(one.text.text).textContent);

let known = { users: [], channels: [] };
export const choosable = (users, channels) => { known = { users, channels }; };

function people(element) {
  const from = element.type.includes("users") ? known.users : known.channels;
  return from.map((one) => ({ value: one.id, text: { text: one.real_name ?? `#${one.name}` } }));
}

function text(block, element, use) {
  const attributes = {
    placeholder: element.placeholder?.text, maxlength: element.max_length, "aria-label": element.placeholder?.text ?? "Text",
    onchange: () => element.dispatch_action_config && use(block, element, valueOf(node)),
  };
  const type = { number_input: "number", email_text_input: "email", url_text_input: "url" }[element.type] ?? "text";
  const node = element.multiline ? el("textarea", { rows: 4, ...attributes }) : el("input", { type, ...attributes });
  node.value = element.initial_value ?? "";
  return node;
}

function moment(block, element, use, type, initial) {
  const node = el("input", { type, "aria-label": element.placeholder?.text ?? type, onchange: () => use(block, element, valueOf(node)) });
  node.value = initial ?? "";
  return node;
}

function choices(block, element, use, type) {
  names += 1;
  const initial = type === "radio" ? [element.initial_option] : element.initial_options ?? [];
  const node = el("fieldset", {}, ...element.options.map((one) => el("label", {},
    el("input", { type, name: `choice-${names}`, value: one.value, checked: initial.some((other) => other?.value === one.value) }),
    ` ${plainText(one.text.text).textContent}`,
    one.description ? el("span", { class: "hint" }, ` ${one.description.text}`) : null)));
  node.addEventListener("change", () => use(block, element, valueOf(node)));
  return node;
}
