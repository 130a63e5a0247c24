// Elements are built, never parsed from text, so that nothing a person typed can become markup.

/** el("button", {class: "primary", onclick: f, "aria-label": "…"}, "text", child) */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value === "boolean") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const byId = (id) => document.getElementById(id);

export const button = (text, doing, look = null) => el("button", { type: "button", class: look, onclick: doing }, text);

/** Touch the text only when it is another one: a screen reader reads what is touched. */
export function tell(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Put these children in place and leave the ones that are there already untouched; the focus stays. */
export function arrange(parent, children) {
  keepingFocus(parent, () => {
    const wanted = new Set(children);
    for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
    children.forEach((child, index) => {
      if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
    });
  });
}

/** What is drawn anew: whoever had the focus has it afterwards, in the new element of the same meaning. */
export function refill(parent, children) {
  const { scrollTop } = parent;
  keepingFocus(parent, () => parent.replaceChildren(...children.filter(Boolean)));
  parent.scrollTop = scrollTop;
}

const REACHED = "a[href], button, input, select, textarea, summary, [tabindex]";

function keepingFocus(parent, draw) {
  const had = parent.contains(document.activeElement) ? document.activeElement : null;
  const meaning = had && meaningOf(had);
  const place = had ? [...parent.children].findIndex((child) => child.contains(had)) : -1;
  draw();
  if (!had || had === document.activeElement || parent.contains(had) && had.isConnected) return had?.focus({ preventScroll: true });
  const alike = [...parent.querySelectorAll(REACHED)].filter((node) => meaningOf(node) === meaning);
  const nearest = alike.find((node) => parent.children[place]?.contains(node)) ?? alike[0];
  (nearest ?? parent.closest("[tabindex]"))?.focus({ preventScroll: true });
  return undefined;
}

const meaningOf = (node) => node.dataset.key
  ?? [node.tagName, node.dataset.block, node.dataset.action, node.getAttribute("aria-label"),
    node.tagName === "BUTTON" ? node.textContent : ""].join("|");
