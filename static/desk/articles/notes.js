// Notes beside a story: each button sends its note alone, and the form stays as it is. Without this
// the whole form is posted, and comes back with everything that was typed.
import { post, Trouble } from "./asking.js";

const FAILED = "Your note is still in its box.";

export function notes(panel, form) {
  const list = panel.querySelector("[data-notes-list]");
  const said = panel.querySelector("[data-notes-said]");
  const text = form.elements.remark;
  let isBusy = false;

  const say = (sentence, isTrouble = false) => {
    said.textContent = sentence;
    said.classList.toggle("story-notes__trouble", isTrouble);
  };

  function fieldsOf(button) {
    if (button.name !== "_note_add") return [[button.name, button.value]];
    return [[button.name, "1"], ["remark", text.value], ["remark_on", form.elements.remark_on.value]];
  }

  function clear(sent) {
    if (text.value !== sent) return; // something more was typed meanwhile
    text.value = "";
    form.elements.remark_on.value = "";
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function show(told) {
    list.innerHTML = told.html; // written and escaped by the desk's own template
    const link = document.querySelector("[data-notes-count]");
    if (link) link.textContent = told.count || "Notes";
  }

  async function send(button) {
    const sent = text?.value;
    const told = await post(form, panel.dataset.notes, fieldsOf(button));
    const wasOpen = list.querySelector("details")?.open ?? false;
    show(told);
    const done = list.querySelector("details");
    if (done) done.open = wasOpen;
    say(told.error || told.said, Boolean(told.error));
    if (button.name === "_note_add" && !told.error) clear(sent);
    // The button that was pressed is gone with the old list.
    (button.isConnected ? button : panel.querySelector("h2")).focus({ preventScroll: true });
  }

  panel.addEventListener("click", async (event) => {
    const button = event.target.closest("button[formaction]");
    if (!button) return;
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    try {
      await send(button);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      say(`${error.message} ${FAILED}`, true);
    } finally {
      isBusy = false;
    }
  });
}
