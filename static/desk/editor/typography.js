// Typographic quotation marks, dashes and ellipses while typing. Backspace takes one back.
import { Extension, InputRule } from "django-prose-editor/editor";

const OPENING = /(?:^|[\s([{<“‘–—/-]|%leaf%)$/;

function rule(find, replacement) {
  return new InputRule({
    find,
    handler({ state, range, match }) {
      const before = match.input.slice(0, match.index);
      const text = typeof replacement === "string" ? replacement : replacement(before);
      state.tr.insertText(text, range.from, range.to);
    },
  });
}

export const TypographicQuotes = Extension.create({
  name: "typographicQuotes",
  addInputRules() {
    return [
      rule(/"$/, (before) => (OPENING.test(before) ? "“" : "”")),
      rule(/'$/, (before) => (OPENING.test(before) ? "‘" : "’")),
      rule(/--$/, "–"),
      rule(/–-$/, "—"),
      rule(/\.\.\.$/, "…"),
    ];
  },
});
