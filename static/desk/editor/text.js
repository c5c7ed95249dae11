// The package's own text extensions, made to write what a story may contain.
import { Link as BaseLink, OrderedList as BaseOrderedList, wrappingInputRule } from "django-prose-editor/editor";
import { ask } from "./dialog.js";

const ADDRESS = /^(?:https?:\/\/[^\s/?#]+|mailto:[^\s?]+|tel:[+\d]|\/(?![/\\])|[?#])/i;

/** The address as it is linked, or null: http, https, mailto, tel or on this site. */
export function linkOf(text) {
  const given = text.trim();
  if (ADDRESS.test(given)) return given;
  if (/^[^\s@:/]+@[^\s@:/]+\.[a-z]{2,}$/i.test(given)) return `mailto:${given}`;
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:[/?#]\S*)?$/i.test(given)) return `https://${given}`;
  return null;
}

const NOT_A_LINK = "This is no address to link to. It begins with https://, http://, mailto:, tel: or, on this site, with /.";

export const Link = BaseLink.extend({
  addOptions() {
    return {
      ...this.parent?.(),
      autolink: false,
      enableTarget: false,
      isAllowedUri: (address) => ADDRESS.test(address ?? ""),
    };
  },
  addAttributes() {
    const { href, title, rel } = this.parent();
    return { href, title, rel };
  },
  renderHTML: ({ HTMLAttributes }) => ["a", HTMLAttributes, 0],
  addCommands() {
    return {
      ...this.parent?.(),
      addLink: () => ({ editor }) => {
        const active = editor.isActive(this.name);
        if (editor.state.selection.empty && !active) return false;
        const { href, rel } = editor.getAttributes(this.name);
        askForLink(href, rel).then((attributes) => {
          const chain = editor.chain().focus();
          if (!attributes) return chain.run();
          return chain.extendMarkRange(this.name).setMark(this.name, attributes).run();
        });
        return true;
      },
    };
  },
  addKeyboardShortcuts: () => ({ "Mod-k": ({ editor }) => editor.commands.addLink() || true }),
});

async function askForLink(href = "", rel = "") {
  const values = await ask({
    title: href ? "Edit link" : "Add a link",
    submit: href ? "Save link" : "Add link",
    fields: [
      { name: "href", label: "Address", value: href, inputmode: "url", autocomplete: "off" },
      { name: "sponsored", label: "Paid for or sponsored", type: "checkbox", checked: /sponsored/.test(rel ?? "") },
    ],
    check: (given) => (linkOf(given.href) ? {} : { href: NOT_A_LINK }),
  });
  return values && { href: linkOf(values.href), rel: values.sponsored ? "sponsored" : null };
}

export const OrderedList = BaseOrderedList.extend({
  addOptions() {
    return { ...this.parent?.(), enableListAttributes: false };
  },
  addAttributes() {
    const parseHTML = (dom) => Number.parseInt(dom.getAttribute("start"), 10) || 1;
    return { start: { default: 1, parseHTML } };
  },
  addNodeView: null,
  renderHTML: ({ HTMLAttributes: { start } }) => ["ol", start > 1 ? { start } : {}, 0],
  addInputRules() {
    return [
      wrappingInputRule({
        find: /^(\d{1,3})\.\s$/,
        type: this.type,
        getAttributes: ([, number]) => ({ start: Number(number) }),
      }),
    ];
  },
});
