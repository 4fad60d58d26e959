// The page: resident's chat on one side, staff group with its topics on the other, both live.

import { ChatView } from "./chat-view.js";
import { ask, element, toast } from "./dom.js";
import { fullName } from "./message.js";
import { act, listen, read } from "./server.js";

const part = (root, name) => root.querySelector(`[data-part="${name}"]`);
const residentSide = document.querySelector(".resident");
const staffSide = document.querySelector(".staff");
const topicSide = document.querySelector(".topic-view");
const resident = new ChatView(part(residentSide, "chat"), { placeholder: "Tulis pesan ke Disdukcapil", empty: "Belum ada percakapan. Sapa bot dengan /start." });
const staff = new ChatView(part(topicSide, "chat"), { placeholder: "Tulis di grup petugas", empty: "Belum ada pesan di sini." });
const chosen = { resident: remembered("resident"), officer: remembered("officer"), group: remembered("group"), topic: null, anonymous: false };
const unread = new Map();
let world = { bot: { first_name: "Bot" }, users: [], chats: [] };
let loading = null;

function remembered(name) {
  return Number(localStorage.getItem(name)) || null;
}

function choose(name, value) {
  chosen[name] = value;
  localStorage.setItem(name, value ?? "");
}

const chat = (id) => world.chats.find((found) => found.id === id);
const groups = () => world.chats.filter((found) => found.type !== "private" && !found.migrated_to);
const inAGroup = (user) => groups().some((group) => present(group, user.id));
const present = (group, userId) => ["creator", "administrator", "member"].includes(group.members[userId]);

// Loads who and what there is; several events in a row cause one load.
function refresh() {
  loading ??= Promise.resolve().then(async () => {
    loading = null;
    world = await read("world");
    drawChoices();
    drawTopics();
  });
  return loading;
}

function drawChoices() {
  const residents = world.users.filter((user) => !inAGroup(user));
  if (!groups().some((group) => group.id === chosen.group)) choose("group", groups()[0]?.id ?? null);
  const group = chat(chosen.group);
  const officers = world.users.filter((user) => group && present(group, user.id));
  if (!residents.some((user) => user.id === chosen.resident)) choose("resident", residents[0]?.id ?? null);
  if (!officers.some((user) => user.id === chosen.officer)) choose("officer", officers[0]?.id ?? null);
  fill(part(residentSide, "user"), residents.map((user) => [user.id, fullName(user)]), chosen.resident);
  fill(part(topicSide, "user"), officers.map((user) => [user.id, fullName(user)]), chosen.officer);
  fill(part(staffSide, "group"), groups().map((found) => [found.id, found.title]), chosen.group);
  part(staffSide, "group").closest("label").hidden = groups().length < 2;
  part(residentSide, "title").textContent = fullName(world.bot);
  part(staffSide, "group-title").textContent = group?.title ?? "Belum ada grup";
  part(staffSide, "group-count").textContent = group ? `${officers.length} petugas` : "";
  drawState();
}

function drawState() {
  const mine = chat(chosen.resident);
  const blocked = mine?.bot_status === "kicked";
  const block = residentSide.querySelector("[data-do=block]");
  block.setAttribute("aria-pressed", blocked);
  block.title = blocked ? "Buka blokir bot" : "Blokir bot";
  resident.setKeyboard(mine?.keyboard);
  resident.setLocked(!mine ? "Tambahkan warga lebih dulu" : blocked ? "Bot diblokir" : "");
  const group = chat(chosen.group);
  const topic = group?.topics.find((found) => found.id === chosen.topic);
  const admin = group && ["creator", "administrator"].includes(group.members[chosen.officer]);
  topicSide.querySelectorAll(".topic-tool").forEach((tool) => { tool.hidden = !topic || !admin; });
  topicSide.querySelector("[data-do=close-topic]").setAttribute("aria-pressed", Boolean(topic?.closed));
  topicSide.querySelector("[data-do=anonymous]").hidden = !admin;
  staff.setLocked(!chosen.officer ? "Tambahkan petugas lebih dulu" : topic?.closed && !admin ? "Topik ditutup" : "");
}

function fill(select, options, value) {
  select.replaceChildren(...options.map(([id, label]) => element("option", { value: id }, label)));
  select.value = value ?? "";
}

function drawTopics() {
  const group = chat(chosen.group);
  const rows = [];
  if (group) rows.push(topicRow({ id: null, name: "Umum", icon_color: 0x9aa5a0 }));
  for (const topic of [...(group?.topics ?? [])].reverse()) rows.push(topicRow(topic));
  part(staffSide, "topics").replaceChildren(...rows);
  const topic = group?.topics.find((found) => found.id === chosen.topic);
  if (chosen.topic && !topic) openTopic(null);
  part(topicSide, "topic-title").textContent = topic?.name ?? "Umum";
}

function topicRow(topic) {
  const waiting = unread.get(topic.id) ?? 0;
  const mark = element("span", { class: "topic-mark", "aria-hidden": "true" });
  mark.style.background = `#${topic.icon_color.toString(16).padStart(6, "0")}`;
  return element("li", {}, element(
    "button",
    { type: "button", class: topic.closed ? "closed" : "", "aria-current": String(topic.id === chosen.topic), onclick: () => openTopic(topic.id, true) },
    mark,
    element("span", { class: "topic-name" }, topic.closed ? `${topic.name} (ditutup)` : topic.name),
    waiting ? element("span", { class: "badge", "aria-label": `${waiting} pesan baru` }, String(waiting)) : null,
  ));
}

