"""The tree that a source is rebuilt as: it is made from nothing and holds only what the allow-list names."""

from collections.abc import Iterator

from newsroom.richtext.allowed import MAX_BODY_BYTES, TooLong

LISTS = frozenset({"ul", "ol"})
LEAVES = frozenset({"p", "h2", "h3"})


class Node:
    """An element, or a `run`: words that stand in a block without a paragraph around them.

    `attributes` are as they will be written. `verbatim` is HTML that needs no more reading.
    """

    __slots__ = ("attributes", "children", "name", "verbatim")

    def __init__(self, name: str, attributes: str = "") -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Node | str] = []
        self.verbatim = ""

    def elements(self) -> Iterator["Node"]:
        return (child for child in self.children if isinstance(child, Node))


class Tree:
    """A root and what it costs: a long link around ten thousand paragraphs is written ten thousand times."""

    def __init__(self) -> None:
        self.root = Node("root")
        self._size = 0

    def append(self, parent: Node, name: str, attributes: str = "") -> Node:
        """The new last child. Raises TooLong, like everything that grows the tree."""
        node = Node(name, attributes)
        parent.children.append(node)
        self._grow(2 * len(name) + len(attributes) + 5)
        return node

    def append_text(self, parent: Node, text: str) -> None:
        parent.children.append(text)
        self._grow(len(text))

    def fill(self, node: Node, verbatim: str) -> None:
        node.verbatim = verbatim
        self._grow(len(verbatim))

    def _grow(self, characters: int) -> None:
        self._size += characters
        if self._size > MAX_BODY_BYTES:
            raise TooLong(self._size)
