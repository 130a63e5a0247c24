// Block Kit blocks as elements. `use(block, element, value)` is called when a person uses one.
import { el } from "./dom.js";
import { control } from "./controls.js";
import { mrkdwn, plainText } from "./mrkdwn.js";

export const textOf = (object, names) =>
  object.type === "mrkdwn" ? mrkdwn(object.text, names) : plainText(object.text);

export function blocks(list, names, use, errors = {}) {
  return el("div", { class: "blocks" }, ...list.map((block) => (KINDS[block.type] ?? unknown)(block, names, use, errors)));
}

const KINDS = {
  header: (block, names) => el("h4", {}, textOf(block.text, names)),
  divider: () => el("hr"),
  markdown: (block, names) => mrkdwn(block.text.replaceAll("**", "*"), names),
  image: (block) => el("figure", {},
    block.title ? el("figcaption", { class: "hint" }, block.title.text) : null,
    el("img", { class: "block-image", src: block.image_url, alt: block.alt_text })),
  context: (block, names) => el("div", { class: "context" }, ...block.elements.map((part) =>
    part.type === "image" ? el("img", { src: part.image_url, alt: part.alt_text }) : textOf(part, names))),
  actions: (block, names, use) => el("div", { class: "actions" }, ...block.elements.map((part) => control(block, part, use))),
  section: (block, names, use) => el("div", { class: "section" },
    el("div", {},
      block.text ? textOf(block.text, names) : null,
      block.fields ? el("div", { class: "fields" }, ...block.fields.map((field) => textOf(field, names))) : null),
    block.accessory ? accessory(block, use) : null),
  input: (block, names, use, errors) => input(block, use, errors),
  rich_text: (block, names) => el("div", { class: "text" }, ...block.elements.map((part) => rich(part, names))),
};

const accessory = (block, use) => block.accessory.type === "image"
  ? el("img", { class: "block-image", src: block.accessory.image_url, alt: block.accessory.alt_text })
  : control(block, block.accessory, use);

const unknown = (block) => el("p", { class: "hint" }, `(a ${block.type} block)`);

let errorNumber = 0;

function input(block, use, errors) {
  const field = control(block, block.element, block.dispatch_action ? use : () => {});
  const label = `${block.label.text}${block.optional ? " (optional)" : ""}`;
  const hint = block.hint ? el("p", { class: "hint" }, block.hint.text) : null;
  errorNumber += 1;
  const wrong = errors[block.block_id] ?? "";
  const error = el("p", { role: "alert", id: `error-${errorNumber}` }, wrong);
  field.setAttribute("aria-describedby", error.id);
  if (wrong) field.setAttribute("aria-invalid", "true");
  if (field.tagName === "FIELDSET") {
    field.prepend(el("legend", {}, label));
    return el("div", { class: "input" }, field, hint, error);
  }
  field.removeAttribute("aria-label");
  return el("div", { class: "input" }, el("label", {}, label, field), hint, error);
}

function rich(part, names) {
  if (part.type === "text") return part.text;
  if (part.type === "user") return el("span", { class: "mention" }, `@${names[part.user_id] ?? part.user_id}`);
  if (part.type === "link") return el("a", { href: part.url, rel: "noreferrer" }, part.text ?? part.url);
  return el("span", {}, ...(part.elements ?? []).map((inner) => rich(inner, names)));
}
