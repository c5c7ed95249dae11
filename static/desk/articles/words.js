// What stands on the form, as one text to compare. The CSRF token is no word of the editor's.
export function wordsOf(form) {
  const data = new FormData(form);
  data.delete("csrfmiddlewaretoken");
  return new URLSearchParams(data).toString();
}