async function openResident() {
  drawState();
  if (!chosen.resident) return;
  const place = { userId: chosen.resident, chatId: chosen.resident, topicId: null, inGroup: false };
  resident.open(place, await read(`chats/${place.chatId}/messages?as=${place.userId}`));
}

async function openTopic(topicId, byHand = false) {
  chosen.topic = topicId;
  unread.delete(topicId);
  if (byHand) staffSide.classList.add("in-topic");
  drawTopics();
  drawState();
  if (!chosen.officer || !chosen.group) return;
  const place = { userId: chosen.officer, chatId: chosen.group, topicId, inGroup: true, anonymous: chosen.anonymous };
  const found = await read(`chats/${place.chatId}/messages?as=${place.userId}${topicId ? `&topic=${topicId}` : ""}`);
  if (chosen.topic === topicId) staff.open(place, topicId ? found : found.filter((message) => !message.is_topic_message));
}

function hear(event) {
  switch (event.event) {
    case "message":
      if (event.chat_id === resident.place?.chatId) resident.put(event.message);
      if (event.chat_id === staff.place?.chatId) hearStaff(event.message);
      break;
    case "removed":
      for (const view of [resident, staff]) if (view.place?.chatId === event.chat_id) view.remove(event.message_id);
      break;
    case "keyboard":
      if (chat(event.chat_id)) chat(event.chat_id).keyboard = event.keyboard;
      drawState();
      break;
    case "action":
      showTyping(event);
      break;
    case "topics":
    case "chats":
      refresh();
      break;
  }
}

function hearStaff(message) {
  if (staff.takes(message)) return staff.put(message);
  const topicId = message.is_topic_message ? message.message_thread_id : null;
  unread.set(topicId, (unread.get(topicId) ?? 0) + 1);
  drawTopics();
}

function showTyping({ chat_id: chatId, topic_id: topicId }) {
  const side = chatId === resident.place?.chatId ? residentSide : topicSide;
  if (side === topicSide && (chatId !== staff.place?.chatId || topicId !== chosen.topic)) return;
  const status = part(side, "status");
  status.textContent = "sedang mengetik…";
  clearTimeout(status.timer);
  status.timer = setTimeout(() => { status.textContent = ""; }, 5000);
}

async function addPerson(title) {
  const given = await ask(title, [
    { name: "first_name", label: "Nama depan" },
    { name: "last_name", label: "Nama belakang atau jabatan", optional: true },
  ]);
  return given ? act("add_user", { first_name: given.first_name, last_name: given.last_name || null }) : null;
}

const tools = {
  "add-user": async () => {
    const user = await addPerson("Tambah warga");
    if (!user) return;
    choose("resident", user.id);
    await refresh();
    openResident();
  },
  "add-officer": async () => {
    const user = await addPerson("Tambah petugas");
    if (!user || !(await act("join_group", { chat: chosen.group, user: user.id }))) return;
    choose("officer", user.id);
    await refresh();
    openTopic(chosen.topic);
  },
  block: async () => {
    const blocked = chat(chosen.resident)?.bot_status === "kicked";
    if (await act(blocked ? "unblock_bot" : "block_bot", { user: chosen.resident })) toast(blocked ? "Bot tidak lagi diblokir." : "Bot diblokir.");
  },
  anonymous: (button) => {
    chosen.anonymous = !chosen.anonymous;
    button.setAttribute("aria-pressed", chosen.anonymous);
    if (staff.place) staff.place.anonymous = chosen.anonymous;
  },
  "close-topic": (button) => act("change_topic", { user: chosen.officer, chat: chosen.group, topic: chosen.topic, change: button.getAttribute("aria-pressed") === "true" ? "reopen" : "close" }),
  "delete-topic": async () => {
    if (await ask("Hapus topik ini dengan semua pesannya?", [])) await act("change_topic", { user: chosen.officer, chat: chosen.group, topic: chosen.topic, change: "delete" });
  },
  back: () => staffSide.classList.remove("in-topic"),
};

document.querySelectorAll("header [data-do]").forEach((button) => button.addEventListener("click", () => tools[button.dataset.do](button)));
document.querySelectorAll("[data-go]").forEach((button) => button.addEventListener("click", () => {
  document.body.dataset.side = button.dataset.go;
  document.querySelectorAll("[data-go]").forEach((other) => other.setAttribute("aria-pressed", other === button));
}));
part(residentSide, "user").addEventListener("change", (event) => { choose("resident", Number(event.target.value)); openResident(); });
part(topicSide, "user").addEventListener("change", (event) => { choose("officer", Number(event.target.value)); openTopic(chosen.topic); });
part(staffSide, "group").addEventListener("change", async (event) => { choose("group", Number(event.target.value)); chosen.topic = null; await refresh(); openTopic(null); });

listen(hear, async () => {
  await refresh();
  await openResident();
  await openTopic(chosen.topic);
});
