// Rows of a name and a role: moved, removed and added by buttons, which keys reach.
import { names, paused } from "./suggest.js";

export function bylines(root) {
  const datalist = root.querySelector("datalist");
  const add = root.querySelector("[data-add]");
  const rows = () => [...root.querySelectorAll(".bylines__row")];
  const nameOf = (row) => row.querySelector("input[name$=-name]");
  const template = rows().at(-1).cloneNode(true);

  const changed = () => {
    rows().forEach((row, at, all) => {
      nameOf(row).setAttribute("aria-label", `Name ${at + 1}`);
      row.querySelector("select").setAttribute("aria-label", `Role ${at + 1}`);
      const who = nameOf(row).value || `row ${at + 1}`;
      for (const [part, words] of [["up", "Move up"], ["down", "Move down"]]) {
        const button = row.querySelector(`[data-move=${part}]`);
        button.setAttribute("aria-label", `${words}: ${who}`);
        button.disabled = part === "up" ? at === 0 : at === all.length - 1;
      }
      row.querySelector("[data-remove]").setAttribute("aria-label", `Remove ${who}`);
    });
    root.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const ask = paused(async (box) => {
    const found = await names(root.dataset.bylines, box.value).catch(() => []);
    if (document.activeElement !== box || !found.length) return;
    datalist.replaceChildren(...found.map(({ label }) => Object.assign(document.createElement("option"), { value: label })));
  });

  const furnish = (row) => {
    row.querySelector(".bylines__tools").hidden = false;
    nameOf(row).addEventListener("input", (event) => ask(event.target));
    nameOf(row).addEventListener("change", changed);
  };

  const move = (row, to) => {
    const other = to === "up" ? row.previousElementSibling : row.nextElementSibling;
    if (!other?.matches(".bylines__row")) return;
    if (to === "up") other.before(row);
    else other.after(row);
    changed();
    const button = row.querySelector(`[data-move=${to}]`);
    (button.disabled ? row.querySelector("[data-move]:not([disabled])") ?? nameOf(row) : button).focus();
  };

  const append = () => {
    const row = template.cloneNode(true);
    row.querySelector("input[name$=-name]").removeAttribute("id");
    datalist.before(row);
    furnish(row);
    changed();
    nameOf(row).focus();
  };

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const row = button?.closest(".bylines__row");
    if (!row) return;
    if (button.dataset.move) move(row, button.dataset.move);
    else {
      const next = row.nextElementSibling?.querySelector("input[name$=-name]") ?? add;
      row.remove();
      if (!rows().length) append();
      else changed();
      next.focus();
    }
  });

  // Spare rows are for those without this script; a story without names keeps one.
  rows().forEach((row, at) => {
    if (at > 0 && !nameOf(row).value) row.remove();
    else furnish(row);
  });
  add.hidden = false;
  add.addEventListener("click", append);
  changed();
}
