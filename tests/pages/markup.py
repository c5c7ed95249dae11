"""What tests ask of a page's HTML, read by the standard library's parser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

#: Elements without an end tag (HTML, 13.1.2).
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
#: Relations of <link> that make a browser fetch something.
FETCHED = frozenset({"stylesheet", "preload", "icon", "modulepreload", "manifest"})

Tag = tuple[str, dict[str, str]]


@dataclass
class Markup(HTMLParser):
    """A page's elements in order; ``unbalanced`` names the end tags that close nothing."""

    html: str
    tags: list[Tag] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def all(self, *names: str) -> list[dict[str, str]]:
        """The attributes of every element of these names."""
        return [attributes for tag, attributes in self.tags if tag in names]

    def levels(self) -> list[int]:
        """The levels of the headings in their order."""
        return [int(tag[1]) for tag, _ in self.tags if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]

    def internal_links(self, at: str) -> set[str]:
        """Path and query of every link to another page of this site, from the one at the address."""
        hrefs = [one["href"] for one in self.all("a") if not one.get("href", "#").startswith("#")]
        links = [urlsplit(urljoin(at, href)) for href in hrefs]
        return {
            f"{link.path}?{link.query}" if link.query else link.path
            for link in links
            if not link.scheme and not link.netloc
        }

    def fetched(self) -> set[str]:
        """Everything that a browser asks for by itself to show the page."""
        found = {one["href"] for one in self.all("link") if FETCHED & set(one["rel"].split())}
        embedding = ("img", "script", "iframe", "source", "video", "audio", "embed", "object")
        for one in self.all(*embedding):
            found |= {one[name] for name in ("src", "data", "poster") if name in one}
            found |= {part.split()[0] for part in one.get("srcset", "").split(",") if part.strip()}
        return found
