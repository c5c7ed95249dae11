"""The tree of sections, held per process until the publication's token changes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from newsroom.publication.models import Publication
from sections.models import Section


@dataclass
class Node:
    """A section in the tree, with what pages show of it."""

    pk: int
    name: str
    descriptor: str
    path: str
    description: str
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)

    @property
    def subject(self) -> str:
        return f"section:{self.pk}"

    @property
    def trail(self) -> list["Node"]:
        """From the first rank down to this section."""
        return [*(self.parent.trail if self.parent else []), self]

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """Name and path of the front page and of each section of the trail."""
        return [("Front page", "/"), *((node.name, node.path) for node in self.trail)]

    def family(self) -> Iterator["Node"]:
        """This section and everything below it."""
        yield self
        for child in self.children:
            yield from child.family()

    def get_absolute_url(self) -> str:
        return self.path


@dataclass(frozen=True)
class Tree:
    roots: tuple[Node, ...]
    by_pk: dict[int, Node]
    by_path: dict[str, Node]

    def family_pks(self, pk: int) -> list[int]:
        """The keys of a section and everything below it."""
        return [node.pk for node in self.by_pk[pk].family()]


_held: dict[str, Tree] = {}


def tree(publication: Publication) -> Tree:
    """All sections in their order. One query when the token is new, none after."""
    held = _held.get(publication.token)
    if held is None:
        held = _read()
        _held.clear()
        if publication.token:
            _held[publication.token] = held
    return held


def _read() -> Tree:
    rows = list(Section.objects.order_by("path"))
    nodes = {
        row.pk: Node(row.pk, row.name, row.descriptor, row.path, row.description) for row in rows
    }
    ordered = sorted(rows, key=lambda row: (row.order, row.name))
    for row in ordered:
        if row.parent_id:
            parent = nodes[row.parent_id]
            nodes[row.pk].parent = parent
            parent.children.append(nodes[row.pk])
    roots = tuple(nodes[row.pk] for row in ordered if not row.parent_id)
    return Tree(roots, nodes, {node.path: node for node in nodes.values()})
