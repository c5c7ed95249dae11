// Quotations: a blockquote with its source, a pull quote, and the title of a work in running text.
import { Blockquote as BaseBlockquote, Mark, Node, pm } from "django-prose-editor/editor";
import { insertBlock } from "./figures.js";

const { TextSelection } = pm.state;

export const Blockquote = BaseBlockquote.extend({
  content: "block+ quoteSource?",
  parseHTML: () => [{ tag: "blockquote" }],
  renderHTML: () => ["blockquote", 0],
  addCommands() {
    return {
      ...this.parent?.(),
      addQuoteSource: () => ({ state, dispatch }) => {
        const { $from } = state.selection;
        const depth = depthOf($from, "blockquote") || depthOf($from, "pullQuote");
        if (!depth || $from.node(depth).lastChild.type.name === "quoteSource") return false;
        if (!dispatch) return true;
        const end = $from.end(depth);
        const tr = state.tr.insert(end, state.schema.nodes.quoteSource.create());
        dispatch(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView());
        return true;
      },
    };
  },
});

function depthOf($position, name) {
  for (let depth = $position.depth; depth > 0; depth--) {
    if ($position.node(depth).type.name === name) return depth;
  }
  return 0;
}

export const QuoteSource = Node.create({
  name: "quoteSource",
  content: "inline*",
  parseHTML: () => [{ tag: "cite", context: "blockquote/|pullQuote/", priority: 60 }],
  renderHTML: () => ["cite", { "data-placeholder": "Who said it" }, 0],
});

export const Cite = Mark.create({
  name: "cite",
  parseHTML: () => [{ tag: "cite" }],
  renderHTML: () => ["cite", 0],
});

export const PullQuote = Node.create({
  name: "pullQuote",
  group: "block",
  content: "paragraph+ quoteSource?",
  defining: true,
  parseHTML: () => [{ tag: "aside[data-quote]" }],
  renderHTML: () => ["aside", { "data-quote": "" }, 0],
  addCommands() {
    return {
      insertPullQuote: () => (props) => {
        const { selection, doc, schema } = props.state;
        const words = doc.textBetween(selection.from, selection.to, " ").trim();
        const paragraph = schema.nodes.paragraph.create(null, words ? schema.text(words) : null);
        return insertBlock(props, schema.nodes.pullQuote.create(null, paragraph));
      },
    };
  },
});
