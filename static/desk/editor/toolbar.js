// A toolbar as the ARIA practices describe it: one tab stop, arrows between the buttons.
import { element, icon } from "./dialog.js";

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);
const printed = (shortcut) => shortcut.replace("Mod", isMac ? "⌘" : "Ctrl").replace("Alt", isMac ? "⌥" : "Alt");

/**
 * The toolbar for an editor. A group is `{label, items, when?}`; an item is
 * `{label, icon, run, active?, enabled?, shortcut?, text?}`, its functions take the editor.
 */
export function createToolbar(editor, groups, label) {
  const bar = element("div", { class: "toolbar", role: "toolbar", "aria-label": label });
  const shown = groups.map((group) => showGroup(editor, group));
  bar.append(...shown.map(({ dom }) => dom));
  const buttons = () => [...bar.querySelectorAll("button")].filter((button) => !button.closest("[hidden]"));

  const stopAt = (target) => {
    for (const button of bar.querySelectorAll("button")) button.tabIndex = button === target ? 0 : -1;
  };
  const update = () => {
    for (const group of shown) group.update();
    const stop = bar.querySelector("[tabindex='0']");
    if (!stop || stop.closest("[hidden]")) stopAt(buttons()[0]);
  };
  bar.addEventListener("focusin", ({ target }) => stopAt(target));
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return editor.commands.focus();
    const all = buttons();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return undefined;
    event.preventDefault();
    return all.at(to % all.length).focus();
  });
  // A press must not take the caret out of the text.
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  editor.on("transaction", update);
  update();
  return { dom: bar, focus: () => bar.querySelector("[tabindex='0']").focus() };
}

function showGroup(editor, { label, items, when }) {
  const dom = element("div", { class: `toolbar__group${when ? " toolbar__group--context" : ""}`, role: "group", "aria-label": label });
  const shown = items.map((item) => showItem(editor, item));
  dom.append(...shown.map((item) => item.dom));
  const update = () => {
    dom.hidden = when ? !when(editor) : false;
    if (!dom.hidden) for (const item of shown) item.update();
  };
  return { dom, update };
}

function showItem(editor, { label, icon: name, text, run, active, enabled, shortcut }) {
  const dom = element(
    "button",
    {
      type: "button",
      class: "toolbar__button",
      tabindex: "-1",
      title: shortcut ? `${label} (${printed(shortcut)})` : label,
      "aria-label": label,
      "aria-keyshortcuts": shortcut?.replace("Mod", isMac ? "Meta" : "Control") ?? null,
    },
    name ? icon(name) : "",
    text ? element("span", { class: "toolbar__text", "aria-hidden": "true" }, text) : "",
  );
  const usable = () => editor.isEditable && (enabled?.(editor) ?? true);
  dom.addEventListener("click", () => usable() && run(editor));
  const update = () => {
    if (active) dom.setAttribute("aria-pressed", String(Boolean(active(editor))));
    dom.setAttribute("aria-disabled", String(!usable()));
  };
  return { dom, update };
}
