// One open chat: its messages, the composer, and the bot's reply keyboard.

import { ask, element, toast } from "./dom.js";
import { messageItem, summary } from "./message.js";
import { act } from "./server.js";

const SHOWN = 300;
const OFFICE = { latitude: "0.5071", longitude: "101.4478" };

export class ChatView {
  constructor(root, { placeholder, empty }) {
    root.append(document.getElementById("chat-template").content.cloneNode(true));
    this.root = root;
    this.list = root.querySelector(".messages");
    this.form = root.querySelector("form");
    this.text = this.form.elements.text;
    this.placeholder = this.text.placeholder = placeholder;
    this.empty = empty;
    this.place = null;
    this.messages = new Map();
    this.nodes = new Map();
    this.revealed = new Set();
    this.files = [];
    this.replyTo = this.editing = null;
    this.listenToForm();
    this.followNewest();
  }

  // Stays at the newest message while pictures load and the list changes its height, unless one has scrolled up.
  followNewest() {
    this.atEnd = true;
    const toEnd = () => { if (this.atEnd) this.list.scrollTop = this.list.scrollHeight; };
    this.list.addEventListener("scroll", () => {
      this.atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
    });
    this.list.addEventListener("load", toEnd, true);
    new ResizeObserver(toEnd).observe(this.list);
  }

  // `place` says who looks where: {userId, chatId, topicId, inGroup, anonymous}; messages as the server lists them.
  open(place, messages) {
    this.place = place;
    this.messages = new Map(messages.map((message) => [message.message_id, message]));
    this.nodes.clear();
    this.cancel();
    this.draw(true);
  }

  takes(message) {
    const { topicId, inGroup } = this.place;
    return !inGroup || (message.is_topic_message ? message.message_thread_id === topicId : topicId === null);
  }

  put(message) {
    this.messages.set(message.message_id, message);
    this.draw();
  }

  remove(messageId) {
    if (this.messages.delete(messageId)) this.draw();
  }

