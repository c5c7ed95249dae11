"""A source becomes a tree: blocks, and what stands in which. It is read once, from left to right."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from newsroom.richtext.allowed import attributes, number, written
from newsroom.richtext.characters import decoded
from newsroom.richtext.footnotes import REST_OF_MARK
from newsroom.richtext.inline import MARKS, Inline
from newsroom.richtext.tokens import DROPPED, Tokens, attributes_given
from newsroom.richtext.tree import LEAVES, LISTS, Node, Tree
from newsroom.richtext.verbatim import take_verbatim

MAX_DEPTH = 40  # lists, tables, quotes and figures inside each other

_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
_CELLS = frozenset({"td", "th"})
_GROUPS = {"thead": "thead", "tbody": "tbody", "tfoot": "tbody", "caption": "caption"}
_STANDS_IN = {
    **dict.fromkeys(_GROUPS, ("table",)),
    "tr": ("table", "thead", "tbody"),
    **dict.fromkeys(_CELLS, ("table", "thead", "tbody", "tr")),
}
_TABLE_PARTS = frozenset({"table", "thead", "tbody", "caption", "tr", *_CELLS})
_HOLDERS = LEAVES | LISTS | {"li", "blockquote", "figcaption", "aside", "figure"}
_ANY = _HOLDERS | _TABLE_PARTS
# What must stand between a block and words in it.
_BETWEEN = {"ul": "li", "ol": "li", "table": "tbody", "thead": "tr", "tbody": "tr", "tr": "td"}
# A paragraph ends where one of these begins or ends; nothing else remains of them.
_BREAKS = (
    *("address", "article", "body", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt"),
    *("fieldset", "footer", "form", "header", "hgroup", "html", "legend", "main", "menu", "nav"),
    *("optgroup", "option", "pre", "search", "section", "summary"),
)

Given = Mapping[str, str]


def tree_of(source: str) -> Node:
    """The root of the tree that a source is rebuilt as. Raises TooLong when that would be."""
    return _Builder(source).build()


class _Block(NamedTuple):
    """An open block, and how many marks were open before it."""

    node: Node
    marks: int


class _Builder:
    """Never looks back further than MAX_DEPTH allows."""

    def __init__(self, source: str) -> None:
        self.tokens = Tokens(source)
        self.tree = Tree()
        self.stack = [_Block(self.tree.root, 0)]
        self.inline = Inline(self.tree, self.ground)
        self.wrappers = 0  # open in a heading: <h2><div>
        self.preformatted = False
        self.has_notes = False

    def build(self) -> Node:
        for token in self.tokens:
            kind = token.lastgroup
            if kind == "given":
                name = token["name"].lower()
                if token["end"]:
                    if close := _CLOSE.get(name):
                        close(self, name)
                elif open_ := _OPEN.get(name):
                    open_(self, name, attributes_given(token["given"]))
            elif kind in ("words", "rest"):
                self.words(decoded(token.group()))
        return self.tree.root

    # Words

    def drop(self, _name: str, _given: Given) -> None:
        self.tokens.drop()

    def words(self, text: str) -> None:
        if not self.preformatted:
            self.inline.words(text)
            return
        first, *lines = text.split("\n")
        self.inline.words(first)
        for line in lines:
            self.inline.line_break()
            self.inline.words(line)

    def line_break(self, _name: str, _given: Given | None = None) -> None:
        self.inline.line_break()

    def open_quotation(self, _name: str, _given: Given) -> None:
        """`q` shows marks that are not in its text: they are put there."""
        self.inline.words("“")

    def close_quotation(self, _name: str) -> None:
        self.inline.words("”")

    def open_mark(self, name: str, given: Given) -> None:
        note = number(given.get("data-note", "")) if name == "sup" else None
        if note is not None and (rest := self.tokens.peek(REST_OF_MARK)):
            self.tokens.skip(rest)
            self.inline.note(note)
        else:
            self.inline.open_mark(name, given)

    def close_mark(self, name: str) -> None:
        self.inline.close_mark(name)

    # The stack

    @property
    def top(self) -> Node:
        return self.stack[-1].node

    def push(self, name: str, given: str = "") -> Node:
        node = self.tree.append(self.top, name, given)
        self.stack.append(_Block(node, self.inline.open_marks))
        self.inline.enter(None)
        return node

    def pop(self) -> None:
        self.inline.close_marks_after(self.stack.pop().marks)
        self.inline.enter(None)

    def pop_to(self, index: int) -> None:
        while len(self.stack) > index + 1:
            self.pop()

    def nearest(self, names: Collection[str], *, within: Collection[str] = _ANY) -> int:
        """Index of the innermost open block of these names, 0 if another block than `within` comes before it."""
        for index in range(len(self.stack) - 1, 0, -1):
            name = self.stack[index].node.name
            if name in names:
                return index
            if name not in within:
                return 0
        return 0

    def ground(self) -> Node:
        """The open block, after opening what must stand between it and words: the item, the row, the cell."""
        while name := _BETWEEN.get(self.top.name):
            self.push(name)
        return self.top

    # Paragraphs and headings

    def open_leaf(self, name: str, given: Given) -> None:
        if name == "p" and self.in_heading():
            self.open_break(name, given)
            return
        self.end_leaf()
        if name in _HEADINGS:
            self.leave_captions()
        self.ground()
        leaf = self.push("p" if self.in_heading_cell() else _HEADINGS.get(name, "p"))
        self.inline.enter(leaf)
        self.wrappers = 0
        self.take_verbatim(name, leaf)

    def take_verbatim(self, name: str, host: Node | None = None) -> None:
        """Ends the block that was just opened if all the rest of it is a line that is canonical already."""
        if not self.inline.open_marks and (line := take_verbatim(self.tokens, name)):
            self.tree.fill(host or self.tree.append(self.top, "run"), line)
            self.pop()

    def close_heading(self, _name: str) -> None:
        if self.in_heading():
            self.end_leaf()

    def open_break(self, name: str, _given: Given) -> None:
        self.preformatted |= name == "pre"
        if self.in_heading():
            self.wrappers += 1
            self.inline.words(" ")
        else:
            self.end_leaf()

    def close_break(self, name: str) -> None:
        self.preformatted &= name != "pre"
        if self.in_heading() and self.wrappers:
            self.wrappers -= 1
            self.inline.words(" ")
        else:
            self.end_leaf()

    def end_leaf(self) -> None:
        if self.top.name in LEAVES:
            self.pop()
        self.inline.enter(None)

    def in_heading(self) -> bool:
        return self.top.name in ("h2", "h3")

    def in_heading_cell(self) -> bool:
        return self.stack[self.nearest(_CELLS)].node.name == "th"

    def leave_captions(self) -> None:
        """A caption or quote holds words only: one that nobody closed ends before the next picture or subhead."""
        if index := self.nearest(("aside", "figcaption"), within=_HOLDERS):
            self.pop_to(index - 1)

    # Blocks

    def open_block(self, name: str, _given: Given, canonical: str = "") -> None:
        self.end_leaf()
        if len(self.stack) <= MAX_DEPTH:
            self.ground()
            self.push(name, canonical)

    def open_holder(self, name: str, given: Given) -> None:
        """A table, a figure or an aside: none of them stands in a caption or quote."""
        self.end_leaf()
        self.leave_captions()
        canonical = attributes(name, given)
        if name == "aside" and (not canonical or self.in_heading_cell()):
            return
        if name == "figure" and self.top.name == "figure":
            self.pop()
        self.open_block(name, given, canonical)

    def open_list(self, name: str, given: Given) -> None:
        self.end_leaf()
        canonical = attributes(name, {"start": given.get("start", "")})
        if name == "ol" and "data-notes" in given and not self.has_notes and len(self.stack) == 1:
            self.has_notes = True
            canonical = written({"data-notes": ""})
        if self.top.name in LISTS:
            self.reopen_item()
        self.open_block(name, given, canonical)

    def reopen_item(self) -> None:
        """A list directly in a list (Word, Google Docs) belongs to the item before it."""
        items = self.top.children
        if items and isinstance(last := items[-1], Node):
            self.stack.append(_Block(last, self.inline.open_marks))

    def close_block(self, name: str) -> None:
        self.end_leaf()
        name = _GROUPS.get(name, name)
        if name not in _TABLE_PARTS:
            index = self.nearest((name,), within=_HOLDERS)
        else:  # of the innermost table
            index = self.nearest((name,), within=_ANY - {"table"})
        if index:
            self.pop_to(index - 1)

    def rule(self, _name: str, _given: Given) -> None:
        self.end_leaf()
        self.leave_captions()
        self.tree.append(self.ground(), "hr")

    # Parts: they stand in one kind of block only; elsewhere they are breaks

    def open_item(self, name: str, given: Given) -> None:
        self.open_part(name, given, self.nearest(LISTS, within=LEAVES | {"li"}))

    def open_caption(self, name: str, given: Given) -> None:
        self.open_part(name, given, self.nearest(("figure",), within=_HOLDERS))

    def open_part(self, name: str, given: Given, index: int) -> None:
        if index:
            self.pop_to(index)
            self.push(name)
            self.take_verbatim(name)
        else:
            self.open_break(name, given)

    def open_table_part(self, name: str, given: Given) -> None:
        """Row groups, rows and cells, with the group and the row that the source left out."""
        if not self.nearest(("table",)):
            self.open_break(name, given)
            return
        self.end_leaf()
        self.pop_to(self.nearest(_STANDS_IN[name]))
        if name not in _GROUPS and self.top.name == "table":
            self.push("tbody")
        if name in _CELLS and self.top.name != "tr":
            self.push("tr")
        if name in _CELLS:
            self.push(name, attributes(name, given))
            self.take_verbatim(name)
        else:
            self.push(_GROUPS.get(name, name))


_OPEN: dict[str, Callable[[_Builder, str, Given], None]] = {
    **dict.fromkeys(MARKS, _Builder.open_mark),
    **dict.fromkeys(_BREAKS, _Builder.open_break),
    **dict.fromkeys(("p", *_HEADINGS), _Builder.open_leaf),
    **dict.fromkeys(("table", "figure", "aside"), _Builder.open_holder),
    **dict.fromkeys(("tr", *_GROUPS, *_CELLS), _Builder.open_table_part),
    **dict.fromkeys(LISTS, _Builder.open_list),
    **dict.fromkeys(DROPPED, _Builder.drop),
    "blockquote": _Builder.open_block,
    "li": _Builder.open_item,
    "figcaption": _Builder.open_caption,
    "br": _Builder.line_break,
    "hr": _Builder.rule,
    "q": _Builder.open_quotation,
}
_BLOCKS = ("li", "blockquote", "figure", "figcaption", "aside", "table", "tr")
_CLOSE: dict[str, Callable[[_Builder, str], None]] = {
    **dict.fromkeys(MARKS, _Builder.close_mark),
    **dict.fromkeys(("p", *_BREAKS), _Builder.close_break),
    **dict.fromkeys(_HEADINGS, _Builder.close_heading),
    **dict.fromkeys((*LISTS, *_BLOCKS, *_GROUPS, *_CELLS), _Builder.close_block),
    "q": _Builder.close_quotation,
}
