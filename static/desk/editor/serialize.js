// The story as canonical HTML: what newsroom/richtext/ leaves as it is.
import { pm } from "django-prose-editor/editor";

const EMPTY = "p, h2, h3, cite, figcaption, aside[data-quote], blockquote, li, ul, ol";

/** The HTML to store for the editor's text. */
export function canonicalHTML(editor) {
  const { doc, schema } = editor.state;
  const inert = document.implementation.createHTMLDocument("");
  const root = inert.createElement("div");
  pm.model.DOMSerializer.fromSchema(schema).serializeFragment(doc.content, { document: inert }, root);
  root.querySelectorAll("[data-key]").forEach((node) => node.removeAttribute("data-key"));
  root.querySelectorAll("cite[data-placeholder]").forEach((node) => node.removeAttribute("data-placeholder"));
  root.querySelectorAll("table").forEach(tidyTable);
  root.querySelectorAll("li, td, th, aside").forEach(unwrapOnlyParagraph);
  for (const node of [...root.querySelectorAll(EMPTY)].reverse()) {
    if (!node.hasChildNodes() && !node.closest("ol[data-notes]")) node.remove();
  }
  return root.innerHTML;
}

/** `<td><p>words</p></td>` is `<td>words</td>`, in list items also before a list; two paragraphs stay two. */
function unwrapOnlyParagraph(holder) {
  const [first, ...rest] = holder.children;
  const mayFollow = (node) => holder.tagName === "LI" && /^[UO]L$/.test(node.tagName);
  if (first?.tagName !== "P" || !rest.every(mayFollow)) return;
  first.replaceWith(...first.childNodes);
}

/** Rows of heading cells only, at the top, are the head; a heading cell names its column there, else its row. */
function tidyTable(table) {
  const rows = [...table.rows];
  const body = rows.findIndex((row) => row.querySelector("td"));
  const head = rows.length > 1 ? rows.slice(0, body === -1 ? 1 : body) : [];
  for (const cell of table.querySelectorAll("td, th")) {
    for (const span of ["rowspan", "colspan"]) if (cell.getAttribute(span) === "1") cell.removeAttribute(span);
  }
  for (const heading of table.querySelectorAll("th")) giveScope(heading, head.includes(heading.parentNode) ? "col" : "row");
  if (!head.length) return;
  const thead = table.ownerDocument.createElement("thead");
  thead.append(...head);
  table.prepend(thead);
}

function giveScope(heading, scope) {
  const spans = [...heading.attributes].filter(({ name }) => name !== "scope");
  const value = /group$/.test(heading.getAttribute("scope") ?? "") ? heading.getAttribute("scope") : scope;
  for (const { name } of [...heading.attributes]) heading.removeAttribute(name);
  heading.setAttribute("scope", value);
  for (const { name, value: span } of spans) heading.setAttribute(name, span);
}

/** What some HTML says and refers to, to compare what was read with what was given: no spaces, no numbers of notes. */
export function gistOf(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  const references = [...body.querySelectorAll("figure, aside, sup[data-note], ol[data-notes] > li")].map(
    ({ tagName, dataset: { image, embed, graphic, article } }) => [tagName, image, embed, graphic, article].join(),
  );
  body.querySelectorAll("sup[data-note]").forEach((mark) => mark.remove());
  return body.textContent.replace(/\s+/g, "") + references.join(" ");
}
