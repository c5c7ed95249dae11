// Related: a pointer to another story, by its id.
import { Node } from "django-prose-editor/editor";
import { element, icon, openDialog } from "./dialog.js";
import { insertBlock } from "./figures.js";
import { library } from "./library.js";
import { picker } from "./picker.js";

const titleOf = (row) => row.label ?? row.text;

/** Lets the editor pick a story; resolves to `{id, label}` or null. */
export function pickArticle({ chooseUrl }) {
  return openDialog({
    title: "Choose a related story",
    fill(close) {
      const { head, body } = picker({
        address: chooseUrl,
        search: "Search stories",
        one: (row) => [element("span", {}, titleOf(row)), row.detail ? element("small", {}, row.detail) : ""],
        pick: close,
        emptiness: (text) => (text ? `No story matches “${text}”.` : "There is no other story yet."),
      });
      return element("div", { class: "desk-dialog__body" }, element("div", { class: "desk-dialog__bar" }, head), body);
    },
  });
}

export const Related = Node.create({
  name: "related",
  group: "block",
  atom: true,
  draggable: true,
  addOptions: () => ({ chooseUrl: "" }),
  addAttributes() {
    return {
      article: {
        default: null,
        parseHTML: (dom) => dom.getAttribute("data-article"),
        renderHTML: ({ article }) => ({ "data-article": article }),
      },
    };
  },
  parseHTML: () => [{ tag: "aside[data-article]" }],
  renderHTML: ({ HTMLAttributes }) => ["aside", HTMLAttributes],
  addNodeView() {
    return ({ node }) => {
      const title = element("span", { class: "related__title" }, `Story ${node.attrs.article}`);
      const dom = element("aside", { class: "related" }, icon("article"), element("small", {}, "Related"), title);
      library(this.options.chooseUrl)
        .get(node.attrs.article)
        .then((row) => row && title.replaceChildren(titleOf(row)))
        .catch((error) => title.append(` – ${error.message}`));
      return { dom };
    };
  },
  addCommands() {
    return {
      chooseRelated: () => ({ editor }) => {
        pickArticle(this.options).then((row) => {
          editor.commands.focus();
          if (!row) return;
          library(this.options.chooseUrl).put(row);
          const node = this.type.create({ article: String(row.id) });
          editor.commands.command((props) => insertBlock(props, node));
        });
        return true;
      },
    };
  },
});
