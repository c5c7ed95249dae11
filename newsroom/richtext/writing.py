"""The tree, written out as HTML."""

from collections.abc import Callable, Iterable, Iterator

from newsroom.richtext.characters import composed, escaped
from newsroom.richtext.tree import LEAVES, LISTS, Node

# What a node became: its kind ("run", "cite", "empty" or the tag), and its HTML.
Item = tuple[str, str]


def html_of(root: Node) -> str:
    """The tree as HTML, without empty paragraphs at its ends."""
    return "".join(_placed(_without_empty_ends(_items(root)), keep_cite=False))


def _items(node: Node) -> list[Item]:
    return [item for child in node.elements() for item in _item(child)]


def _item(node: Node) -> list[Item]:
    return _WRITERS.get(node.name, _quote)(node)


def _element(node: Node, inner: str) -> Item:
    return node.name, f"<{node.name}{node.attributes}>{inner}</{node.name}>"


# What stands in a block


def _flow(node: Node) -> str:
    """What stands in a block: its words alone as they are, words beside blocks as paragraphs."""
    items = _without_empty_ends(_items(node))
    kinds = [kind for kind, _ in items]
    if kinds in (["run"], ["cite"]):
        return items[0][1]
    if node.name == "li" and kinds[:1] == ["run"] and LISTS.issuperset(kinds[1:]):
        return "".join(html for _, html in items)
    return "".join(_placed(items, keep_cite=node.name in ("blockquote", "aside")))


def _without_empty_ends(items: list[Item]) -> list[Item]:
    filled = [index for index, (kind, _) in enumerate(items) if kind != "empty"]
    return items[filled[0] : filled[-1] + 1] if filled else []


def _placed(items: Iterable[Item], *, keep_cite: bool) -> Iterator[str]:
    """Words become paragraphs; the source of a quote stays what it is."""
    bare = False
    for kind, html in items:
        bare = keep_cite and kind == "cite" and not bare
        yield f"<p>{html}</p>" if kind in ("run", "cite") and not bare else html


# Words and marks


def _run(node: Node) -> list[Item]:
    if node.verbatim:
        return [("run", node.verbatim)]
    _trim(node)
    if _is_blank(node):
        return []
    is_cite = all(isinstance(child, Node) and child.name == "cite" for child in node.children)
    return [("cite" if is_cite else "run", _inline(node))]


def _leaf(node: Node) -> list[Item]:
    if node.verbatim:
        return [_element(node, node.verbatim)]
    _trim(node)
    kind, html = _element(node, _inline(node))
    if not _is_blank(node):
        return [(kind, html)]
    return [("empty", html)] if kind == "p" else []


def _trim(node: Node) -> None:
    """Takes spaces and line breaks off the end of a paragraph; nobody sees them."""
    children = node.children
    while children:
        last = children[-1]
        if isinstance(last, str):
            children[-1] = last.rstrip(" ")
        else:
            _trim(last)
        if children[-1] if isinstance(last, str) else last.children:
            return
        children.pop()


def _is_blank(node: Node) -> bool:
    """Nothing that can be read: spaces of any width, line breaks, marks around them."""
    return all(
        not child.replace("\u0338", "").strip()
        if isinstance(child, str)
        else child.name == "br" or _is_blank(child)
        for child in node.children
    )


def _inline(node: Node) -> str:
    parts: list[str] = []
    words: list[str] = []
    for child in node.children:
        if isinstance(child, str):
            words.append(child)
        else:
            parts += [_words(words), _mark(child)]
            words = []
    return "".join([*parts, _words(words)])


def _mark(node: Node) -> str:
    return "<br>" if node.name == "br" else _element(node, _inline(node))[1]


def _words(words: Iterable[str]) -> str:
    """A solidus right behind a tag goes: normalizing the whole body would make another character of the `>`."""
    return escaped(composed("".join(words)).lstrip("\u0338"))


# Blocks


def _rule(_node: Node) -> list[Item]:
    return [("hr", "<hr>")]


def _quote(node: Node) -> list[Item]:
    """Quote and aside: nothing when nothing is in it. A related article needs no words."""
    inner = _flow(node)
    return [_element(node, inner)] if inner or "data-article" in node.attributes else []


def _list(node: Node) -> list[Item]:
    inner = "".join(_element(item, _flow(item))[1] for item in node.elements())
    return [_element(node, inner)] if inner else []


def _table(node: Node) -> list[Item]:
    """The table, with its caption as a paragraph before it: `caption` is not on the list."""
    captions: list[Item] = []
    groups = ""
    for group in node.elements():
        if group.name == "caption":
            captions += _items(group)
        elif rows := "".join(map(_row, group.elements())):
            groups += _element(group, rows)[1]
    return [*captions, _element(node, groups)] if groups else captions


def _row(row: Node) -> str:
    cells = "".join(_element(cell, _flow(cell))[1] for cell in row.elements())
    return _element(row, cells)[1] if cells else ""


def _figure(node: Node) -> list[Item]:
    """The reference with its first caption. All else in it stands behind it, so no table or quote is lost.

    Without a reference, what a caption says belongs to what else is in it; alone, it goes.
    """
    captions = [child for child in node.elements() if child.name == "figcaption"]
    others = [
        item for child in node.elements() if child.name != "figcaption" for item in _item(child)
    ]
    if not node.attributes:
        keep = _without_empty_ends(others)
        return [*others, *_items_of_all(captions)] if keep else []
    caption = "".join(map(_flow, captions[:1]))
    figure = _element(node, f"<figcaption>{caption}</figcaption>" if caption else "")
    return [figure, *others, *_items_of_all(captions[1:])]


def _items_of_all(nodes: Iterable[Node]) -> list[Item]:
    return [item for node in nodes for item in _items(node)]


_WRITERS: dict[str, Callable[[Node], list[Item]]] = {
    **dict.fromkeys(LEAVES, _leaf),
    **dict.fromkeys(LISTS, _list),
    "run": _run,
    "hr": _rule,
    "table": _table,
    "figure": _figure,
}
