// Puts an address on the clipboard. Without this the field beside the button can be copied by hand.

async function copy(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // A desk on plain http has no clipboard of that kind.
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = button.parentElement.querySelector("input");
  const said = button.parentElement.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = (await copy(field)) ? "Copied." : "Press Ctrl+C to copy it.";
  });
}
