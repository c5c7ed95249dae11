// Django's choosers with a search (Select2) have no name for who cannot see: each gets that of its
// label, also in rows that are added to a form.

function name(select) {
  const chooser = select.parentElement?.querySelector(".select2-selection");
  const words = select.labels[0]?.textContent.trim().replace(/:$/, "") || select.name;
  for (const one of chooser ? [chooser, ...chooser.querySelectorAll("[role=textbox]")] : []) {
    one.setAttribute("aria-label", words);
  }
}

/** Django makes the chooser beside the select sooner or later. */
function watch(select) {
  name(select);
  new MutationObserver(() => name(select)).observe(select.parentElement, { childList: true });
}

function watchAll(root) {
  root.querySelectorAll("select.admin-autocomplete").forEach(watch);
}

watchAll(document);
document.addEventListener("formset:added", (event) => watchAll(event.target));
