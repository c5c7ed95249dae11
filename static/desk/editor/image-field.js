// Turns the image chooser of a form into a preview with the buttons "Choose image" and "Remove".
import { element } from "./dialog.js";
import { lacks, pickImage, still } from "./image-dialog.js";
import { library } from "./library.js";

function preview(image) {
  const missing = lacks(image);
  return [
    still(image, { alt: image.alt || "" }),
    element(
      "p",
      { class: "image-field__words" },
      element("strong", {}, image.label),
      image.caption ? element("span", {}, image.caption) : "",
      image.credit ? element("span", { class: "image-field__credit" }, image.credit) : "",
      missing.length ? element("span", { class: "image-field__missing" }, missing.join(" · ")) : "",
    ),
  ];
}

function enhance(root) {
  const config = JSON.parse(root.dataset.imageField);
  const input = root.querySelector("input[type=hidden]");
  const choose = root.querySelector("[data-choose]");
  const remove = root.querySelector("[data-remove]");
  const shown = root.querySelector(".image-field__preview");
  const label = choose.labels[0]?.textContent.trim().replace(/:$/, "");

  const name = (button) => {
    if (label) button.setAttribute("aria-label", `${button.textContent}: ${label}`);
  };
  const show = (...content) => {
    shown.replaceChildren(...content);
    shown.hidden = !input.value;
    remove.hidden = !input.value;
    choose.textContent = input.value ? "Change image" : "Choose image";
    [choose, remove].forEach(name);
  };
  const load = async () => {
    show(input.value ? "Loading…" : "");
    if (!input.value) return;
    try {
      const image = await library(config.chooseUrl).get(input.value);
      show(...(image ? preview(image) : [`Picture ${input.value} is not in the library any more.`]));
    } catch (error) {
      show(error.message);
    }
  };
  const set = (value) => {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return load();
  };

  choose.addEventListener("click", async () => {
    const image = await pickImage(config);
    if (image) set(image.id);
  });
  remove.addEventListener("click", () => {
    set("");
    choose.focus();
  });
  load();
}

document.querySelectorAll("[data-image-field]").forEach(enhance);
