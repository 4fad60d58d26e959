// Shows one message (or one album) as a bubble with its buttons.

import { element } from "./dom.js";
import { markedText } from "./marked-text.js";
import { fileAddress } from "./server.js";

const NAME_COLOURS = ["#c0392b", "#1f7a5c", "#8e44ad", "#b9770e", "#2471a3", "#a93279", "#117a65"];
const time = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit" });

export function fullName(user) {
  return [user.first_name, user.last_name].filter(Boolean).join(" ");
}

export function summary(message) {
  const text = message.text ?? message.caption;
  if (text) return text;
  if (message.photo) return "🖼 Foto";
  if (message.document) return `📄 ${message.document.file_name ?? "Berkas"}`;
  if (message.voice || message.audio) return "🎵 Suara";
  if (message.video || message.animation || message.video_note) return "🎬 Video";
  if (message.location) return "📍 Lokasi";
  if (message.contact) return `👤 ${message.contact.first_name}`;
  if (message.sticker) return "Stiker";
  return notice(message) ?? "Pesan";
}

export function notice(message) {
  const who = message.from ? fullName(message.from) : "Seseorang";
  if (message.forum_topic_created) return `${who} membuka topik “${message.forum_topic_created.name}”`;
  if (message.forum_topic_edited) return `${who} mengubah topik${message.forum_topic_edited.name ? ` menjadi “${message.forum_topic_edited.name}”` : ""}`;
  if (message.forum_topic_closed) return `${who} menutup topik`;
  if (message.forum_topic_reopened) return `${who} membuka kembali topik`;
  if (message.pinned_message) return `${who} menyematkan “${summary(message.pinned_message)}”`;
  if (message.new_chat_members) return `${message.new_chat_members.map(fullName).join(", ")} bergabung`;
  if (message.left_chat_member) return `${fullName(message.left_chat_member)} keluar`;
  if (message.migrate_to_chat_id) return "Grup ini menjadi grup super dengan nomor baru";
  if (message.migrate_from_chat_id) return "Grup super ini lanjutan dari grup lama";
  return null;
}

// `parts` are the messages of one bubble: one, or all of an album. `does` holds what its buttons do.
export function messageItem(parts, viewer, does) {
  const [first] = parts;
  const said = notice(first);
  if (said) return element("li", { class: "notice", "data-id": first.message_id }, said);
  const mine = first.sender_id === viewer.userId;
  const captioned = parts.find((part) => part.caption) ?? first;
  const bubble = element(
    "div",
    { class: "bubble" },
    viewer.inGroup && (!mine || first.sender_chat) ? sender(first) : null,
    first.forward_origin ? element("p", { class: "forwarded" }, `Diteruskan dari ${origin(first.forward_origin)}`) : null,
    explicitReply(first) ? quote(first.reply_to_message, does) : null,
    ...media(parts, does),
    body(captioned, viewer, does),
  );
  // The time stands at the end of the last line where there is text.
  (bubble.querySelector(":scope > .text") ?? bubble).append(meta(captioned));
  return element(
    "li",
    { class: `message ${mine ? "mine" : ""}`, "data-id": first.message_id },
    bubble,
    actions(first, mine, does),
    keyboard(parts.at(-1), does),
    reactions(first),
  );
}

function sender(message) {
  const colour = NAME_COLOURS[Math.abs(message.from.id) % NAME_COLOURS.length];
  const name = message.sender_chat ? `${message.sender_chat.title} (anonim)` : fullName(message.from);
  const shown = element("span", { class: "sender" }, name);
  shown.style.color = `color-mix(in srgb, ${colour} 75%, var(--text))`;
  return shown;
}

function origin(from) {
  return from.sender_user ? fullName(from.sender_user) : (from.sender_chat?.title ?? "seseorang");
}

function explicitReply(message) {
  return message.reply_to_message && !message.reply_to_message.forum_topic_created;
}

function quote(message, does) {
  const name = message.from ? fullName(message.from) : "";
  return element(
    "button",
    { type: "button", class: "quote", onclick: () => does.show(message.message_id), "aria-label": `Balasan untuk ${name}` },
    element("b", {}, name),
    element("span", {}, summary(message)),
  );
}

function body(message, viewer, does) {
  const text = message.text ?? message.caption;
  if (!text) return null;
  return markedText(text, message.entities ?? message.caption_entities, viewer.inGroup ? null : does.command);
}

