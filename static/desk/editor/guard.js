// Keeps a form from being sent while its story editor is not running. Without this, a story whose
// editor failed to start was once saved empty. A button that is pressed while the page still loads
// does its work once the editor runs. No imports: it must work when those fail. With JavaScript off
// nothing of this runs and the textarea is sent like any other.
const SENTENCE =
  "The text editor has not started, so nothing was saved. Try again; if this stays, copy what you changed elsewhere on the page and reload it. The stored text is unchanged.";

function complain(textarea) {
  const id = `${textarea.id}-editor-missing`;
  if (!document.getElementById(id)) {
    const note = Object.assign(document.createElement("p"), {
      id,
      className: "errornote",
      textContent: SENTENCE,
    });
    note.setAttribute("role", "alert");
    textarea.before(note);
  }
  document.getElementById(id).scrollIntoView({ block: "center" });
}

let pressed = null; // the last submission that came too early: its form and its button

document.addEventListener(
  "submit",
  (event) => {
    const waiting = event.target.querySelector("textarea[data-body-editor]:not([data-mounted])");
    if (!waiting) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (document.readyState === "complete") complain(waiting);
    else pressed = { form: event.target, button: event.submitter };
  },
  true,
);

// All modules have run by then, or failed.
addEventListener("load", () => pressed?.form.requestSubmit(pressed.button));
