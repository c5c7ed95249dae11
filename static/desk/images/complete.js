// The page that asks for what a picture lacks: the first field that is asked for has the focus, so
// that one can type at once.
const form = document.querySelector("[data-complete]");
const wrong = form?.querySelector(".picture-field--wrong :is(input, select, textarea)");
const first = form?.querySelector(":is(input, select, textarea):not([type=hidden])");
const last = document.querySelector(".complete-done a");
(wrong ?? first ?? last)?.focus();
// What was wrong may be folded away.
wrong?.closest("details")?.setAttribute("open", "");
