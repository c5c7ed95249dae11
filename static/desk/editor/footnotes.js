// Footnotes. The text holds a mark with a number, the list at the end of the story the words. Mark
// and words share a key while the editor runs; numbers follow the order of the marks in the text.
import { Document as BaseDocument, Node, pm } from "django-prose-editor/editor";
import { oneLine } from "./figures.js";

const { Plugin, PluginKey, TextSelection } = pm.state;
const { Fragment } = pm.model;

const session = Math.random().toString(36).slice(2, 8);
let made = 0;
const newKey = () => `${session}-${++made}`;
/** The key of a pasted or loaded element; those of another page's editor mean nothing here. */
const keyOf = (dom) => (dom.dataset.key?.startsWith(`${session}-`) ? dom.dataset.key : null);
const key = { default: null, parseHTML: keyOf, renderHTML: (attrs) => ({ "data-key": attrs.key }) };

export const Document = BaseDocument.extend({ content: "block+ footnotes?" });

export const Footnotes = Node.create({
  name: "footnotes",
  content: "footnoteText+",
  isolating: true,
  parseHTML: () => [{ tag: "ol[data-notes]", priority: 60 }],
  renderHTML: () => ["ol", { "data-notes": "" }, 0],
  addExtensions: () => [FootnoteText],
});

const FootnoteText = Node.create({
  name: "footnoteText",
  content: "inline*",
  defining: true,
  addAttributes: () => ({ key }),
  parseHTML: () => [{ tag: "li", context: "footnotes/", priority: 60, contentElement: oneLine }],
  renderHTML: ({ HTMLAttributes }) => ["li", HTMLAttributes, 0],
});

export const Footnote = Node.create({
  name: "footnote",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes() {
    const number = {
      default: 0,
      parseHTML: (dom) => Number.parseInt(dom.getAttribute("data-note"), 10) || 0,
      renderHTML: (attrs) => ({ "data-note": attrs.number }),
    };
    return { number, key };
  },
  parseHTML: () => [{ tag: "sup[data-note]", priority: 60 }],
  renderHTML: ({ node, HTMLAttributes }) => ["sup", HTMLAttributes, String(node.attrs.number)],
  onCreate() {
    const tr = reconcile(this.editor.state, null, this.storage.texts);
    if (tr) this.editor.view.dispatch(tr.setMeta("addToHistory", false).setMeta("preventUpdate", true));
  },
  addStorage: () => ({ texts: new Map() }),
  addCommands() {
    return {
      insertFootnote: () => ({ state, dispatch }) => {
        const { $from, to } = state.selection;
        if (!$from.parent.inlineContent || $from.parent.type.name === "footnoteText") return false;
        if (!$from.parent.type.contentMatch.matchType(this.type)) return false;
        const key = newKey();
        if (dispatch) dispatch(state.tr.insert(to, this.type.create({ key })).setMeta("footnote", key));
        return true;
      },
      goToFootnote: (key) => ({ state, dispatch }) => select(state, dispatch, "footnoteText", key),
      goToFootnoteMark: (key) => ({ state, dispatch }) => select(state, dispatch, "footnote", key),
      removeFootnote: (key) => ({ state, dispatch }) => {
        const found = find(state.doc, "footnote", key);
        if (found && dispatch) dispatch(state.tr.delete(found.pos, found.pos + 1));
        return Boolean(found);
      },
    };
  },
  addProseMirrorPlugins() {
    const { texts } = this.storage;
    return [
      new Plugin({
        key: new PluginKey("footnotes"),
        appendTransaction(transactions, before, after) {
          if (!transactions.some((tr) => tr.docChanged)) return null;
          const tr = reconcile(after, before, texts);
          const key = transactions.map((one) => one.getMeta("footnote")).find(Boolean);
          return key ? moveTo(tr ?? after.tr, "footnoteText", key) : tr;
        },
        props: {
          handleClickOn(view, _position, node) {
            if (node.type.name !== "footnote") return false;
            return select(view.state, view.dispatch, "footnoteText", node.attrs.key);
          },
        },
      }),
    ];
  },
});

function find(doc, name, key) {
  let found = null;
  doc.descendants((node, pos) => {
    if (node.type.name === name && node.attrs.key === key) found = { node, pos };
    return !found;
  });
  return found;
}

function moveTo(tr, name, key) {
  const found = find(tr.doc, name, key);
  if (!found) return tr;
  const at = found.pos + (name === "footnote" ? found.node.nodeSize : 1 + found.node.content.size);
  return tr.setSelection(TextSelection.create(tr.doc, at)).scrollIntoView();
}

function select(state, dispatch, name, key) {
  if (!find(state.doc, name, key)) return false;
  dispatch?.(moveTo(state.tr, name, key));
  return true;
}

function marksIn(doc) {
  const marks = [];
  doc.descendants((node, pos) => {
    if (node.type.name === "footnotes") return false;
    if (node.type.name === "footnote") marks.push({ node, pos });
    return true;
  });
  return marks;
}

/**
 * The transaction that makes numbers and list follow the marks, or null when they do already.
 * `texts` remembers the words of removed notes, so that a mark that is cut and pasted, or whose
 * removal is undone, finds them again. Words that never had a mark stay at the end of the list.
 */
function reconcile(state, before, texts) {
  const { footnotes, footnoteText } = state.schema.nodes;
  const list = state.doc.lastChild.type === footnotes ? state.doc.lastChild : null;
  const listed = [];
  list?.forEach((node) => listed.push(node.attrs.key ? node : footnoteText.create({ key: newKey() }, node.content)));
  for (const node of listed) texts.set(node.attrs.key, node);
  const loaded = (number) => (list?.maybeChild(number - 1)?.attrs.key === null ? listed[number - 1].attrs.key : null);

  const marks = marksIn(state.doc);
  const used = new Set();
  const wanted = marks.map(({ node }) => {
    const known = node.attrs.key ?? loaded(node.attrs.number);
    const own = known && !used.has(known) ? known : newKey();
    used.add(own);
    return footnoteText.create({ key: own }, texts.get(known ?? own)?.content ?? Fragment.empty);
  });
  const hadMark = new Set(before ? marksIn(before.doc).map(({ node }) => node.attrs.key) : []);
  wanted.push(...listed.filter((node) => !used.has(node.attrs.key) && !hadMark.has(node.attrs.key)));

  const tr = state.tr;
  marks.forEach(({ node, pos }, index) => {
    const attrs = { number: index + 1, key: wanted[index].attrs.key };
    if (node.attrs.number !== attrs.number || node.attrs.key !== attrs.key) tr.setNodeMarkup(pos, null, attrs);
  });
  const content = Fragment.from(wanted);
  if (!content.eq(list?.content ?? Fragment.empty)) replaceList(tr, list, wanted.length ? footnotes.create(null, content) : null);
  return tr.docChanged ? tr : null;
}

function replaceList(tr, list, wanted) {
  const end = tr.doc.content.size;
  const start = list ? end - list.nodeSize : end;
  if (wanted) tr.replaceWith(start, end, wanted);
  else tr.delete(start, end);
}