function meta(message) {
  const when = new Date(message.date * 1000);
  return element(
    "span",
    { class: "meta" },
    message.edit_date ? "diedit " : "",
    element("time", { datetime: when.toISOString() }, time.format(when)),
  );
}

function media(parts, does) {
  const photos = parts.filter((part) => part.photo);
  const shown = [];
  if (photos.length) {
    shown.push(element("div", { class: `media ${photos.length > 1 ? "many" : ""}` }, ...photos.map((part) => photo(part, does))));
  }
  for (const part of parts) shown.push(...other(part));
  return shown;
}

function photo(part, does) {
  const address = fileAddress(part.photo.at(-1).file_id);
  const key = part.photo.at(-1).file_unique_id;
  const image = element("img", { src: address, alt: part.caption ?? "Foto", loading: "lazy" });
  const blurred = part.has_media_spoiler && !does.revealed.has(key);
  const open = () => {
    if (!shown.classList.contains("blurred")) return void window.open(address, "_blank", "noopener");
    shown.classList.remove("blurred");
    shown.setAttribute("aria-label", "Buka foto");
    does.revealed.add(key);
  };
  const label = blurred ? "Foto disamarkan, ketuk untuk melihat" : "Buka foto";
  const shown = element("button", { type: "button", class: `photo ${blurred ? "blurred" : ""}`, "aria-label": label, onclick: open }, image);
  return shown;
}

function other(part) {
  const shown = [];
  const paper = part.document && !part.animation ? part.document : null;
  if (paper) shown.push(fileLink(paper, "📄", paper.file_name ?? "Berkas"));
  for (const sound of [part.voice, part.audio].filter(Boolean)) {
    shown.push(element("audio", { controls: true, preload: "none", src: fileAddress(sound.file_id) }));
    shown.push(fileLink(sound, "🎵", part.voice ? "Pesan suara" : (sound.file_name ?? "Audio")));
  }
  for (const film of [part.video, part.animation, part.video_note].filter(Boolean)) {
    shown.push(element("video", { controls: true, preload: "none", src: fileAddress(film.file_id) }));
  }
  if (part.sticker) shown.push(element("img", { src: fileAddress(part.sticker.file_id), alt: part.sticker.emoji ?? "Stiker", width: "128" }));
  if (part.location) shown.push(card("📍", "Lokasi", `${part.location.latitude}, ${part.location.longitude}`));
  if (part.contact) shown.push(card("👤", part.contact.first_name, part.contact.phone_number));
  return shown;
}

function fileLink(file, mark, name) {
  const size = file.file_size < 1024 ? `${file.file_size} B` : `${Math.ceil(file.file_size / 1024)} KB`;
  const shown = card(mark, name, size, "a");
  shown.href = fileAddress(file.file_id);
  shown.download = name;
  return shown;
}

function card(mark, name, note, tag = "div") {
  return element(
    tag,
    { class: "file" },
    element("span", { class: "file-mark", "aria-hidden": "true" }, mark),
    element("span", {}, element("span", { class: "file-name" }, name), element("span", { class: "file-note" }, note)),
  );
}

function actions(message, mine, does) {
  const button = (label, run) => element("button", { type: "button", onclick: run }, label);
  return element(
    "div",
    { class: "actions" },
    button("Balas", () => does.reply(message)),
    mine && (message.text ?? message.caption) ? button("Edit", () => does.edit(message)) : null,
    button("👍", () => does.react(message)),
  );
}

function keyboard(message, does) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return element("div", { class: "inline-keyboard" }, ...rows.map((row) =>
    element("div", { class: "inline-row" }, ...row.map((button) => inlineButton(message, button, does)))));
}

function inlineButton(message, button, does) {
  if (button.url) {
    const opens = /^https?:/i.test(button.url) ? button.url : null;
    return element("a", { href: opens, target: "_blank", rel: "noopener noreferrer", class: button.style }, `${button.text} ↗`);
  }
  const press = async (event) => {
    event.currentTarget.setAttribute("aria-busy", "true");
    const pressed = event.currentTarget;
    await does.press(message, button);
    pressed.removeAttribute("aria-busy");
  };
  return element("button", { type: "button", class: button.style, onclick: press }, button.text);
}

function reactions(message) {
  const given = Object.entries(message.reactions ?? {});
  if (!given.length) return null;
  return element("p", { class: "reactions", "aria-label": "Reaksi" }, ...given.map(([emoji, count]) =>
    element("span", {}, count > 1 ? `${emoji} ${count}` : emoji)));
}