  draw(jump = false) {
    this.atEnd ||= jump;
    const shown = [...this.messages.values()].sort((a, b) => a.message_id - b.message_id).slice(-SHOWN);
    const nodes = bubbles(shown).map((parts) => this.node(parts));
    this.list.replaceChildren(...(nodes.length ? nodes : [element("li", { class: "empty" }, this.empty)]));
    if (this.atEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  node(parts) {
    const key = parts[0].message_id;
    const known = this.nodes.get(key);
    if (known && known.parts.length === parts.length && known.parts.every((part, i) => part === parts[i])) return known.node;
    const node = messageItem(parts, this.place, this.deeds());
    this.nodes.set(key, { parts, node });
    return node;
  }

  deeds() {
    return {
      revealed: this.revealed,
      reply: (message) => this.start("replyTo", message, `Membalas: ${summary(message)}`),
      edit: (message) => { this.start("editing", message, `Mengedit: ${summary(message)}`); this.text.value = message.text ?? message.caption; this.resize(); },
      react: (message) => this.react(message),
      press: (message, button) => this.press(message, button),
      command: (text) => this.send({ text }),
      show: (messageId) => this.show(messageId),
    };
  }

  async press(message, button) {
    const answer = await act("press", { ...this.who(), message_id: message.message_id, data: button.callback_data });
    if (answer?.text) toast(answer.text, answer.show_alert ? "alert" : "");
  }

  react(message) {
    const emoji = message.reactions?.["👍"] ? null : "👍";
    return act("react", { ...this.who(), message_id: message.message_id, emoji });
  }

  show(messageId) {
    const node = this.list.querySelector(`[data-id="${Number(messageId)}"]`);
    if (!node) return toast("Pesan itu tidak ada di sini.");
    node.scrollIntoView({ block: "center" });
    node.classList.add("flash");
    setTimeout(() => node.classList.remove("flash"), 1300);
  }

  who() {
    return { user: this.place.userId, chat: this.place.chatId };
  }

  start(what, message, label) {
    this.cancel();
    this[what] = message;
    const context = this.form.querySelector(".context");
    context.hidden = false;
    context.querySelector(".context-text").textContent = label;
    this.text.focus();
  }

  cancel() {
    this.replyTo = this.editing = null;
    this.form.querySelector(".context").hidden = true;
  }

  setLocked(reason) {
    this.form.classList.toggle("locked", Boolean(reason));
    this.text.disabled = Boolean(reason);
    this.text.placeholder = reason || this.placeholder;
  }

  setKeyboard(markup) {
    const holder = this.root.querySelector(".reply-keyboard");
    const rows = markup?.keyboard ?? [];
    holder.hidden = !rows.length;
    holder.replaceChildren(...rows.map((row) => element("div", { class: "inline-row" }, ...row.map((button) =>
      element("button", { type: "button", onclick: () => this.useKey(button, markup) }, button.text)))));
  }

  async useKey(button, markup) {
    if (button.request_contact) {
      const given = await ask("Bagikan nomor Anda dengan bot?", [{ name: "phone_number", label: "Nomor telepon", value: "+6281234567890", type: "tel" }]);
      if (given) await act("press_contact_button", { user: this.place.userId, ...given });
    } else if (button.request_location) await this.sendLocation();
    else await this.send({ text: button.text });
    if (markup.one_time_keyboard) this.setKeyboard(null);
  }

  send(given, files = [], name = "send_text") {
    const { topicId, anonymous } = this.place;
    const place = { ...this.who(), topic: topicId ?? undefined, reply_to: this.replyTo?.message_id, anonymous: anonymous || undefined };
    return act(name, { ...place, ...given }, files);
  }

  async sendLocation() {
    const given = await ask("Kirim lokasi", [
      { name: "latitude", label: "Lintang", value: OFFICE.latitude, type: "number" },
      { name: "longitude", label: "Bujur", value: OFFICE.longitude, type: "number" },
    ]);
    if (given) await this.send(given, [], "send_location");
  }

  async submit() {
    const text = this.text.value.trim();
    if (this.editing) {
      if (!text || !(await act("edit_text", { ...this.who(), message_id: this.editing.message_id, text }))) return;
    } else if (this.files.length) {
      if (!(await this.sendFiles(text))) return;
    } else if (!text || !(await this.send({ text }))) return;
    this.text.value = "";
    this.resize();
    this.cancel();
    this.atEnd = true;
    this.list.scrollTop = this.list.scrollHeight;
  }

  async sendFiles(caption) {
    const { elements } = this.form;
    const kind = kindOf(this.files, elements["as-document"].checked);
    const given = { kind, caption, spoiler: elements.spoiler.checked && kind !== "document" ? "true" : undefined };
    const sent = await this.send(given, this.files, this.files.length > 1 ? "send_album" : "send_file");
    if (sent) this.setFiles([]);
    return sent;
  }

  setFiles(files) {
    this.files = files.slice(0, 10);
    const strip = this.form.querySelector(".attachments");
    strip.hidden = !this.files.length;
    strip.querySelector(".files").replaceChildren(...this.files.map((file) => element("li", {}, file.name)));
    if (!this.files.length) this.form.querySelectorAll(".attachments input").forEach((box) => { box.checked = false; });
  }

  resize() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight + 2}px`;
  }

  listenToForm() {
    const picker = this.form.querySelector("input[type=file]");
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.text.addEventListener("input", () => this.resize());
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
      if (event.key === "Escape") this.cancel();
    });
    picker.addEventListener("change", () => { this.setFiles([...picker.files]); picker.value = ""; this.text.focus(); });
    this.form.querySelector("[data-do=cancel]").addEventListener("click", () => { this.cancel(); this.text.value = ""; this.resize(); });
    this.form.querySelector("[data-do=drop-files]").addEventListener("click", () => this.setFiles([]));
    this.form.querySelector("[data-do=location]").addEventListener("click", () => this.sendLocation());
  }
}

// Messages of one album that follow each other share a bubble.
function bubbles(messages) {
  const groups = [];
  for (const message of messages) {
    const last = groups.at(-1);
    if (message.media_group_id && last?.[0].media_group_id === message.media_group_id) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

function kindOf(files, asDocument) {
  const all = (start) => files.every((file) => file.type.startsWith(start));
  if (asDocument) return "document";
  if (all("image/")) return "photo";
  if (all("video/")) return "video";
  if (files.length === 1 && all("audio/")) return files[0].type === "audio/ogg" ? "voice" : "audio";
  return "document";
}

