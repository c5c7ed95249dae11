// Asks the desk something while a form stays open: a session that ended, a token that is out of date
// and a desk that cannot be reached become sentences.
const UNREACHED = "The desk cannot be reached.";
const LOGGED_OUT = "You are logged out. Log in in another tab, then go on here.";
const NOT_ALLOWED = "You may not change this story any more, so nothing can be saved here.";
const GONE = "This story is deleted.";
const TOO_LARGE = "This text is too large for the desk to keep or to save.";

/** Something that the editor must know; `message` is a sentence. */
export class Trouble extends Error {}

/** Posts fields to the desk and gives its answer. Throws Trouble. */
export async function post(form, url, fields, signal) {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  const response = await ask(url, { method: "POST", body, signal });
  if (response.status !== 403) return answerOf(response);
  // After another login the token of this page is out of date: one fresh one, one more try.
  const { csrf } = await answerOf(await ask(url, { signal }));
  form.elements.csrfmiddlewaretoken.value = csrf;
  body.set("csrfmiddlewaretoken", csrf);
  return answerOf(await ask(url, { method: "POST", body, signal }));
}

async function ask(url, options) {
  try {
    return await fetch(url, { ...options, redirect: "manual", headers: { Accept: "application/json" } });
  } catch {
    throw new Trouble(UNREACHED);
  }
}

async function answerOf(response) {
  if (response.type === "opaqueredirect") throw new Trouble(LOGGED_OUT);
  const sentence = { 400: TOO_LARGE, 403: NOT_ALLOWED, 404: GONE, 413: TOO_LARGE }[response.status];
  if (sentence) throw new Trouble(sentence);
  try {
    if (response.ok) return await response.json();
  } catch {
    // What is no answer of the desk's comes from something between us.
  }
  throw new Trouble(UNREACHED);
}
