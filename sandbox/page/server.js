// Talks to the sandbox: reads the world, carries out acts, listens to live events.

import { toast } from "./dom.js";

export async function read(path) {
  const response = await fetch(`/sandbox/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

// Carries out one act; a refusal becomes a toast and the answer is null.
export async function act(name, given, files = []) {
  let request = { method: "POST" };
  if (files.length) {
    request.body = new FormData();
    for (const [key, value] of Object.entries(given)) if (value !== undefined && value !== null) request.body.append(key, value);
    files.forEach((file, number) => request.body.append(files.length > 1 ? `file${number}` : "file", file, file.name));
  } else {
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(given);
  }
  try {
    const answer = await (await fetch(`/sandbox/do/${name}`, request)).json();
    if (answer.ok) return answer.result ?? true;
    toast(name === "press" && answer.error.includes("not answered") ? "Bot belum menjawab tombol ini." : `Tidak bisa: ${answer.error}`, "problem");
  } catch {
    toast("Ruang coba tidak terjangkau.", "problem");
  }
  return null;
}

export function listen(onEvent, onConnect) {
  const events = new EventSource("/sandbox/events");
  events.onopen = onConnect;
  events.onmessage = (message) => onEvent(JSON.parse(message.data));
}

export function fileAddress(fileId) {
  return `/sandbox/files/${encodeURIComponent(fileId)}`;
}
