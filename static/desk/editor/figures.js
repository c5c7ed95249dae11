// Figures: pictures, embeds and graphics. Only the reference and the caption are stored; what the
// editor shows beside them is looked up.
import { Extension, Node, pm } from "django-prose-editor/editor";
import { ask, element, icon } from "./dialog.js";
import { embedOf, PROVIDER_NAMES } from "./embeds.js";
import { lacks, pickImage, still } from "./image-dialog.js";
import { library } from "./library.js";

export const SIZES = [
  ["inline", "Text width"],
  ["wide", "Wide"],
  ["full", "Full width"],
  ["small", "Small"],
];

const { NodeSelection, TextSelection } = pm.state;

/** A figure with an editable caption. `show(node, options)` gives the still part of its view. */
function figure({ name, reference, show, ...rest }) {
  return Node.create({
    name,
    group: "block",
    content: "inline*",
    isolating: true,
    defining: true,
    draggable: true,
    addAttributes() {
      const parsed = (attribute) => ({
        default: null,
        parseHTML: (dom) => dom.getAttribute(attribute),
        renderHTML: () => ({}),
      });
      return { reference: parsed(reference), size: parsed("data-size") };
    },
    parseHTML() {
      const caption = (dom) => oneLine(dom.querySelector("figcaption") ?? document.createElement("figcaption"));
      return [{ tag: `figure[${reference}]`, contentElement: caption }];
    },
    renderHTML({ node }) {
      const attributes = { [reference]: node.attrs.reference, "data-size": node.attrs.size };
      return ["figure", attributes, ["figcaption", 0]];
    },
    addNodeView() {
      return (props) => figureView(props, (node) => show(node, this.options));
    },
    ...rest,
  });
}

function figureView({ node }, show) {
  const still = element("div", { class: "figure__still", contenteditable: "false" });
  const caption = element("figcaption", { "aria-label": "Caption", "data-placeholder": "Caption" });
  const dom = element("figure", { class: `figure figure--${node.type.name}` }, still, caption);
  let shown = null;

  const update = (updated) => {
    if (updated.type !== node.type) return false;
    dom.dataset.size = updated.attrs.size ?? "inline";
    if (shown !== updated.attrs.reference) {
      shown = updated.attrs.reference;
      show(updated)(still, caption);
    }
    return true;
  };
  update(node);
  const ignoreMutation = ({ type, target }) => type === "attributes" || !caption.contains(target);
  return { dom, contentDOM: caption, update, ignoreMutation };
}

/** The element with line breaks instead of paragraphs. */
export function oneLine(dom) {
  const copy = dom.cloneNode(true);
  copy.querySelectorAll("p + p").forEach((paragraph) => paragraph.prepend(document.createElement("br")));
  copy.querySelectorAll("p").forEach((paragraph) => paragraph.replaceWith(...paragraph.childNodes));
  return copy;
}

const line = (...words) => element("p", { class: "figure__line" }, ...words);

/** Puts a block where the caret is: over an empty paragraph, else after the caret's outermost block. */
export function insertBlock({ state, dispatch }, node) {
  if (!dispatch) return true;
  const { paragraph } = state.schema.nodes;
  const { $from, to } = state.selection;
  const outer = $from.depth ? $from.node(1) : null;
  const fresh = isFresh($from);
  const start = !outer ? to : fresh || outer.type.name === "footnotes" ? $from.before(1) : $from.after(1);
  const { tr } = state;
  tr.replaceWith(start, fresh ? $from.after(1) : start, node);
  const end = start + node.nodeSize;
  if (tr.doc.nodeAt(end)?.type !== paragraph) tr.insert(end, paragraph.create());
  const toFill = node.type.name === "pullQuote" && !node.textContent;
  dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(toFill ? start + 1 : end + 1))).scrollIntoView());
  return true;
}

/** Whether the position is in an empty paragraph that belongs to nothing else. */
const isFresh = ($position) =>
  $position.depth === 1 && $position.parent.type.name === "paragraph" && !$position.parent.content.size;

