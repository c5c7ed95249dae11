// Every extension by the name that articles/admin/editor.py uses for it. Ours replace the package's.
import * as theirs from "django-prose-editor/editor";
import { Embed, Graphic, Image } from "./figures.js";
import { Document, Footnote, Footnotes } from "./footnotes.js";
import { PasteClean } from "./paste.js";
import { Blockquote, Cite, PullQuote, QuoteSource } from "./quotes.js";
import { Related } from "./related.js";
import { TableCell, TableHeader } from "./tables.js";
import { Link, OrderedList } from "./text.js";
import { TypographicQuotes } from "./typography.js";

const known = {
  ...theirs,
  Blockquote,
  Cite,
  Document,
  Embed,
  Footnote,
  Footnotes,
  Graphic,
  Image,
  Link,
  OrderedList,
  PasteClean,
  PullQuote,
  QuoteSource,
  Related,
  TableCell,
  TableHeader,
  TypographicQuotes,
};

/** The extensions for `{name: true | options}`; throws when a name is unknown, so that nothing starts half. */
export function extensionsFor(config) {
  return Object.entries(config).map(([name, options]) => {
    const extension = known[name];
    if (!extension?.configure) throw new Error(`The editor knows no extension “${name}”.`);
    return options === true ? extension : extension.configure(options);
  });
}
