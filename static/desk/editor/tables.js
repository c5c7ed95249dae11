// Tables without widths and alignment: how a table looks is the site's matter, what a heading
// belongs to is the editor's. `scope` and the head of the table follow from where the heading cells are
// (serialize.js).
import { TableCell as BaseCell, TableHeader as BaseHeader } from "django-prose-editor/editor";

function attributes(parents) {
  const { rowspan, colspan } = parents;
  return { rowspan, colspan, colwidth: { default: null, rendered: false } };
}

export const TableCell = BaseCell.extend({
  addAttributes() {
    return attributes(this.parent?.() ?? {});
  },
  renderHTML: ({ HTMLAttributes }) => ["td", HTMLAttributes, 0],
});

export const TableHeader = BaseHeader.extend({
  content: "(paragraph | list)+",
  addAttributes() {
    const scope = { default: null, parseHTML: (dom) => dom.getAttribute("scope") };
    return { scope, ...attributes(this.parent?.() ?? {}) };
  },
  renderHTML: ({ HTMLAttributes }) => ["th", HTMLAttributes, 0],
});
