// Enter leaves what is one line by nature: captions, the source of a quote, footnotes.
import { Extension, pm } from "django-prose-editor/editor";

const ONE_LINE = ["image", "embed", "graphic", "quoteSource"];

export const LeaveOnEnter = Extension.create({
  name: "leaveOnEnter",
  priority: 1000,
  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => {
        const { $from } = editor.state.selection;
        const { type, attrs } = $from.parent;
        if (type.name === "footnoteText") return editor.commands.goToFootnoteMark(attrs.key);
        if (!ONE_LINE.includes(type.name)) return false;
        const depth = type.name === "quoteSource" ? $from.depth - 1 : $from.depth;
        return editor.commands.command((props) => toParagraphAt(props, $from.after(depth)));
      },
    };
  },
});

function toParagraphAt({ state, dispatch }, position) {
  const { tr, schema } = state;
  const next = tr.doc.nodeAt(position);
  if (next?.type.name !== "paragraph" || next.content.size) tr.insert(position, schema.nodes.paragraph.create());
  dispatch?.(tr.setSelection(pm.state.TextSelection.create(tr.doc, position + 1)).scrollIntoView());
  return true;
}
