// The list of keys, on every page of the desk: “?” or the link “Keys” shows those that this page has.
// Whoever adds a key to the desk adds its line here; a line is shown where its place is on the page.

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);
const NAMES = isMac ? { Mod: "⌘", Meta: "⌘", Control: "⌃", Alt: "⌥" } : { Mod: "Ctrl", Control: "Ctrl" };
const SIGN_KEY_OFF = "newsroom:keys:sign-off";

const EDITOR = ".ProseMirror[contenteditable=true]";
const STORY = "[data-story-form]";

const GROUPS = [
  {
    title: "Everywhere",
    keys: [
      { press: "?", does: "This list, outside of text" },
      { press: "Tab", does: "On to the next field, link or button" },
      { press: "Esc", does: "Close a dialog" },
    ],
  },
  {
    title: "The story",
    keys: [
      { press: "Mod+S", does: "Save", on: `${STORY} button[name=_save]:not([disabled])` },
      { press: "Enter", does: "Save, in a field of one line", on: `${STORY} button[name=_save]:not([disabled])` },
      { press: "F8", does: "Open or close the live preview", on: "[data-preview-toggle]" },
      { press: "Shift+F8", does: "Preview as on a phone, as on a desktop", on: "[data-preview-toggle]" },
    ],
  },
  { title: "In the text", keys: () => [...ofTheToolbar(), ...IN_THE_TEXT] },
  {
    title: "In the toolbar of the text",
    keys: [
      { press: "← →", does: "Button by button", on: EDITOR },
      { press: "Home, End", does: "First and last button", on: EDITOR },
      { press: "Esc", does: "Back to the text", on: EDITOR },
    ],
  },
  {
    title: "Choosing a picture or a story",
    keys: [
      { press: "Enter, ↓", does: "From the search to what was found", on: `${EDITOR}, [data-image-field]` },
      { press: "← → ↑ ↓", does: "From one to the next", on: `${EDITOR}, [data-image-field]` },
      { press: "Enter", does: "Take it", on: `${EDITOR}, [data-image-field]` },
    ],
  },
  {
    title: "Topics",
    keys: [
      { press: "Enter, comma", does: "Add what is typed", on: ".topics" },
      { press: "↑ ↓", does: "Through what is offered", on: ".topics" },
      { press: "Backspace", does: "In the empty field: remove the last", on: ".topics" },
      { press: "← →", does: "On a topic: move it", on: ".topics" },
      { press: "Delete", does: "On a topic: remove it", on: ".topics" },
    ],
  },
  {
    title: "Pictures",
    keys: [
      { press: "← → ↑ ↓", does: "From one to the next; up from the first row: the search", on: "[data-grid]" },
      { press: "Home, End", does: "First and last of the page", on: "[data-grid]" },
      { press: "Enter", does: "Open it", on: "[data-grid]" },
      { press: "Space", does: "Select it", on: "[data-grid] .picture-tile__select" },
    ],
  },
  {
    title: "Focal point",
    keys: [
      { press: "← → ↑ ↓", does: "Move it by one per cent", on: ".focal__mark" },
      { press: "Shift+← → ↑ ↓", does: "Move it by ten per cent", on: ".focal__mark" },
    ],
  },
  {
    title: "Completing pictures",
    keys: [{ press: "Enter", does: "Save, and on to the next picture", on: "[data-complete]" }],
  },
  {
    title: "Lists",
    keys: [
      { press: "Space", does: "Tick a row", on: "#result_list .action-select" },
      { press: "Shift+Space", does: "Tick all rows from the last ticked one", on: "#result_list .action-select" },
    ],
  },
];

/** Those that the editor's extensions bring along and no button tells; tests press each of them. */
const IN_THE_TEXT = [
  { press: "Mod+Alt+2", does: "Subhead", on: EDITOR },
  { press: "Mod+Alt+3", does: "Small subhead", on: EDITOR },
  { press: "Mod+Shift+8", does: "Bullet list", on: EDITOR },
  { press: "Mod+Shift+7", does: "Numbered list", on: EDITOR },
  { press: "Mod+Shift+B", does: "Quote", on: EDITOR },
  { press: "Mod+Shift+S", does: "Strike through", on: EDITOR },
  { press: "Alt+F10", does: "To the toolbar", on: EDITOR },
];

function ofTheToolbar() {
  return [...document.querySelectorAll("[role=toolbar] [aria-keyshortcuts]")].map((button) => ({
    press: button.getAttribute("aria-keyshortcuts"),
    does: button.getAttribute("aria-label"),
  }));
}

function isThere(selector) {
  return !selector || [...document.querySelectorAll(selector)].some((one) => !one.closest("[hidden]"));
}

function make(tag, attributes, ...children) {
  const node = Object.assign(document.createElement(tag), attributes);
  node.append(...children);
  return node;
}

/** “Ctrl+Shift+B” as keys to look at; what is no plus stays between them. */
function printed(press) {
  return press
    .split(/(\+|, | )/)
    .filter((part) => part && part !== "+")
    .map((part) => (/^(, | )$/.test(part) ? part : make("kbd", {}, NAMES[part] ?? part)));
}

function group({ title, keys }) {
  const lines = (typeof keys === "function" ? keys() : keys).filter(({ on }) => isThere(on));
  if (!lines.length) return [];
  const list = make("dl", {}, ...lines.map(({ press, does }) => make("div", {}, make("dt", {}, ...printed(press)), make("dd", {}, does))));
  return [make("section", {}, make("h3", {}, title), list)];
}

function isSignOff() {
  try {
    return localStorage.getItem(SIGN_KEY_OFF) === "1";
  } catch {
    return false;
  }
}

/** Who speaks to the computer, or strikes keys by accident, can switch the single sign off. */
function setting() {
  const box = make("input", { type: "checkbox", checked: !isSignOff() });
  box.addEventListener("change", () => {
    try {
      if (box.checked) localStorage.removeItem(SIGN_KEY_OFF);
      else localStorage.setItem(SIGN_KEY_OFF, "1");
    } catch {
      // A browser without storage keeps the key.
    }
  });
  return make("label", { className: "keys__setting" }, box, " Show this list with the key ? in this browser");
}

function show() {
  if (document.querySelector("dialog[open]")) return;
  const close = make("button", { type: "button", className: "keys__close", title: "Close (Esc)" }, "×");
  close.setAttribute("aria-label", "Close");
  const heading = make("h2", { id: "keys-title" }, "Keys on this page");
  const dialog = make(
    "dialog",
    { className: "keys" },
    make("header", {}, heading, close),
    make("div", { className: "keys__groups" }, ...GROUPS.flatMap(group)),
    setting(),
  );
  dialog.setAttribute("aria-labelledby", heading.id);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const isTyping = (target) =>
  target.isContentEditable || target.matches?.("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || isSignOff()) return;
  event.preventDefault();
  show();
});
for (const link of document.querySelectorAll("[data-keys]")) {
  link.parentElement.hidden = false;
  link.addEventListener("click", show);
}
