// Builds page elements; text from people only ever becomes text nodes.

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function toast(text, kind = "") {
  const close = () => shown.remove();
  const shown = element(
    "div",
    { class: `toast ${kind}`, role: kind ? "alert" : "status" },
    element("span", {}, text),
    kind === "alert" ? element("button", { type: "button", onclick: close }, "Oke") : null,
  );
  document.getElementById("toasts").append(shown);
  if (kind === "alert") shown.querySelector("button").focus();
  else setTimeout(close, 4500);
}

// Asks for a few values; resolves to them, or to null when the person goes back.
export function ask(title, fields) {
  const dialog = document.getElementById("ask");
  dialog.querySelector("[data-part=ask-title]").textContent = title;
  const inputs = fields.map(({ name, label, value, type, optional }) =>
    element("label", {}, label, element("input", { name, value, type: type ?? "text", required: !optional, step: "any" })),
  );
  dialog.querySelector("[data-part=ask-fields]").replaceChildren(...inputs);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => resolve(dialog.returnValue ? Object.fromEntries(new FormData(dialog.querySelector("form"))) : null),
      { once: true },
    );
  });
}
