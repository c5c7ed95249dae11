"""Words and marks inside one paragraph, heading or run."""

import re
from collections.abc import Callable, Mapping

from newsroom.richtext.allowed import attributes, written
from newsroom.richtext.characters import SPACES
from newsroom.richtext.tree import Node, Tree

MAX_OPEN_MARKS = 40  # strong, em, a ... open at once, counting those that say nothing new

MARKS = {
    "a": "a",
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "s": "s",
    "strike": "s",
    "del": "s",
    "sub": "sub",
    "sup": "sup",
    "cite": "cite",
    "span": "",  # says something by its style only
    "font": "",
}
# Google Docs: `<b style="font-weight:normal">`.
_STYLES = (
    ("strong", re.compile(r"font-weight\s*:\s*(?:(bold|bolder|[6-9]00)|normal|lighter|[1-5]00)\b")),
    ("em", re.compile(r"font-style\s*:\s*(?:(italic|oblique)|normal)\b")),
)

Mark = tuple[str, str]  # tag of the allow-list, attributes as written


def _marks_of(name: str, given: Mapping[str, str]) -> list[Mark]:
    """What a tag says about its words, its style included."""
    if name == "a":
        address = attributes("a", given)
        return [("a", address)] if address else []
    tags = {MARKS[name]} - {""}
    style = given.get("style", "").lower()
    for tag, pattern in _STYLES if style else ():
        for match in pattern.finditer(style):  # the last one counts
            tags = tags | {tag} if match[1] else tags - {tag}
    return [(tag, "") for tag in sorted(tags, reverse=True)]


class Inline:
    """Puts words into the open host, inside the marks that are open; marks outlive the hosts they cross.

    `ground` gives the block in which a run begins when words come and no host is open.
    """

    def __init__(self, tree: Tree, ground: Callable[[], Node]) -> None:
        self._tree = tree
        self._ground = ground
        self._host: Node | None = None
        self._path: list[Node] = []  # the open marks inside the host
        self._active: list[tuple[str, list[Mark]]] = []  # open marks by the tag of the source
        self._wanted: list[Mark] = []  # what the next word is to stand in
        self._spaced = True  # a space here would be the second one

    def enter(self, host: Node | None) -> None:
        self._host, self._path, self._spaced = host, [], True

    # Words

    def words(self, text: str) -> None:
        if "\n" in text or "\t" in text or "  " in text:
            text = SPACES.sub(" ", text)
        if text == " ":
            self._space()
        elif text:
            self._place(text)

    def _space(self) -> None:
        """A space between two words; it opens nothing, and at the edge of a block it is nothing."""
        if self._host is not None and not self._spaced:
            self._tree.append_text(self._reached(self._host), " ")
            self._spaced = True

    def _place(self, text: str) -> None:
        parent = self._opened(self._wanted)
        self._tree.append_text(parent, text.lstrip(" ") if self._spaced else text)
        self._spaced = text.endswith(" ")

    def line_break(self) -> None:
        if self._host is None:
            return
        parent = self._reached(self._host)
        if self._spaced and parent.children and isinstance(last := parent.children[-1], str):
            parent.children[-1:] = [last.rstrip(" ")] if last != " " else []
        self._tree.append(parent, "br")
        self._spaced = True

    def note(self, number: str) -> None:
        """A footnote mark; it becomes a link when rendered, so it never stands in one."""
        parent = self._opened([mark for mark in self._wanted if mark[0] not in ("a", "sub", "sup")])
        self._tree.append(parent, "sup", written({"data-note": number})).children.append(number)
        self._spaced = False

    def _reached(self, host: Node) -> Node:
        """The node that stands in as many of the wanted marks as are open already."""
        self._leave_all_but(self._wanted)
        return self._path[-1] if self._path else host

    def _opened(self, wanted: list[Mark]) -> Node:
        """The node in the host that stands in exactly these marks."""
        host = self._host
        if host is None:
            host = self._tree.append(self._ground(), "run")
            self.enter(host)
        self._leave_all_but(wanted)
        parent = self._path[-1] if self._path else host
        for name, given in wanted[len(self._path) :]:
            parent = self._tree.append(parent, name, given)
            self._path.append(parent)
        return parent

    def _leave_all_but(self, wanted: list[Mark]) -> None:
        same = 0
        for node, mark in zip(self._path, wanted, strict=False):
            if (node.name, node.attributes) != mark:
                break
            same += 1
        del self._path[same:]

    # Marks

    @property
    def open_marks(self) -> int:
        return len(self._active)

    def open_mark(self, name: str, given: Mapping[str, str]) -> None:
        if name == "a":
            self._active = [mark for mark in self._active if mark[0] != "a"]
        if len(self._active) < MAX_OPEN_MARKS:
            self._active.append((name, _marks_of(name, given)))
        self._want()

    def close_mark(self, name: str) -> None:
        for index in range(len(self._active) - 1, -1, -1):
            if self._active[index][0] == name:
                del self._active[index]
                self._want()
                return

    def close_marks_after(self, count: int) -> None:
        """Ends the marks that a block opened and forgot."""
        if len(self._active) > count:
            del self._active[count:]
            self._want()

    def _want(self) -> None:
        """The open marks in their order, each tag once."""
        wanted: dict[str, Mark] = {}
        for _, marks in self._active:
            for mark in marks:
                wanted.setdefault(mark[0], mark)
        self._wanted = list(wanted.values())
