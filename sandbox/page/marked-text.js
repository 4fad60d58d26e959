// Shows text with Telegram entities; only the kinds listed here become elements.

import { element } from "./dom.js";

const SIMPLE = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", blockquote: "blockquote", expandable_blockquote: "blockquote" };
// These stand on lines of their own, so the line breaks next to them are not shown twice.
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);

export function markedText(text, entities = [], onCommand = null) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return element("p", { class: "text", dir: "auto" }, ...pieces(text, 0, text.length, sorted, onCommand));
}

function pieces(text, start, end, entities, onCommand) {
  const shown = [];
  let at = start;
  while (entities.length && entities[0].offset < end) {
    const entity = entities.shift();
    const from = Math.max(at, entity.offset);
    const to = Math.min(end, entity.offset + entity.length);
    if (to <= from) continue;
    const block = BLOCKS.has(entity.type);
    if (from > at) shown.push(block ? text.slice(at, from).replace(/\n$/, "") : text.slice(at, from));
    shown.push(wrapped(entity, text.slice(from, to), pieces(text, from, to, entities, onCommand), onCommand));
    at = block && text[to] === "\n" && to < end ? to + 1 : to;
  }
  if (at < end) shown.push(text.slice(at, end));
  return shown;
}

function wrapped(entity, plain, inside, onCommand) {
  switch (entity.type) {
    case "pre": return element("pre", {}, element("code", {}, ...inside));
    case "spoiler": return spoiler(inside);
    case "text_link": return link(entity.url, inside);
    case "url": return link(/^[a-z]+:/i.test(plain) ? plain : `https://${plain}`, inside);
    case "email": return link(`mailto:${plain}`, inside);
    case "bot_command":
      if (onCommand) return element("button", { type: "button", class: "command", onclick: () => onCommand(plain) }, ...inside);
      return element("span", {}, ...inside);
    default: return element(SIMPLE[entity.type] ?? "span", {}, ...inside);
  }
}

function link(address, inside) {
  let url = null;
  try { url = new URL(address); } catch { /* shown as plain text */ }
  if (!url || !SAFE.has(url.protocol)) return element("span", {}, ...inside);
  return element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, ...inside);
}

function spoiler(inside) {
  const open = () => { hidden.classList.add("open"); hidden.removeAttribute("role"); };
  const hidden = element(
    "span",
    { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Teks disamarkan, ketuk untuk membaca", onclick: open,
      onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(); } } },
    ...inside.map((piece) => (typeof piece === "string" ? element("span", {}, piece) : piece)),
  );
  return hidden;
}
