// Dialogs of the desk. Each is a native <dialog>: the browser keeps the focus inside, closes it on
// Escape and gives the focus back afterwards.

/** An element; attributes that are false or null are left out, true gives an empty one. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat());
  return made;
}

let made = 0;
/** An id that no other element of the page has. */
export const newId = (what) => `desk-${what}-${++made}`;

/**
 * Opens a dialog. `fill(close)` gives its content; `close(value)` ends it.
 * Resolves to that value, or to null when it is dismissed.
 */
export function openDialog({ title, className = "", fill }) {
  return new Promise((resolve) => {
    const heading = element("h2", { id: newId("title"), class: "desk-dialog__title" }, title);
    const dismiss = element(
      "button",
      { type: "button", class: "desk-dialog__dismiss", "aria-label": "Close" },
      icon("close"),
    );
    const dialog = element("dialog", {
      class: `desk-dialog ${className}`,
      "aria-labelledby": heading.id,
    });
    // At once, not on the event `close`, which comes later: the next key must find the result in the text.
    const close = (value = null) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    dismiss.addEventListener("click", () => close());
    dialog.addEventListener("close", () => close()); // Escape
    dialog.append(element("header", { class: "desk-dialog__header" }, heading, dismiss), fill(close));
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("[autofocus]")?.focus();
  });
}

/** A labelled input, select or textarea, with room for a sentence about what is wrong with it. */
export function field({ name, label, type = "text", help = "", options = null, ...attributes }) {
  const id = newId(name);
  const tag = options ? "select" : type === "textarea" ? "textarea" : "input";
  const control = element(tag, {
    id,
    name,
    type: tag === "input" ? type : null,
    "aria-describedby": `${id}-help ${id}-error`,
    ...attributes,
  });
  for (const [value, text] of options ?? []) control.append(element("option", { value }, text));
  const caption = element("label", { for: id }, label);
  return element(
    "div",
    { class: `desk-field desk-field--${type}`, "data-field": name },
    ...(type === "checkbox" ? [control, caption] : [caption, control]),
    element("p", { class: "desk-field__help", id: `${id}-help` }, help),
    element("p", { class: "desk-field__error", id: `${id}-error`, role: "alert" }),
  );
}

/** Shows sentences at their fields, `{name: "sentence" | ["sentence", ...]}`; the rest on top. */
export function showErrors(form, errors) {
  for (const holder of form.querySelectorAll(".desk-field__error")) holder.textContent = "";
  const rest = [];
  for (const [name, sentences] of Object.entries(errors)) {
    const text = [sentences].flat().join(" ");
    const holder = form.querySelector(`[data-field="${CSS.escape(name)}"] .desk-field__error`);
    if (holder) holder.textContent = text;
    else rest.push(text);
  }
  const top = form.querySelector(".desk-form__errors");
  if (top) top.textContent = rest.join(" ");
  form.querySelector("[data-field]:has(.desk-field__error:not(:empty)) :is(input, select, textarea)")?.focus();
}

/**
 * Asks for a few values. `check(values)` may return `{name: "sentence"}` to refuse them.
 * Resolves to the values, or to null when it is cancelled.
 */
export function ask({ title, fields, submit = "Save", check = () => ({}) }) {
  return openDialog({
    title,
    className: "desk-dialog--small",
    fill(close) {
      const cancel = element("button", { type: "button", class: "button desk-button--quiet" }, "Cancel");
      cancel.addEventListener("click", () => close());
      const form = element(
        "form",
        { class: "desk-form", novalidate: true },
        element("p", { class: "desk-form__errors", role: "alert" }),
        fields.map(field),
        element("p", { class: "desk-form__buttons" }, element("button", { class: "button default" }, submit), cancel),
      );
      form.querySelector("input, select, textarea")?.setAttribute("autofocus", "");
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const values = Object.fromEntries(new FormData(form));
        const errors = check(values);
        if (Object.keys(errors).length) showErrors(form, errors);
        else close(values);
      });
      return form;
    },
  });
}

/** A picture from the icon font that comes with the editor; names are those of Material Icons. */
export function icon(name) {
  return element("span", { class: "material-icons", "aria-hidden": "true" }, name);
}

/** The JSON at an address with these search parameters; throws an Error with a sentence. */
export async function fetchJSON(address, parameters = {}) {
  const url = new URL(address, document.baseURI);
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) url.searchParams.append(name, one);
  }
  let response;
  try {
    response = await fetch(url, { headers: { Accept: "application/json" } });
  } catch {
    throw new Error("The server did not answer. Check the connection and try again.");
  }
  if (response.redirected || response.status === 403) {
    throw new Error("You are logged out or may not see this. Log in again in another tab.");
  }
  if (!response.ok) throw new Error(`The server refused (${response.status}). Try again in a moment.`);
  return response.json();
}

/** Calls `act` once, `wait` milliseconds after the last call. */
export function debounced(act, wait = 200) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
}
