// Turns the textarea of a story into the editor. `prose-editor:ready` on the textarea hands over
// the editor; every change writes canonical HTML to the textarea and fires `input` there.
import { Editor } from "django-prose-editor/editor";
import { element } from "./dialog.js";
import { extensionsFor } from "./extensions.js";
import { LeaveOnEnter } from "./keys.js";
import { canonicalHTML, gistOf } from "./serialize.js";
import { createToolbar } from "./toolbar.js";
import { GROUPS } from "./tools.js";

function mount(textarea) {
  const { extensions } = JSON.parse(textarea.dataset.bodyEditor);
  const surface = element("div", { class: "prose-editor__surface" });
  const frame = element("div", { class: "prose-editor" }, surface);
  textarea.before(frame);
  let editor;
  try {
    editor = new Editor({
      element: surface,
      extensions: [...extensionsFor(extensions), LeaveOnEnter],
      content: textarea.value,
      editable: !textarea.disabled && !textarea.readOnly,
      injectCSS: false, // the policy forbids it; the rules are in editor.css
      editorProps: { attributes: attributesOf(textarea) },
    });
    refuseLoss(textarea.value, editor);
  } catch (error) {
    editor?.destroy();
    frame.remove();
    throw error;
  }
  textarea.hidden = true;
  textarea.dataset.mounted = "true";
  synchronise(editor, textarea);
  furnish(editor, frame, textarea);
  const detail = { editor, textarea };
  textarea.dispatchEvent(new CustomEvent("prose-editor:ready", { detail, bubbles: true }));
}

const nameOf = (textarea) => textarea.labels[0]?.textContent.trim().replace(/:$/, "") || "Story";

function attributesOf(textarea) {
  const attributes = {
    role: "textbox",
    "aria-multiline": "true",
    "aria-label": nameOf(textarea),
    lang: textarea.lang || document.documentElement.lang,
    spellcheck: "true",
  };
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name);
  }
  return attributes;
}

/** A text that the editor cannot hold whole must not be opened in it: saving would lose the rest. */
function refuseLoss(html, editor) {
  if (gistOf(html) !== gistOf(canonicalHTML(editor))) {
    throw new Error("The editor cannot show all of the stored text.");
  }
}

/** An unchanged text, also after an undo, is sent byte for byte as it came. */
function synchronise(editor, textarea) {
  const original = textarea.value;
  const opened = canonicalHTML(editor);
  let last = opened;
  editor.on("update", () => {
    const html = canonicalHTML(editor);
    if (html === last) return;
    last = html;
    textarea.value = html === opened ? original : html;
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function furnish(editor, frame, textarea) {
  const toolbar = createToolbar(editor, GROUPS, `${nameOf(textarea)}: formatting`);
  const count = element("span", { class: "prose-editor__count" });
  const notice = element("span", { class: "prose-editor__notice", role: "status" });
  const hint = element("span", { class: "prose-editor__hint" }, "Alt+F10: toolbar");
  frame.prepend(toolbar.dom);
  frame.append(element("div", { class: "prose-editor__foot" }, count, notice, hint));

  const words = () => {
    const { doc } = editor.state;
    const parts = doc.textBetween(0, doc.content.size, " ", " ").split(/[\s—]+/);
    const number = parts.filter((part) => /[\p{L}\p{N}]/u.test(part)).length; // as richtext.word_count
    count.textContent = number === 1 ? "1 word" : `${number.toLocaleString()} words`;
  };
  editor.on("update", words);
  words();
  editor.on("notice", (sentence) => {
    notice.textContent = sentence;
  });
  frame.addEventListener("keydown", (event) => {
    if (!event.altKey || event.key !== "F10") return;
    event.preventDefault();
    toolbar.focus();
  });
  editor.on("focus", () => requestAnimationFrame(() => settleCaret(editor)));
  for (const label of textarea.labels) label.addEventListener("click", () => editor.commands.focus());
}

/**
 * Chrome puts the first caret of an empty text, when one comes by keyboard, beside the paragraph. A
 * picture inserted then would end up behind the words that are typed after it.
 */
function settleCaret(editor) {
  const { doc } = editor.state;
  const isBlank = doc.childCount === 1 && doc.firstChild.type.name === "paragraph" && !doc.firstChild.content.size;
  if (!isBlank || !editor.isFocused) return;
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.collapse(editor.view.dom.firstChild, 0);
}

for (const textarea of document.querySelectorAll("textarea[data-body-editor]")) {
  try {
    mount(textarea);
  } catch (error) {
    console.error("The story editor did not start.", error);
  }
}
