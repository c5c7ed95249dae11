// The story as readers will get it, beside the form: its fields are posted into a frame 600 ms after
// the last key. The desk writes nothing; the form is not sent, so neither the guard on leaving nor
// the keeping of unsaved text hears of it.
import { element, newId } from "../editor/dialog.js";
import { wordsOf } from "./words.js";

const PAUSE_MS = 600;
const PATIENCE_MS = 20_000;
const RETRY_MS = 10_000;
/** The width of the page inside, whatever room there is for it here. */
const WIDTHS_PX = { phone: 360, desktop: 1280 };
const REMEMBERED = "newsroom:live-preview";

const TROUBLE =
  "The preview cannot be shown now. Your text stays on the form. If you are logged out, log in in another tab, then go on here.";

export function livePreview(form) {
  const pane = form.querySelector("[data-live-preview]");
  const toggle = document.querySelector("[data-preview-toggle]");
  if (!pane || !toggle) return;
  const columns = pane.parentElement;
  const stage = pane.querySelector("[data-preview-stage]");
  const trouble = pane.querySelector("[data-preview-trouble]");
  const frames = framesOn(stage, { form, url: pane.dataset.livePreview, say });
  let { isOpen, width } = recall();
  let timer = 0;

  function say(sentence) {
    if (trouble.textContent !== sentence) trouble.textContent = sentence;
    trouble.hidden = !sentence;
  }

  function show() {
    pane.hidden = !isOpen;
    toggle.setAttribute("aria-expanded", String(isOpen));
    for (const button of pane.querySelectorAll("[data-preview-width]")) {
      button.setAttribute("aria-pressed", String(button.dataset.previewWidth === width));
    }
    if (isOpen) columns.dataset.preview = width;
    else delete columns.dataset.preview;
    clearTimeout(timer);
    if (isOpen) fit();
    if (isOpen) frames.renew();
    else frames.clear();
  }

  /** The frame is as wide as a reader's window and drawn as small as the room here asks for. */
  function fit() {
    const scale = Math.min(1, stage.clientWidth / WIDTHS_PX[width]) || 1;
    stage.style.setProperty("--preview-width", `${WIDTHS_PX[width]}px`);
    stage.style.setProperty("--preview-scale", String(scale));
  }

  function change(next) {
    ({ isOpen, width } = { isOpen, width, ...next });
    keep({ isOpen, width });
    show();
  }

  function close() {
    const hadFocus = pane.contains(document.activeElement);
    change({ isOpen: false });
    if (hadFocus) toggle.focus();
  }

  toggle.hidden = false;
  toggle.addEventListener("click", () => (isOpen ? close() : change({ isOpen: true })));
  pane.querySelector("[data-preview-close]").addEventListener("click", close);
  for (const button of pane.querySelectorAll("[data-preview-width]")) {
    button.addEventListener("click", () => change({ width: button.dataset.previewWidth }));
  }
  const onKey = (event) => {
    if (event.key !== "F8" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!event.shiftKey) toggle.click();
    else if (isOpen) change({ width: width === "phone" ? "desktop" : "phone" });
  };
  document.addEventListener("keydown", onKey);
  frames.onKey = onKey; // also while the focus is inside
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, () => {
      clearTimeout(timer);
      if (isOpen) timer = setTimeout(frames.renew, PAUSE_MS);
    });
  }
  new ResizeObserver(() => isOpen && fit()).observe(stage);
  // The editor may write its textarea once while it starts.
  if (document.readyState === "complete") setTimeout(show);
  else addEventListener("load", () => setTimeout(show));
}

/**
 * The frame that is seen, and the one that is coming. Each version comes in a frame of its own and
 * takes the other's place when it is there: nothing flickers, the place in the story stays, and the
 * browser's Back still leaves the form. One is under way at a time; what was typed meanwhile follows.
 */
function framesOn(stage, { form, url, say }) {
  let shown = null;
  let coming = null;
  let words = null; // those of the frame that was asked for last
  let retry = 0;
  let place = [0, 0];
  const frames = { renew, clear, onKey: () => {} };

  function renew() {
    clearTimeout(retry);
    if (coming || wordsOf(form) === words) return;
    words = wordsOf(form);
    coming = element("iframe", {
      class: "story-preview__frame",
      name: newId("live-preview"),
      title: "The story as readers will see it",
      // No script runs inside; links open in a tab of their own.
      sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
      tabindex: "-1",
    });
    stage.append(coming);
    stage.setAttribute("aria-busy", "true");
    const frame = coming;
    const patience = setTimeout(() => done(frame, null), PATIENCE_MS);
    frame.addEventListener("load", () => {
      const page = frame.contentDocument;
      if (page?.URL === "about:blank") return; // some browsers say so of the empty frame
      clearTimeout(patience);
      done(frame, page);
    });
    postInto(frame.name, url, form);
  }

  /** `page` is null where the desk refused: only a preview lets itself be framed. */
  function done(frame, page) {
    if (frame !== coming) return;
    coming = null;
    stage.removeAttribute("aria-busy");
    const isStale = wordsOf(form) !== words;
    if (page) swap(frame, page);
    else {
      frame.remove();
      words = null;
      retry = setTimeout(renew, RETRY_MS);
    }
    say(page ? "" : TROUBLE);
    if (page && isStale) renew();
  }

  function swap(frame, page) {
    for (const link of page.links) {
      // Places in the same page may be gone to.
      if (!link.getAttribute("href").startsWith("#")) Object.assign(link, { target: "_blank", rel: "noopener" });
    }
    page.addEventListener("keydown", (event) => frames.onKey(event));
    const hadFocus = document.activeElement === shown;
    remember();
    frame.contentWindow.scrollTo({ left: place[0], top: place[1], behavior: "instant" });
    frame.dataset.shown = "";
    shown?.remove();
    shown = frame;
    if (hadFocus) frame.focus({ preventScroll: true });
  }

  function remember() {
    const view = shown?.contentWindow;
    if (view && shown.contentDocument) place = [view.scrollX, view.scrollY];
  }

  function clear() {
    remember();
    clearTimeout(retry);
    stage.replaceChildren();
    stage.removeAttribute("aria-busy");
    shown = coming = words = null;
  }

  return frames;
}

/** Posts a copy of the fields: the form itself stays where it is, and is not asked. */
function postInto(target, action, form) {
  const copy = element("form", { method: "post", action, target, hidden: true });
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") copy.append(element("input", { type: "hidden", name, value }));
  }
  document.body.append(copy);
  HTMLFormElement.prototype.submit.call(copy);
  copy.remove();
}

function recall() {
  try {
    const { isOpen, width } = JSON.parse(localStorage.getItem(REMEMBERED));
    return { isOpen: isOpen === true, width: Object.hasOwn(WIDTHS_PX, width) ? width : "phone" };
  } catch {
    return { isOpen: false, width: "phone" };
  }
}

function keep(state) {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(state));
  } catch {
    // A browser without storage begins with a closed preview each time.
  }
}
