// Keeps what is typed and not saved: at the desk two seconds after the last key, in this browser
// while the desk cannot be reached. The same requests say who else has the story open. Nothing here
// saves a story.
import { post, Trouble } from "./asking.js";
import { copies, forget, remember } from "./local-copies.js";
import { wordsOf } from "./words.js";

const PAUSE_MS = 2_000;
const PING_MS = 10_000;
const PATIENCE_MS = 20_000;

/** Shows a sentence, or nothing; the same one is not read out twice. */
function say(name, sentence) {
  const line = document.querySelector(`[data-${name}]`);
  if (!line || line.textContent === sentence) return;
  line.textContent = sentence;
  line.hidden = !sentence;
}

export function keeping(form) {
  const { keep: url, user } = form.dataset;
  const mark = form.elements._form.value;
  let kept = null; // the words that the desk has; null until the form has settled
  let timer = 0;
  let request = null;
  let isLeaving = false;

  const fieldsOf = () =>
    [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  const hold = (fields) => remember(user, mark, { url, fields });

  async function send() {
    clearTimeout(timer);
    if (request || isLeaving || kept === null) return;
    const words = wordsOf(form);
    const isText = words !== kept;
    const fields = isText ? [...fieldsOf(), ["_text", "1"]] : [["_form", mark], ["base_version", form.elements.base_version?.value ?? ""]];
    if (!isText && !form.elements.base_version) return; // nobody else is at a story not begun
    const isHeld = isText && hold(fields);
    request = new AbortController();
    const patience = setTimeout(() => request.abort(), PATIENCE_MS);
    try {
      const told = await post(form, url, fields, request.signal);
      if (isText) {
        kept = words;
        forget(user, mark);
        say("kept", `Not saved yet. Kept for you at ${told.kept}.`);
      }
      say("trouble", "");
      say("others", told.others ?? "");
      say("newer", told.newer ?? "");
      if (wordsOf(form) !== kept) wait();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (!isLeaving) complain(error.message, isText, isHeld);
    } finally {
      clearTimeout(patience);
      request = null;
    }
  }

  function complain(sentence, isText, isHeld) {
    say("others", "");
    say("newer", "");
    if (!isText) return say("trouble", sentence);
    say("kept", "");
    const where = isHeld
      ? "What you type is kept in this browser and sent as soon as that is possible."
      : "This browser cannot keep your text either: copy it to a safe place.";
    return say("trouble", `${sentence} ${where}`);
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE_MS);
  }

  /** Texts of other forms that never reached the desk. */
  async function deliver() {
    for (const copy of copies(user).filter((one) => one.mark !== mark)) {
      try {
        await post(form, copy.url, copy.fields);
        forget(user, copy.mark);
        if (copy.url === url) found(copy);
      } catch (error) {
        // It stays, and is tried again when the next form is opened.
        if (!(error instanceof Trouble)) throw error;
      }
    }
  }

  function found({ mark: other, at }) {
    if (document.querySelector(`.story-notice input[value="${CSS.escape(other)}"]`)) return;
    const time = new Date(at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    say("found", `This browser had kept an unsaved text of ${time}. `);
    const link = Object.assign(document.createElement("a"), {
      href: `?unsaved=${encodeURIComponent(other)}`,
      textContent: "Restore it",
    });
    document.querySelector("[data-found]").append(link);
  }

  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, () => {
      isLeaving = false; // still here
      wait();
    });
  }
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.submitter?.formTarget === "_blank") return;
    isLeaving = true;
    clearTimeout(timer);
    request?.abort();
  });
  // The last seconds before the page goes, if it is not being saved.
  addEventListener("pagehide", () => {
    if (!isLeaving && kept !== null && wordsOf(form) !== kept) hold([...fieldsOf(), ["_text", "1"]]);
  });
  document.addEventListener("visibilitychange", () => document.hidden || send());
  addEventListener("online", send);
  // The editor may write its textarea once while it starts.
  const begin = () => setTimeout(() => {
    // A form that came back holds what is kept nowhere.
    kept = document.querySelector("[data-refusal]") ? "" : wordsOf(form);
    setTimeout(send, 1_000);
    setInterval(send, PING_MS);
    deliver();
  });
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
}