export const Image = figure({
  name: "image",
  reference: "data-image",
  addOptions: () => ({ chooseUrl: "", uploadUrl: "", licences: [] }),
  show: (node, options) => async (place, caption) => {
    const { reference } = node.attrs;
    place.replaceChildren(line("Loading picture…"));
    try {
      const image = await library(options.chooseUrl).get(reference);
      if (!image) {
        place.replaceChildren(line(`Picture ${reference} is not in the library any more.`));
        return;
      }
      const missing = lacks(image);
      place.replaceChildren(
        still(image, { alt: image.alt, width: image.width, height: image.height }),
        missing.length ? element("p", { class: "figure__missing" }, missing.join(" · ")) : "",
      );
      caption.dataset.placeholder = image.caption || "Caption";
    } catch (error) {
      place.replaceChildren(line(`Picture ${reference}. ${error.message}`));
    }
  },
  addCommands() {
    return {
      insertImage: () => ({ editor }) => {
        pickImage(this.options).then((image) => {
          editor.commands.focus();
          if (!image) return;
          const node = this.type.create({ reference: String(image.id) });
          editor.commands.command((props) => insertBlock(props, node));
        });
        return true;
      },
      replaceImage: () => ({ editor }) => {
        pickImage(this.options).then((image) => {
          const chain = editor.chain().focus();
          if (image) chain.updateAttributes(this.name, { reference: String(image.id) });
          chain.run();
        });
        return true;
      },
      setImageSize: (size) => ({ commands }) =>
        commands.updateAttributes(this.name, { size: size === "inline" ? null : size }),
    };
  },
});

const NOT_AN_EMBED = `This is not an address that can be shown in a story. Known are ${PROVIDER_NAMES.join(", ")}; use a link for everything else.`;

export const Embed = figure({
  name: "embed",
  reference: "data-embed",
  show: (node) => (still) => {
    const { reference } = node.attrs;
    const words = element("span", {}, element("strong", {}, embedOf(reference)?.provider ?? "Embed"), reference);
    still.replaceChildren(line(icon("play_circle"), words));
  },
  addCommands() {
    return {
      insertEmbed: () => ({ editor }) => {
        ask({
          title: "Embed a post, video or chart",
          submit: "Embed",
          fields: [{ name: "address", label: "Address", type: "url", help: PROVIDER_NAMES.join(", ") }],
          check: ({ address }) => (embedOf(address) ? {} : { address: NOT_AN_EMBED }),
        }).then((values) => {
          editor.commands.focus();
          if (!values) return;
          const node = this.type.create({ reference: embedOf(values.address).address });
          editor.commands.command((props) => insertBlock(props, node));
        });
        return true;
      },
    };
  },
  addExtensions: () => [FigureHandling],
});

/** A click on the still part of a figure selects it; an address alone in an empty paragraph becomes an embed. */
const FigureHandling = Extension.create({
  name: "figureHandling",
  priority: 1100, // before Link, which would make a link of it
  addProseMirrorPlugins() {
    const { embed } = this.editor.schema.nodes;
    const handlePaste = (view, event) => {
      const { $from, empty } = view.state.selection;
      const found = empty && isFresh($from) && embedOf(event.clipboardData.getData("text/plain"));
      return found ? insertBlock(view, embed.create({ reference: found.address })) : false;
    };
    const handleClickOn = (view, _position, _node, at, { target }) => {
      if (!target.closest(".figure__still")) return false;
      view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, at)));
      return true;
    };
    return [new pm.state.Plugin({ props: { handlePaste, handleClickOn } })];
  },
});

/** A raw HTML graphic by its id. It is made elsewhere in the desk; here it only keeps its place. */
export const Graphic = figure({
  name: "graphic",
  reference: "data-graphic",
  show: (node) => (still) => still.replaceChildren(line(icon("insert_chart"), `Graphic ${node.attrs.reference}`)),
});
