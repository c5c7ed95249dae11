// What comes from Google Docs, Word and web pages, made plain. Styles are read as text: under the
// site's content security policy the browser does not apply them in pasted HTML, and a reading of
// `element.style` would take a whole Google document for bold.
import { Extension } from "django-prose-editor/editor";
import { linkOf } from "./text.js";

export const PasteClean = Extension.create({
  name: "pasteClean",
  transformPastedHTML(html) {
    if (/data-pm-slice/.test(html)) return html; // from an editor like this one
    const { clean, pictures } = cleanPaste(html);
    if (pictures) {
      const what = pictures === 1 ? "One picture was" : `${pictures} pictures were`;
      this.editor.emit("notice", `${what} not pasted. Add pictures with the Image button, so that their rights are known.`);
    }
    return clean;
  },
});

const STYLE = "data-pasted-style";
const NOISE = "script, meta, title, link, xml, colgroup, o\\:p, v\\:shape, w\\:sdtpr";
const HEADINGS = { H1: "h2", H4: "h3", H5: "h3", H6: "h3" };

/** `{clean, pictures}`: the HTML without the habits of its source, and how many pictures were left out. */
export function cleanPaste(html) {
  const { body } = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  body.querySelectorAll(NOISE).forEach((node) => node.remove());
  removeComments(body);
  makeWordLists(body);
  body.querySelectorAll(`[${STYLE}], b, strong, i, em`).forEach(styleToTags);
  body.querySelectorAll("p.MsoTitle").forEach((node) => rename(node, "h2"));
  body.querySelectorAll(Object.keys(HEADINGS).join()).forEach((node) => rename(node, HEADINGS[node.tagName]));
  body.querySelectorAll(":is(h2, h3) :is(b, strong)").forEach(unwrap);
  body.querySelectorAll("a").forEach(tidyLink);
  body.querySelectorAll(":is(ul, ol) > :is(ul, ol)").forEach((list) => list.previousElementSibling?.append(list));
  const pictures = [...body.querySelectorAll("img")];
  pictures.forEach((picture) => picture.remove());
  removeBlanks(body);
  body.querySelectorAll(`[${STYLE}]`).forEach((node) => node.removeAttribute(STYLE));
  return { clean: body.innerHTML, pictures: pictures.length };
}

/**
 * The source with its style sheets cut out and each `style` attribute renamed: already parsing one
 * breaks the policy, and the console would fill with complaints about somebody else's document.
 */
function withoutStyles(html) {
  const tag = /<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/gi;
  return html
    .replace(/<style\b.*?<\/style\s*>/gis, "")
    .replace(tag, (one) => one.replace(/\sstyle(?=\s*=)/i, ` ${STYLE}`));
}

function unwrap(node) {
  node.replaceWith(...node.childNodes);
}

function rename(node, tag) {
  const renamed = node.ownerDocument.createElement(tag);
  renamed.append(...node.childNodes);
  node.replaceWith(renamed);
}

function removeComments(body) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  found.forEach((comment) => comment.remove());
}

/** The declarations of a style attribute by exact name: `mso-bidi-font-weight` is no `font-weight`. */
function declarations(node) {
  const pairs = (node.getAttribute(STYLE) ?? "").split(";").map((one) => one.split(/:(.*)/s));
  return Object.fromEntries(pairs.map(([name, value = ""]) => [name.trim().toLowerCase(), value.trim().toLowerCase()]));
}

const isHeavy = (weight) => weight === "bold" || weight === "bolder" || Number.parseInt(weight, 10) >= 600;

