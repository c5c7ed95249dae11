// What the toolbar of the story editor offers. The last groups appear where the caret makes them useful.
import { SIZES } from "./figures.js";

const does = (name, ...given) => (editor) => editor.chain().focus()[name](...given).run();
const can = (name, ...given) => (editor) => editor.can()[name](...given);
const is = (name, attributes) => (editor) => editor.isActive(name, attributes);
/** Commands that open a dialog must not run twice to see whether they can. */
const opens = (name) => (editor) => editor.commands[name]();

const noteKey = (editor) => {
  const { $from, node } = editor.state.selection;
  return (node ?? $from.parent).attrs.key;
};

const TEXT = {
  label: "Text",
  items: [
    { label: "Bold", icon: "format_bold", shortcut: "Mod+B", run: does("toggleBold"), active: is("bold") },
    { label: "Italic", icon: "format_italic", shortcut: "Mod+I", run: does("toggleItalic"), active: is("italic") },
    { label: "Strike through", icon: "format_strikethrough", run: does("toggleStrike"), active: is("strike") },
    { label: "Superscript", icon: "superscript", run: does("toggleSuperscript"), active: is("superscript") },
    { label: "Subscript", icon: "subscript", run: does("toggleSubscript"), active: is("subscript") },
    {
      label: "Link",
      icon: "link",
      shortcut: "Mod+K",
      run: opens("addLink"),
      active: is("link"),
      enabled: (editor) => {
        const { empty, node } = editor.state.selection;
        return (!empty && !node) || editor.isActive("link");
      },
    },
    { label: "Remove link", icon: "link_off", run: does("unsetLink"), enabled: is("link") },
  ],
};

const BLOCKS = {
  label: "Paragraph",
  items: [
    { label: "Subhead", text: "H2", run: does("toggleHeading", { level: 2 }), active: is("heading", { level: 2 }) },
    { label: "Small subhead", text: "H3", run: does("toggleHeading", { level: 3 }), active: is("heading", { level: 3 }) },
    { label: "Bullet list", icon: "format_list_bulleted", run: does("toggleBulletList"), active: is("bulletList") },
    { label: "Numbered list", icon: "format_list_numbered", run: does("toggleOrderedList"), active: is("orderedList") },
    { label: "Quote", icon: "format_quote", run: does("toggleBlockquote"), active: is("blockquote") },
    { label: "Dividing line", icon: "horizontal_rule", run: does("setHorizontalRule") },
  ],
};

const INSERT = {
  label: "Insert",
  items: [
    { label: "Image", icon: "image", text: "Image", run: opens("insertImage") },
    { label: "Embed", icon: "smart_display", text: "Embed", run: opens("insertEmbed") },
    { label: "Related story", icon: "article", text: "Related", run: opens("chooseRelated") },
    { label: "Pull quote", icon: "format_align_center", text: "Pull quote", run: does("insertPullQuote") },
    { label: "Footnote", icon: "notes", text: "Footnote", run: does("insertFootnote"), enabled: can("insertFootnote") },
    {
      label: "Table",
      icon: "table_chart",
      text: "Table",
      run: does("insertTable", { rows: 3, cols: 3, withHeaderRow: true }),
      enabled: (editor) => !editor.isActive("table"),
    },
  ],
};

const HISTORY = {
  label: "History and view",
  items: [
    { label: "Undo", icon: "undo", shortcut: "Mod+Z", run: does("undo"), enabled: can("undo") },
    { label: "Redo", icon: "redo", shortcut: "Mod+Shift+Z", run: does("redo"), enabled: can("redo") },
    {
      label: "Full screen",
      icon: "fullscreen",
      shortcut: "F11",
      run: does("toggleFullscreen"),
      active: (editor) => editor.storage.fullscreen.fullscreen,
    },
  ],
};

const IMAGE = {
  label: "This image",
  when: is("image"),
  items: [
    ...SIZES.map(([size, text]) => ({
      label: `Size: ${text.toLowerCase()}`,
      text,
      run: does("setImageSize", size),
      active: (editor) => (editor.getAttributes("image").size ?? "inline") === size,
    })),
    { label: "Replace image", text: "Replace", run: opens("replaceImage") },
    { label: "Remove image", text: "Remove", run: does("deleteNode", "image") },
  ],
};

const removable = (label, name) => ({
  label: `This ${label}`,
  when: is(name),
  items: [{ label: `Remove ${label}`, text: `Remove ${label}`, run: does("deleteNode", name) }],
});

const QUOTE = {
  label: "This quote",
  when: (editor) => editor.isActive("blockquote") || editor.isActive("pullQuote"),
  items: [{ label: "Add who said it", text: "Add who said it", run: does("addQuoteSource"), enabled: can("addQuoteSource") }],
};

const NOTE = {
  label: "This footnote",
  when: (editor) => editor.isActive("footnoteText") || editor.isActive("footnote"),
  items: [
    { label: "Back to the text", text: "Back to the text", run: (editor) => does("goToFootnoteMark", noteKey(editor))(editor) },
    { label: "Remove footnote", text: "Remove footnote", run: (editor) => does("removeFootnote", noteKey(editor))(editor) },
  ],
};

const tableItem = (label, command) => ({ label, text: label, run: does(command), enabled: can(command) });

const TABLE = {
  label: "This table",
  when: is("table"),
  items: [
    tableItem("Add row", "addRowAfter"),
    tableItem("Delete row", "deleteRow"),
    tableItem("Add column", "addColumnAfter"),
    tableItem("Delete column", "deleteColumn"),
    tableItem("Heading row", "toggleHeaderRow"),
    tableItem("Heading column", "toggleHeaderColumn"),
    tableItem("Merge or split", "mergeOrSplit"),
    tableItem("Delete table", "deleteTable"),
  ],
};

export const GROUPS = [
  BLOCKS,
  TEXT,
  HISTORY,
  INSERT,
  IMAGE,
  removable("embed", "embed"),
  removable("graphic", "graphic"),
  removable("related story", "related"),
  QUOTE,
  NOTE,
  TABLE,
];
