// Makes the story form comfortable: topics as chips, bylines that move, keys, a warning before
// leaving, nothing lost, the page beside it. Without it the form works all the same.
import { bylines } from "./bylines.js";
import { keeping } from "./keeping.js";
import { livePreview } from "./live-preview.js";
import { notes } from "./notes.js";
import { topics } from "./topics.js";
import { wordsOf } from "./words.js";

const form = document.querySelector("[data-story-form]");

/** The control of a field gets the focus; the story's editor by its label. */
function goTo(name) {
  const field = document.getElementById(`field-${name}`);
  if (!field) return;
  field.closest("details")?.setAttribute("open", "");
  field.scrollIntoView({ block: "center" });
  const control = field.querySelector(".ProseMirror, input:not([type=hidden]), textarea:not([hidden]), select, button");
  control?.focus({ preventScroll: true });
}

function warnBeforeLeaving(target) {
  let kept = null;
  let isSent = false;
  const remember = () => {
    if (isSent) return; // while the page still loaded
    // A form that came back, or a restored text, is saved nowhere: leaving it always asks. So does
    // a text that is kept but not saved: nobody else sees it.
    kept = document.querySelector("[data-refusal], [data-restored]") ? "" : wordsOf(target);
  };
  // The editor may write its textarea once while it starts.
  addEventListener("load", () => setTimeout(remember));
  target.addEventListener("submit", (event) => {
    isSent = event.submitter?.formTarget !== "_blank";
  });
  addEventListener("beforeunload", (event) => {
    if (!isSent && kept !== null && wordsOf(target) !== kept) event.preventDefault();
  });
}

function keys(target) {
  target.addEventListener("keydown", (event) => {
    const isSave = event.key === "s" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!isSave) return;
    event.preventDefault();
    target.querySelector("button[name=_save]:not([disabled])")?.click();
  });
  // A headline is one line, though its box is taller.
  target.querySelector("#id_headline")?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

if (form) {
  form.querySelectorAll("[data-bylines]").forEach(bylines);
  form.querySelectorAll("[data-topics]").forEach(topics);
  // Links come and go with the notes.
  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-to-field]");
    if (!link) return;
    event.preventDefault();
    goTo(link.dataset.toField);
  });
  keys(form);
  const refusal = form.querySelector("[data-refusal]");
  const section = form.querySelector("#id_section");
  if (refusal) refusal.focus();
  else if (section && !form.elements.base_version) (section.value ? form.querySelector("#id_headline") : section).focus();
  if (form.querySelector("[name=_save]:not([disabled]), [name=remark]")) warnBeforeLeaving(form);
  form.querySelectorAll("[data-notes]").forEach((panel) => notes(panel, form));
  if (form.dataset.keep) keeping(form);
  livePreview(form);
}