/** Bold, italic, struck, raised and lowered text as tags; the tags that a style takes back, unwrapped. */
function styleToTags(node) {
  const style = declarations(node);
  const weight = style["font-weight"];
  const tags = [];
  if (/^(B|STRONG)$/.test(node.tagName)) {
    if (weight && !isHeavy(weight)) return unwrap(node);
  } else if (/^(I|EM)$/.test(node.tagName)) {
    if (style["font-style"] === "normal") return unwrap(node);
  } else if (/^(SPAN|A|FONT)$/.test(node.tagName)) {
    if (isHeavy(weight)) tags.push("strong");
    if (/italic|oblique/.test(style["font-style"])) tags.push("em");
    if (/line-through/.test(style["text-decoration"] ?? style["text-decoration-line"])) tags.push("s");
    if (style["vertical-align"] === "super") tags.push("sup");
    if (style["vertical-align"] === "sub") tags.push("sub");
  }
  for (const tag of tags) {
    const wrapper = node.ownerDocument.createElement(tag);
    wrapper.append(...node.childNodes);
    node.append(wrapper);
  }
  return undefined;
}

/** Word writes a list as paragraphs with a level and a printed bullet or number. */
function makeWordLists(body) {
  let open = []; // the lists that the next paragraph may belong to, outermost first
  for (const paragraph of body.querySelectorAll("p")) {
    const level = /mso-list:\s*l\d+\s+level(\d)/i.exec(paragraph.getAttribute(STYLE) ?? "")?.[1];
    if (!level) continue;
    if (paragraph.previousElementSibling !== open[0]) open = [];
    const number = takeMarker(paragraph);
    const depth = Math.min(level, open.length + 1);
    open.length = Math.min(open.length, depth);
    if (open[depth - 1] && open[depth - 1].tagName !== (number ? "OL" : "UL")) open.length = depth - 1;
    if (open.length < depth) {
      const list = newList(body, number);
      if (open.length) open.at(-1).lastElementChild.append(list);
      else paragraph.before(list);
      open.push(list);
    }
    const item = body.ownerDocument.createElement("li");
    item.append(...paragraph.childNodes);
    open.at(-1).append(item);
    paragraph.remove();
  }
}

function newList(body, number) {
  const list = body.ownerDocument.createElement(number ? "ol" : "ul");
  if (number > 1) list.setAttribute("start", number);
  return list;
}

/** Takes the printed bullet or number away; gives the number, or 0 for a bullet. */
function takeMarker(paragraph) {
  const printed = [...paragraph.querySelectorAll(`[${STYLE}]`)].find((node) => /mso-list:\s*ignore/i.test(node.getAttribute(STYLE)));
  const match = /^\s*\(?(?:(\d+)|[a-z]+)[.)]/i.exec(printed?.textContent ?? "");
  const wrapper = printed?.parentNode === paragraph ? printed : printed?.parentNode;
  wrapper?.remove();
  return match ? Number(match[1] ?? 1) : 0;
}

/** Google wraps every link of a document in a redirect. What is no address to link to loses its link. */
function tidyLink(link) {
  const href = targetOf(link.getAttribute("href") ?? "");
  if (!linkOf(href) || href.startsWith("#")) return unwrap(link);
  for (const { name } of [...link.attributes]) link.removeAttribute(name);
  link.setAttribute("href", href);
  return undefined;
}

function targetOf(href) {
  if (!/^https?:\/\/(?:www\.)?google\.[a-z.]{2,6}\/url\?/i.test(href)) return href;
  const { searchParams } = new URL(href);
  return searchParams.get("q") ?? searchParams.get("url") ?? href;
}

/** Empty paragraphs, line breaks between blocks, and no-break spaces that nobody typed. */
function removeBlanks(body) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replace(/\u00a0/g, " ");
  const blocks = "p, h2, h3, ul, ol, table, div, blockquote";
  for (const line of body.querySelectorAll("br")) {
    if (line.matches(`:is(${blocks}) + br`) || line.matches(`br:has(+ :is(${blocks}))`)) line.remove();
  }
  for (const node of [...body.querySelectorAll("p, h2, h3, li, a, span, strong, em, b, i")].reverse()) {
    const blank = /^(P|H2|H3|LI)$/.test(node.tagName) ? !node.textContent.trim() : !node.textContent;
    if (blank) node.remove();
  }
}
