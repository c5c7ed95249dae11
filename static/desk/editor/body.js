// Turns the textarea of a story into the editor. `prose-editor:ready` on the textarea hands over
// the editor; every change writes canonical HTML to the textarea and fires `input` there.
import { Editor } from "django-prose-editor/editor";
import { element } from "./dialog.js";
import { extensionsFor } from "./extensions.js";
import { LeaveOnEnter } from "./keys.js";
import { canonicalHTML, gistOf } from "./serialize.js";
import { createToolbar } from "./toolbar.js";
import { GROUPS } from "./tools.js";

const AS_HTML =
  "This story holds parts that the text editor cannot show. It is open as HTML, so that nothing of it is lost.";

function mount(textarea) {
  const { extensions } = JSON.parse(textarea.dataset.bodyEditor);
  const surface = element("div", { class: "prose-editor__surface" });
  const editor = new Editor({
    element: surface,
    extensions: [...extensionsFor(extensions), LeaveOnEnter],
    content: textarea.value,
    editable: !textarea.disabled && !textarea.readOnly,
    injectCSS: false, // the policy forbids it; the rules are in editor.css
    editorProps: { attributes: attributesOf(textarea) },
  });
  textarea.dataset.mounted = "true"; // guard.js lets the form go
  if (gistOf(textarea.value) !== gistOf(canonicalHTML(editor))) {
    editor.destroy();
    textarea.before(element("p", { class: "errornote", role: "alert" }, AS_HTML));
    return;
  }
  const frame = element("div", { class: "prose-editor" }, surface);
  textarea.before(frame);
  textarea.hidden = true;
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
