// The picture dialog: search the library, pick with the arrows and Enter, or upload in place.
import { element, field, icon, openDialog, showErrors } from "./dialog.js";
import { library } from "./library.js";
import { picker } from "./picker.js";

const WORDS_FOR_MISSING = {
  alt: "No alt text",
  credit: "No credit",
  licence: "No licence",
  author: "No author",
  source_url: "No source address",
  rights_until: "No last day",
};
/** What a picture still lacks, and what its rights do not allow, in words. */
export const lacks = (image) => [
  ...(image.missing ?? []).map((name) => WORDS_FOR_MISSING[name] ?? `No ${name}`),
  ...(image.rights ?? []),
];
/** The picture itself, or a word where its files were taken away with its rights. */
export const still = (image, attributes) =>
  image.thumb
    ? element("img", { src: image.thumb, ...attributes })
    : element("span", { class: "image-grid__none" }, "No file");

/**
 * Lets the editor pick a picture from the library or upload one.
 * Resolves to `{id, label, thumb, width, height, alt, caption, credit, missing, rights}` or null.
 * `licences` are the pairs of value and words that the upload form offers.
 */
export async function pickImage({ chooseUrl, uploadUrl, licences = [] }) {
  const image = await openDialog({
    title: "Choose an image",
    className: "desk-dialog--images",
    fill: (close) => {
      const { head, body } = picker({
        address: chooseUrl,
        search: "Search images",
        className: "image-grid",
        one: tile,
        pick: close,
        emptiness: (text) => (text ? `No picture matches “${text}”.` : "The library is empty. Upload the first picture."),
      });
      const upload = uploadForm(uploadUrl, licences, close);
      const toggle = element(
        "button",
        { type: "button", class: "button", "aria-expanded": "false" },
        icon("upload"),
        "Upload a picture",
      );
      toggle.addEventListener("click", () => {
        upload.hidden = !upload.hidden;
        toggle.setAttribute("aria-expanded", String(!upload.hidden));
        if (!upload.hidden) upload.querySelector("input").focus();
      });
      return element(
        "div",
        { class: "desk-dialog__body" },
        element("div", { class: "desk-dialog__bar" }, head, toggle),
        upload,
        body,
      );
    },
  });
  if (image) library(chooseUrl).put(image);
  return image;
}

function tile(image) {
  const missing = lacks(image);
  return [
    still(image, { alt: "", loading: "lazy", width: image.width, height: image.height }),
    element("span", { class: "image-grid__label" }, image.label),
    element("span", { class: "image-grid__credit" }, image.credit || ""),
    missing.length ? element("span", { class: "image-grid__missing" }, missing.join(" · ")) : "",
  ];
}

function uploadForm(uploadUrl, licences, close) {
  const form = element(
    "form",
    { class: "desk-form desk-form--upload", hidden: true, novalidate: true, "aria-label": "Upload a picture" },
    element("p", { class: "desk-form__errors", role: "alert" }),
    field({
      name: "original",
      label: "File",
      type: "file",
      accept: "image/jpeg,image/png,image/webp,image/gif,image/avif",
      help: "JPEG, PNG, WebP, GIF or AVIF.",
    }),
    field({ name: "alt", label: "Alternative text", help: "What the picture shows, for those who cannot see it." }),
    field({ name: "decorative", label: "Decorative: it carries no information and needs no text", type: "checkbox" }),
    field({ name: "caption", label: "Caption" }),
    field({ name: "credit", label: "Credit", help: "As it is printed: Jane Doe / The Agency." }),
    field({ name: "licence", label: "Licence", options: [["", "Choose…"], ...licences] }),
    field({ name: "author", label: "Author", help: "Who made it; Creative Commons asks for the name." }),
    field({ name: "source_url", label: "Source address", type: "url", help: "The page on which it was found." }),
    field({ name: "rights_until", label: "Rights hold until", type: "date", help: "The last day, when there is one." }),
    element("p", { class: "desk-form__buttons" }, element("button", { class: "button default" }, "Upload and use")),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    const { image, errors } = await send(uploadUrl, form);
    button.disabled = false;
    if (image) close(image);
    else showErrors(form, errors);
  });
  return form;
}

async function send(uploadUrl, form) {
  if (!form.elements.original.files.length) return { errors: { original: "Choose a file first." } };
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  let response;
  try {
    response = await fetch(uploadUrl, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-CSRFToken": token, Accept: "application/json" },
    });
  } catch {
    return { errors: { "": "The upload broke off. Check the connection and try again." } };
  }
  if (response.ok && !response.redirected) return { image: await response.json() };
  if (response.status === 400) return await response.json();
  if (response.status === 413) return { errors: { original: "The file is too large for the server." } };
  if (response.status === 403 || response.redirected) {
    return { errors: { "": "You may not upload, or you are logged out. Log in again in another tab." } };
  }
  return { errors: { "": `The server refused the upload (${response.status}). Try again in a moment.` } };
}
