// The library as tiles: the arrow keys walk through it as it lies, Enter opens a picture, Space
// selects it. Without this every link and every box is a stop of the Tab key.
import { neighbour } from "../editor/picker.js";

function enhance(grid) {
  const links = [...grid.querySelectorAll(".picture-tile__link")];
  const box = (link) => link.parentElement.querySelector(".picture-tile__select");
  const boxes = links.map(box).filter(Boolean);
  const all = document.querySelector("[data-select-all]");
  const said = document.querySelector("[data-selected]");

  const reach = (link) => {
    for (const other of links) {
      other.tabIndex = other === link ? 0 : -1;
      if (box(other)) box(other).tabIndex = other.tabIndex;
    }
  };
  const count = () => {
    const number = boxes.filter((one) => one.checked).length;
    if (said) said.textContent = number ? `${number} of ${boxes.length} selected` : "";
    if (all) all.checked = number === boxes.length;
  };

  document.querySelector(".picture-keys").hidden = false;
  if (all) all.parentElement.hidden = false;
  reach(links[0]);
  count();
  grid.addEventListener("focusin", (event) => {
    const link = event.target.closest("li")?.querySelector(".picture-tile__link");
    if (link) reach(link);
  });
  grid.addEventListener("change", count);
  grid.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("li")?.querySelector(".picture-tile__link");
    if (!link) return;
    if (event.key === " " && event.target === link && box(link)) {
      event.preventDefault();
      box(link).click();
      return;
    }
    const next = neighbour(links, link, event.key);
    if (next === null) return;
    event.preventDefault();
    (next ?? document.getElementById("searchbar") ?? link).focus();
  });
  all?.addEventListener("change", () => {
    for (const one of boxes) one.checked = all.checked;
    count();
  });
  // Coming back with the browser's button, the boxes are as they were left.
  window.addEventListener("pageshow", count);
}

document.querySelectorAll("[data-grid]").forEach(enhance);
