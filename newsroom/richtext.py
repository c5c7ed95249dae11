"""Body text: the one allow-list, and everything that is read out of a body.

A body is stored as canonical HTML: what `clean` returns, and `clean` of that is the same again.
Pictures, embeds, graphics and related articles are references (`<figure data-image="12">`);
`expand` puts the real thing in their place when a page is rendered, and nothing stores the result.

How a text becomes clean: it is cut into tags and words, rebuilt from nothing as a tree that knows
only the tags of the allow-list, written out, and given to nh3, which has the last word. No code
here touches the text after nh3. The tree comes first because nh3 does not look again at an
attribute that a filter rewrote, and because browsers repair bad nesting in time and space that
grow with the square of the text.

This module knows strings only: no settings, no models, no requests.
"""

import html as html_text
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html.entities import html5 as html5_entities
from urllib.parse import parse_qsl, urlsplit

import nh3

MAX_BODY_BYTES = 1_000_000
MAX_HREF_CHARS = 4096
MAX_TITLE_CHARS = 300
MAX_DEPTH = 40  # lists, tables, quotes and figures inside each other
MAX_OPEN_MARKS = 40  # strong, em, a ... open at once, counting those that say nothing new
MAX_COMBINING_RUN = 30  # Unicode Standard Annex 15, Stream-Safe Text Format
WORDS_PER_MINUTE = 230

SIZES = ("inline", "wide", "full", "small")

# Ids of page furniture that a subhead must not take: the skip link and the search form depend on them.
RESERVED_IDS = frozenset({"content", "footer", "header", "main", "menu", "nav", "search", "top"})


class TooLong(ValueError):
    """The text is over MAX_BODY_BYTES, or would be once it is clean."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(
            f"This text has {size_bytes:,} bytes; at most {MAX_BODY_BYTES:,} fit in one article. "
            "Shorten it or split it into several articles."
        )


# Characters -------------------------------------------------------------------------------------

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_SPACES = re.compile(r"[ \t\n]+")
_ATTRIBUTE_ENTITY = re.compile(r"&(#[xX]?[0-9a-fA-F]+;?|[A-Za-z0-9]+;?)(=?)")


def _printable(text: str) -> str:
    """The text with LF line ends and without NUL, control characters, lone surrogates and byte-order marks."""
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text))


def _composed(text: str) -> str:
    """The text in Unicode NFC.

    Only ever given decoded text or one attribute, never markup: a combining solidus (U+0338)
    behind a `>` composes with it, and the tag would be gone.
    """
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", "".join(_without_stacks(text)))


def _without_stacks(text: str) -> Iterator[str]:
    """The characters without the 31st and later marks on one letter, which take quadratic time to sort."""
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= MAX_COMBINING_RUN:
            yield character


def _decoded(text: str) -> str:
    """Text between tags as the reader sees it."""
    return _printable(html_text.unescape(text)) if "&" in text else text


def _attribute_value(raw: str) -> str:
    """An attribute as the browser reads it: `?a=1&copy=2` is an address, not a copyright sign."""
    if "&" in raw:
        raw = _printable(_ATTRIBUTE_ENTITY.sub(_attribute_entity, raw))
    return raw


def _attribute_entity(match: re.Match[str]) -> str:
    name, equals = match.groups()
    if name.startswith("#"):
        return html_text.unescape(f"&{name}") + equals
    if equals and not name.endswith(";"):
        return match.group()
    return html5_entities.get(name, f"&{name}") + equals


def _escaped(text: str) -> str:
    """Text or attribute, escaped exactly as nh3 does it, so that its pass changes nothing."""
    return (
        text.replace("&", "&amp;")
        .replace("\xa0", "&nbsp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
    )


def _escaped_words(text: str) -> str:
    """Text between tags; quotation marks stay as they were typed."""
    return (
        text.replace("&", "&amp;")
        .replace("\xa0", "&nbsp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
    )


# Addresses --------------------------------------------------------------------------------------

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_UNSAFE_IN_HREF = re.compile(r"[\"<>`\s]|[^\x00-\x7f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_INVISIBLE_ENDS = "\u200b\u200c\u200d\u200e\u200f\u2060"
_LINK = re.compile(
    r"""
      https?://(?:[^/?#@:\\%\[\]]+|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?(?:[/?#][^\\]*)?
    | mailto:[^\\?][^\\]*
    | tel:[+0-9(*\#%][^\\]*
    | /(?![/\\])[^\\]*
    | [?\#][^\\]*
    """,
    re.VERBOSE,
)
_GOOGLE_HOST = re.compile(r"(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?")
_GOOGLE_REDIRECT = re.compile(r"https?://([^/?#]*)/url\?([^#]*)")


def _href(value: str) -> str | None:
    """The address to link to, or None: http, https, mailto, tel or site-relative.

    Redirects are unwrapped first and the result is checked like any other address; the other way
    round lets `google.com/url?q=javascript:...` through. No backslash (browsers read it as a slash),
    no user name before the host (`https://bank.example@evil.example`).
    """
    value = _tidy_address(value)
    while len(value) <= MAX_HREF_CHARS and (target := _redirect_target(value)) is not None:
        value = _tidy_address(target)
    return value if len(value) <= MAX_HREF_CHARS and _LINK.fullmatch(value) else None


def _tidy_address(value: str) -> str:
    """The address as browsers read it: no tabs, line ends or outer space, scheme in small letters."""
    value = (
        _printable(value).replace("\t", "").replace("\n", "").strip().strip(_INVISIBLE_ENDS).strip()
    )
    value = _UNSAFE_IN_HREF.sub(_percent_encoded, value)
    if not unicodedata.is_normalized("NFC", value):
        value = _NOT_ASCII.sub(lambda match: _percent(match.group()), value)
    if scheme := _SCHEME.match(value):
        value = scheme.group().lower() + value[scheme.end() :]
    return value


def _percent_encoded(match: re.Match[str]) -> str:
    """Letters of any script stay readable; spaces, quotes, marks and invisible characters do not."""
    character = match.group()
    return character if character.isalnum() else _percent(character)


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _redirect_target(value: str) -> str | None:
    """Where a Google redirect leads (Docs and Gmail put one around every link), None for other addresses."""
    match = _GOOGLE_REDIRECT.match(value)
    if match is None or not _GOOGLE_HOST.fullmatch(match.group(1).lower()):
        return None
    found = dict(reversed(parse_qsl(match.group(2), keep_blank_values=True)))
    return found.get("q", found.get("url"))


@dataclass(frozen=True)
class Embed:
    """A thing elsewhere: `provider` and `key` say what it is, `address` is its one canonical https address."""

    provider: str
    key: str
    address: str


_PROVIDERS: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (name, re.compile(pattern, re.ASCII), address)
    for name, pattern, address in (
        (
            "youtube",
            r"https://(?:(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#\s]*&)?v=|shorts/|live/|embed/)|youtu\.be/)(?P<key>[\w-]{11})(?:[/?&#]\S*)?",
            "https://www.youtube.com/watch?v={}",
        ),
        (
            "vimeo",
            r"https://(?:(?:www\.)?vimeo\.com/|player\.vimeo\.com/video/)(?P<key>[0-9]{5,12})(?:[/?#]\S*)?",
            "https://vimeo.com/{}",
        ),
        (
            "x",
            r"https://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?P<key>\w{1,15}/status/[0-9]{1,20})(?:[/?#]\S*)?",
            "https://x.com/{}",
        ),
        (
            "datawrapper",
            r"https://(?:datawrapper\.dwcdn\.net/|www\.datawrapper\.de/_/)(?P<key>[A-Za-z0-9]{5})(?:[/?#]\S*)?",
            "https://datawrapper.dwcdn.net/{}/",
        ),
        (
            "bluesky",
            r"https://bsky\.app/profile/(?P<key>[a-z0-9.:-]{3,100}/post/[a-z0-9]{5,20})(?:[/?#]\S*)?",
            "https://bsky.app/profile/{}",
        ),
    )
)


def embed(address: str) -> Embed | None:
    """What an https address of a known provider shows, None for every other address.

    Trackers, sharing marks and player options are not part of the canonical address.
    """
    address = address.strip()
    for provider, pattern, canonical in _PROVIDERS:
        if len(address) <= MAX_HREF_CHARS and (match := pattern.fullmatch(address)):
            return Embed(provider, match["key"], canonical.format(match["key"]))
    return None


# Attributes: each function gives the canonical attributes of one tag, with a leading space ------------

_ID = re.compile(r"[0-9]{1,10}")
_SCOPES = frozenset({"row", "col", "rowgroup", "colgroup"})
# A paid link must stay marked. Editors add noopener, noreferrer and nofollow unasked; without a
# target attribute the first two do nothing, and the third would disown every source we quote.
_RELS = ("sponsored", "ugc")

_Attributes = dict[str, str]


def _written(**values: str | None) -> str:
    """Attributes ready to be written, in the order given; underscores are hyphens, None is left out."""
    return "".join(
        f' {name.replace("_", "-")}="{_escaped(value)}"'
        for name, value in values.items()
        if value is not None
    )


def _id(value: str | None) -> str | None:
    return str(int(value)) if value is not None and _ID.fullmatch(value) else None


def _count(value: str | None, most: int) -> str | None:
    """A number from 2 to `most`; 1 is what the attribute means when it is absent."""
    known = _id(value)
    return known if known is not None and 2 <= int(known) <= most else None


def _one_of(value: str | None, known: Iterable[str]) -> str | None:
    return value.lower() if value is not None and value.lower() in known else None


def _link_attributes(given: _Attributes) -> str:
    """Empty when the address is not one to link to: the words then stand without a link."""
    href = _href(given.get("href", ""))
    if href is None:
        return ""
    title = _SPACES.sub(" ", _composed(given.get("title", ""))).strip()[:MAX_TITLE_CHARS].strip()
    rel = " ".join(word for word in _RELS if word in given.get("rel", "").lower().split())
    return _written(href=href, title=title or None, rel=rel or None)


def _figure_attributes(given: _Attributes) -> str:
    """One reference and a size; empty when there is no valid reference."""
    known = embed(given.get("data-embed", ""))
    references = {
        "data-image": _id(given.get("data-image")),
        "data-graphic": _id(given.get("data-graphic")),
        "data-embed": known.address if known else None,
    }
    for name, value in references.items():
        if value is not None:
            return _written(**{name: value, "data-size": _one_of(given.get("data-size"), SIZES)})
    return ""


def _aside_attributes(given: _Attributes) -> str:
    article = _id(given.get("data-article"))
    return _written(
        data_article=article, data_quote="" if article is None and "data-quote" in given else None
    )


def _list_attributes(given: _Attributes) -> str:
    return _written(start=_count(given.get("start"), 9999))


def _cell_attributes(given: _Attributes) -> str:
    return _written(
        rowspan=_count(given.get("rowspan"), 100), colspan=_count(given.get("colspan"), 100)
    )


def _heading_cell_attributes(given: _Attributes) -> str:
    return _written(scope=_one_of(given.get("scope"), _SCOPES)) + _cell_attributes(given)


_ATTRIBUTES_OF: dict[str, Callable[[_Attributes], str]] = {
    "aside": _aside_attributes,
    "figure": _figure_attributes,
    "ol": _list_attributes,
    "td": _cell_attributes,
    "th": _heading_cell_attributes,
}

# The source, cut into tags and words ----------------------------------------------------------------

# Their contents are code, or words that nobody read as text on the page they come from.
_RAW = "script|style|iframe|noembed|noframes|noscript|textarea|title|xmp"
_DROPPED = (
    "applet|audio|button|canvas|datalist|frameset|map|math|object|portal|select|svg|template|video"
)
# As section 13.2.5 of the HTML standard cuts them; possessive, so that no text costs more than one look.
_GIVEN = (
    r"(?:[ \t\n/]++|[^ \t\n/>][^ \t\n/>=]*+"
    r"(?:[ \t\n]*+=[ \t\n]*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n>\"'][^ \t\n>]*+)?)?)*+"
)
_TOKEN = re.compile(
    rf"""
      (?P<text>[^<]++)
    | <!--(?:-?>|.*?(?:--!?>|\Z))
    | <(?P<raw>{_RAW})(?=[ \t\n/>]){_GIVEN}>.*?(?:</(?P=raw)(?=[ \t\n/>])[^>]*+>?|\Z)
    | <(?P<end>/?)(?P<name>[a-z][^ \t\n/>]*+)(?P<given>{_GIVEN})>
    | <[!?/][^>]*+>          # doctype, CDATA, processing instruction, </3>
    | (?P<rest><[a-z!?/].*)  # never ends: browsers drop all the rest, but it may be half a story
    | (?P<sign><)            # 1 < 2
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"([^ \t\n/>][^ \t\n/>=]*+)(?:[ \t\n]*+=[ \t\n]*+(?:\"([^\"]*+)\"|'([^']*+)'|([^ \t\n>\"'][^ \t\n>]*+)))?"
)
_DROPPED_TAG = re.compile(rf"<(/?)({_DROPPED})(?=[ \t\n/>]){_GIVEN}(?:>|\Z)", re.IGNORECASE)
_NOTE_END = re.compile(r"[ \t\n]*[0-9]{0,10}[ \t\n]*</sup[ \t\n]*>", re.IGNORECASE)


def _attributes(given: str) -> _Attributes:
    """Names in small letters and decoded values; the first of two equal names counts."""
    found: _Attributes = {}
    for name, double, single, bare in _ATTRIBUTE.findall(given):
        found.setdefault(name.lower(), _attribute_value(double or single or bare))
    return found


def _dropped_until(source: str) -> dict[int, int]:
    """Where each element of _DROPPED begins and ends; one that never ends is not in it, its words stay."""
    ends: dict[int, int] = {}
    begun: dict[str, list[int]] = {}
    for match in _DROPPED_TAG.finditer(source):
        starts = begun.setdefault(match.group(2).lower(), [])
        if not match.group(1):
            if not match.group().endswith("/>"):
                starts.append(match.start())
        elif starts:
            ends[starts.pop()] = match.end()
    return ends


# The tree: built from nothing, it can hold only what the allow-list names -----------------------------

_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
_MARKS = {
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
    "a": "a",
    "span": "",
    "font": "",
}
_GROUPS = {"thead": "thead", "tbody": "tbody", "tfoot": "tbody", "caption": "caption"}
_CELLS = frozenset({"td", "th"})
_LISTS = frozenset({"ul", "ol"})
_LEAVES = frozenset({"p", "h2", "h3"})
_STANDS_IN = {
    **dict.fromkeys(_GROUPS, ("table",)),
    "tr": ("table", "thead", "tbody"),
    **dict.fromkeys(_CELLS, ("table", "thead", "tbody", "tr")),
}
_TABLE_PARTS = frozenset({"table", "thead", "tbody", "caption", "tr", "td", "th"})
# A paragraph ends where one of these begins or ends; nothing else remains of them.
_BREAKS = (
    "address",
    "article",
    "body",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "footer",
    "form",
    "header",
    "hgroup",
    "html",
    "legend",
    "main",
    "menu",
    "nav",
    "optgroup",
    "option",
    "pre",
    "search",
    "section",
    "summary",
)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|bolder|[6-9]00)\b")
_NOT_BOLD = re.compile(r"font-weight\s*:\s*(?:normal|lighter|[1-5]00)\b")
_ITALIC = re.compile(r"font-style\s*:\s*(?:italic|oblique)\b")
_NOT_ITALIC = re.compile(r"font-style\s*:\s*normal\b")

_Mark = tuple[str, str]  # tag of the allow-list, attributes as written


class _Node:
    """An element, or a `run`: words that stand in a block without a paragraph around them."""

    __slots__ = ("attributes", "children", "marks_before", "name", "wrapped")

    def __init__(self, name: str, attributes: str = "", marks_before: int = 0) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[_Node | str] = []
        self.marks_before = marks_before
        self.wrapped = 0  # a heading's open wrappers: <h2><div>


def _marks_of(name: str, given: _Attributes) -> list[_Mark]:
    """What a tag says about its words, style attributes included (Google Docs: `<b style="font-weight:normal">`)."""
    style = given.get("style", "").lower()
    if name == "a":
        attributes = _link_attributes(given)
        return [("a", attributes)] if attributes else []
    tags = {_MARKS[name]} - {""}
    if style:
        tags |= ({"strong"} if _BOLD.search(style) else set()) | (
            {"em"} if _ITALIC.search(style) else set()
        )
        tags -= ({"strong"} if _NOT_BOLD.search(style) else set()) | (
            {"em"} if _NOT_ITALIC.search(style) else set()
        )
    return [(tag, "") for tag in sorted(tags, reverse=True)]


class _Builder:
    """Reads a source once, from left to right, and never looks back further than MAX_DEPTH allows."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.root = _Node("root")
        self.stack = [self.root]  # open blocks
        self.active: list[tuple[str, list[_Mark]]] = []  # open marks by the tag of the source
        self.wanted: list[_Mark] = []  # what the next word is to stand in
        self.host: _Node | None = None  # the open paragraph, heading or run
        self.path: list[_Node] = []  # the open marks inside the host
        self.spaced = True  # a space here would be the second one
        self.preformatted = False
        self.has_notes = False
        self.size = 0
        self.resume = 0

    def build(self) -> _Node:
        dropped = _dropped_until(self.source)
        for match in _TOKEN.finditer(self.source):
            if match.start() < self.resume:
                continue
            kind = match.lastgroup
            if kind in ("text", "rest"):
                self.words(_decoded(match.group()))
            elif kind == "given":
                self.resume = dropped.get(match.start(), 0)
                self.tag(match)
            elif kind == "sign":
                self.words("<")
        return self.root

    def tag(self, match: re.Match[str]) -> None:
        name = match["name"].lower()
        if match["end"]:
            if close := _CLOSE.get(name):
                close(self, name)
        elif open_ := _OPEN.get(name):
            given = match["given"]
            open_(self, name, _attributes(given) if given else {}, match.end())

    # Words

    def words(self, text: str) -> None:
        if self.preformatted and "\n" in text:
            first, *lines = text.split("\n")
            self.words(first)
            for line in lines:
                self.line_break()
                self.words(line)
            return
        if "\n" in text or "\t" in text or "  " in text:
            text = _SPACES.sub(" ", text)
        if text == " ":
            self.space()
        elif text:
            self.place(text)

    def space(self) -> None:
        """A space between two words; it opens nothing, and at the edge of a block it is nothing."""
        if self.host is not None and not self.spaced:
            self.put(self.reach(self.wanted, opening=False), " ")
            self.spaced = True

    def place(self, text: str) -> None:
        self.open_host()
        if self.spaced:
            text = text.lstrip(" ")
        self.put(self.reach(self.wanted), text)
        self.spaced = text[-1] == " "

    def put(self, parent: _Node, text: str) -> None:
        parent.children.append(text)
        self.grow(len(text))

    def grow(self, characters: int) -> None:
        """Counts what will be written: a long link around ten thousand paragraphs is written ten thousand times."""
        self.size += characters
        if self.size > MAX_BODY_BYTES:
            raise TooLong(self.size)

    def reach(self, wanted: list[_Mark], *, opening: bool = True) -> _Node:
        """The node in the host that stands in the wanted marks, or in those of them that are open already."""
        path = self.path
        same = 0
        for node, mark in zip(path, wanted, strict=False):
            if (node.name, node.attributes) != mark:
                break
            same += 1
        del path[same:]
        parent = path[-1] if path else self.open_host()
        for name, attributes in wanted[same:] if opening else ():
            parent = self.append(parent, _Node(name, attributes))
            path.append(parent)
        return parent

    def append(self, parent: _Node, node: _Node) -> _Node:
        parent.children.append(node)
        self.grow(2 * len(node.name) + len(node.attributes) + 5)
        return node

    def open_host(self) -> _Node:
        host = self.host
        if host is None:
            host = self.append(self.ground(), _Node("run"))
            self.enter(host)
        return host

    def enter(self, host: _Node | None) -> None:
        self.host, self.path, self.spaced = host, [], True

    # Marks

    def open_mark(self, name: str, given: _Attributes, end: int) -> None:
        number = _id(given.get("data-note")) if name == "sup" else None
        if number is not None and (match := _NOTE_END.match(self.source, end)):
            self.note(number)
            self.resume = match.end()
            return
        if name == "a":
            self.active = [mark for mark in self.active if mark[0] != "a"]
        if len(self.active) < MAX_OPEN_MARKS:
            self.active.append((name, _marks_of(name, given)))
        self.want()

    def close_mark(self, name: str) -> None:
        for index in range(len(self.active) - 1, -1, -1):
            if self.active[index][0] == name:
                del self.active[index]
                self.want()
                return

    def want(self) -> None:
        """The open marks in their order, each tag once."""
        wanted: dict[str, _Mark] = {}
        for _, marks in self.active:
            for mark in marks:
                wanted.setdefault(mark[0], mark)
        self.wanted = list(wanted.values())

    def note(self, number: str) -> None:
        """A footnote mark; it becomes a link when rendered, so it never stands in one."""
        self.open_host()
        parent = self.reach([mark for mark in self.wanted if mark[0] not in ("a", "sub", "sup")])
        self.append(parent, _Node("sup", _written(data_note=number))).children.append(number)
        self.spaced = False

    def line_break(self, *_: object) -> None:
        if self.host is None:
            return
        parent = self.reach(self.wanted, opening=False)
        if self.spaced and parent.children and isinstance(last := parent.children[-1], str):
            parent.children[-1:] = [last.rstrip(" ")] if last != " " else []
        self.append(parent, _Node("br"))
        self.spaced = True

    def quotation_mark(self, _name: str, given: _Attributes | None = None, _end: int = 0) -> None:
        """`q` shows marks that are not in its text: they are put there."""
        self.words("”" if given is None else "“")

    # Paragraphs and headings

    def open_leaf(self, name: str, _given: _Attributes, end: int) -> None:
        if name == "p" and self.in_heading():
            self.open_break(name, _given, end)
            return
        self.end_leaf()
        kind = _HEADINGS.get(name, "p")
        if kind != "p":
            self.leave_captions()
            kind = "p" if self.in_heading_cell() else kind
        self.ground()
        self.push(_Node(kind))
        self.enter(self.stack[-1])

    def close_heading(self, _name: str) -> None:
        if self.in_heading():
            self.end_leaf()

    def open_break(self, name: str, _given: _Attributes, _end: int) -> None:
        self.preformatted |= name == "pre"
        if self.in_heading():
            self.stack[-1].wrapped += 1
            self.words(" ")
        else:
            self.end_leaf()

    def close_break(self, name: str) -> None:
        self.preformatted &= name != "pre"
        if self.in_heading() and self.stack[-1].wrapped:
            self.stack[-1].wrapped -= 1
            self.words(" ")
        else:
            self.end_leaf()

    def end_leaf(self) -> None:
        if self.stack[-1].name in _LEAVES:
            self.pop()
        self.enter(None)

    def in_heading(self) -> bool:
        return self.stack[-1].name in ("h2", "h3")

    # Blocks

    def push(self, node: _Node) -> None:
        node.marks_before = len(self.active)
        self.append(self.stack[-1], node)
        self.stack.append(node)
        self.enter(None)

    def pop(self) -> None:
        """Ends a block; marks opened in it and forgotten end with it."""
        node = self.stack.pop()
        if len(self.active) > node.marks_before:
            del self.active[node.marks_before :]
            self.want()
        self.enter(None)

    def pop_to(self, index: int) -> None:
        while len(self.stack) > index + 1:
            self.pop()

    def nearest(self, names: Iterable[str], *, within: Iterable[str]) -> int:
        """Index of the innermost open block of these names, 0 if another block than `within` comes before it."""
        for index in range(len(self.stack) - 1, 0, -1):
            name = self.stack[index].name
            if name in names:
                return index
            if within and name not in within:
                return 0
        return 0

    def ground(self) -> _Node:
        """The open block, after opening what must stand between it and words: the item, the row, the cell."""
        between = {
            "ul": "li",
            "ol": "li",
            "table": "tbody",
            "thead": "tr",
            "tbody": "tr",
            "tr": "td",
        }
        while (name := between.get(self.stack[-1].name)) is not None:
            self.push(_Node(name))
        return self.stack[-1]

    def leave_captions(self) -> None:
        """A caption or quote holds words only: one that nobody closed ends before the next picture or subhead."""
        if index := self.nearest(("aside", "figcaption"), within=_HOLDERS):
            self.pop_to(index - 1)

    def in_heading_cell(self) -> bool:
        index = self.nearest(_CELLS, within=())
        return bool(index) and self.stack[index].name == "th"

    def open_block(self, name: str, given: _Attributes, end: int) -> None:
        self.end_leaf()
        if name in ("figure", "table", "aside"):
            self.leave_captions()
        attributes = _ATTRIBUTES_OF[name](given) if name in _ATTRIBUTES_OF else ""
        too_deep = len(self.stack) > MAX_DEPTH
        if too_deep or (name == "aside" and (not attributes or self.in_heading_cell())):
            return
        if name == "figure" and self.stack[-1].name == "figure":
            self.pop()
        if name == "ol" and "data-notes" in given and not self.has_notes and len(self.stack) == 1:
            self.has_notes = True
            attributes = _written(data_notes="")
        if name in _LISTS and self.stack[-1].name in _LISTS:
            self.reopen_item()
        self.ground()
        self.push(_Node(name, attributes))

    def reopen_item(self) -> None:
        """A list directly in a list (Word, Google Docs) belongs to the item before it."""
        items = self.stack[-1].children
        if items and isinstance(last := items[-1], _Node):
            self.stack.append(last)

    def close_block(self, name: str) -> None:
        self.end_leaf()
        within = () if name in _TABLE_PARTS else _HOLDERS
        name = _GROUPS.get(name, name)
        index = self.nearest((name,), within=within)
        inner = self.nearest(("table",), within=())
        if index and (name not in _TABLE_PARTS or index >= inner):
            self.pop_to(index - 1)

    def rule(self, *_: object) -> None:
        self.end_leaf()
        self.leave_captions()
        self.append(self.ground(), _Node("hr"))

    # Parts: they stand in one kind of block only; elsewhere they are breaks

    def open_item(self, name: str, given: _Attributes, end: int) -> None:
        index = self.nearest(_LISTS, within=_LEAVES | {"li"})
        if index:
            self.pop_to(index)
            self.push(_Node("li"))
        else:
            self.open_break(name, given, end)

    def open_caption(self, name: str, given: _Attributes, end: int) -> None:
        index = self.nearest(("figure",), within=_HOLDERS)
        if index:
            self.pop_to(index)
            self.push(_Node("figcaption"))
        else:
            self.open_break(name, given, end)

    def open_row(self, name: str, given: _Attributes, end: int) -> None:
        """Row groups, rows and cells, with the group and the row that the source left out."""
        if not self.nearest(("table",), within=()):
            self.open_break(name, given, end)
            return
        self.end_leaf()
        self.pop_to(self.nearest(_STANDS_IN[name], within=()))
        if name not in _GROUPS and self.stack[-1].name == "table":
            self.push(_Node("tbody"))
        if name in _CELLS and self.stack[-1].name != "tr":
            self.push(_Node("tr"))
        self.push(
            _Node(_GROUPS.get(name, name), _ATTRIBUTES_OF[name](given) if name in _CELLS else "")
        )


_HOLDERS = _LEAVES | _LISTS | {"li", "blockquote", "figcaption", "aside", "figure"}

_OPEN: dict[str, Callable[[_Builder, str, _Attributes, int], None]] = {
    **dict.fromkeys(_MARKS, _Builder.open_mark),
    **dict.fromkeys(_BREAKS, _Builder.open_break),
    **dict.fromkeys(("p", *_HEADINGS), _Builder.open_leaf),
    **dict.fromkeys(("ul", "ol", "blockquote", "table", "figure", "aside"), _Builder.open_block),
    **dict.fromkeys(("tr", *_GROUPS, *_CELLS), _Builder.open_row),
    "li": _Builder.open_item,
    "figcaption": _Builder.open_caption,
    "br": _Builder.line_break,
    "hr": _Builder.rule,
    "q": _Builder.quotation_mark,
}
_CLOSE: dict[str, Callable[[_Builder, str], None]] = {
    **dict.fromkeys(_MARKS, _Builder.close_mark),
    **dict.fromkeys(("p", *_BREAKS), _Builder.close_break),
    **dict.fromkeys(_HEADINGS, _Builder.close_heading),
    **dict.fromkeys(
        (
            "ul",
            "ol",
            "li",
            "blockquote",
            "figure",
            "figcaption",
            "aside",
            "table",
            "tr",
            *_GROUPS,
            *_CELLS,
        ),
        _Builder.close_block,
    ),
    "q": _Builder.quotation_mark,
}


# The tree, written out -----------------------------------------------------------------------------

_Item = tuple[str, str]  # kind ("run", "cite", "empty" or the tag), HTML


def _element(node: _Node, inner: str) -> _Item:
    return node.name, f"<{node.name}{node.attributes}>{inner}</{node.name}>"


def _inline(node: _Node) -> str:
    parts: list[str] = []
    words: list[str] = []
    for child in node.children:
        if isinstance(child, str):
            words.append(child)
            continue
        if words:
            parts.append(_written_words(words))
            words = []
        parts.append("<br>" if child.name == "br" else _element(child, _inline(child))[1])
    return "".join(parts) + _written_words(words)


def _written_words(words: list[str]) -> str:
    """A solidus right behind a tag goes: normalizing the whole body would make another character of the `>`."""
    return _escaped_words(_composed("".join(words)).lstrip("\u0338"))


def _trim(node: _Node) -> None:
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


def _elements(node: _Node) -> Iterator[_Node]:
    return (child for child in node.children if isinstance(child, _Node))


def _items(node: _Node) -> list[_Item]:
    return [item for child in _elements(node) for item in _write(child)]


def _write(node: _Node) -> list[_Item]:
    return _WRITE.get(node.name, _write_flow)(node)


def _without_empty_ends(items: list[_Item]) -> list[_Item]:
    filled = [index for index, (kind, _) in enumerate(items) if kind != "empty"]
    return items[filled[0] : filled[-1] + 1] if filled else []


def _flow(node: _Node) -> str:
    """What stands in a block: its words alone as they are, words beside blocks as paragraphs."""
    items = _without_empty_ends(_items(node))
    if len(items) == 1 and items[0][0] in ("run", "cite"):
        return items[0][1]
    if (
        node.name == "li"
        and items
        and items[0][0] == "run"
        and all(kind in _LISTS for kind, _ in items[1:])
    ):
        return "".join(html for _, html in items)
    return "".join(_placed(items, keep_cite=node.name in ("blockquote", "aside")))


def _placed(items: Iterable[_Item], *, keep_cite: bool) -> Iterator[str]:
    """Words become paragraphs; the source of a quote stays what it is."""
    bare = False
    for kind, html in items:
        bare = keep_cite and kind == "cite" and not bare
        yield f"<p>{html}</p>" if kind in ("run", "cite") and not bare else html


def _write_run(node: _Node) -> list[_Item]:
    _trim(node)
    if _is_blank(node):
        return []
    is_cite = all(isinstance(child, _Node) and child.name == "cite" for child in node.children)
    return [("cite" if is_cite else "run", _inline(node))]


def _write_leaf(node: _Node) -> list[_Item]:
    _trim(node)
    kind, html = _element(node, _inline(node))
    if not _is_blank(node):
        return [(kind, html)]
    return [("empty", html)] if kind == "p" else []


def _is_blank(node: _Node) -> bool:
    """Nothing that can be read: spaces of any width, line breaks, marks around them."""
    return all(
        not child.replace("\u0338", "").strip()
        if isinstance(child, str)
        else child.name == "br" or _is_blank(child)
        for child in node.children
    )


def _write_rule(_node: _Node) -> list[_Item]:
    return [("hr", "<hr>")]


def _write_flow(node: _Node) -> list[_Item]:
    """Quote, aside and list: nothing when nothing is in it. A related article needs no words."""
    inner = _flow(node)
    needs_words = "data-article" not in node.attributes
    return [_element(node, inner)] if inner or not needs_words else []


def _write_list(node: _Node) -> list[_Item]:
    inner = "".join(_element(item, _flow(item))[1] for item in _elements(node))
    return [_element(node, inner)] if inner else []


def _write_table(node: _Node) -> list[_Item]:
    """The table, with its caption as a paragraph before it: `caption` is not on the list."""
    captions: list[_Item] = []
    groups = ""
    for group in _elements(node):
        if group.name == "caption":
            captions += _items(group)
            continue
        rows = "".join(
            _element(row, cells)[1] for row in _elements(group) if (cells := _cells(row))
        )
        groups += _element(group, rows)[1] if rows else ""
    return [*captions, *([_element(node, groups)] if groups else [])]


def _cells(row: _Node) -> str:
    return "".join(_element(cell, _flow(cell))[1] for cell in _elements(row))


def _write_figure(node: _Node) -> list[_Item]:
    """The reference with its first caption. All else in it stands behind it, so no table or quote is lost."""
    captions = [child for child in _elements(node) if child.name == "figcaption"]
    others = [
        item for child in _elements(node) if child.name != "figcaption" for item in _write(child)
    ]
    if not node.attributes:
        return (
            others + [item for child in captions for item in _items(child)]
            if _without_empty_ends(others)
            else []
        )
    written = [inner for inner in map(_flow, captions[:1]) if inner]
    figure = _element(node, f"<figcaption>{written[0]}</figcaption>" if written else "")
    return [figure, *others, *(item for child in captions[1:] for item in _items(child))]


_WRITE: dict[str, Callable[[_Node], list[_Item]]] = {
    "run": _write_run,
    "p": _write_leaf,
    "h2": _write_leaf,
    "h3": _write_leaf,
    "hr": _write_rule,
    "ul": _write_list,
    "ol": _write_list,
    "table": _write_table,
    "figure": _write_figure,
}


def _rebuilt(source: str) -> str:
    """The source as a tree of the allow-list, written out, without empty paragraphs at its ends."""
    return "".join(_placed(_without_empty_ends(_items(_Builder(source).build())), keep_cite=False))


# Clean -----------------------------------------------------------------------------------------------

_NO_ATTRIBUTES: frozenset[str] = frozenset()
ALLOWED = {
    "p": _NO_ATTRIBUTES,
    "h2": _NO_ATTRIBUTES,
    "h3": _NO_ATTRIBUTES,
    "strong": _NO_ATTRIBUTES,
    "em": _NO_ATTRIBUTES,
    "s": _NO_ATTRIBUTES,
    "sub": _NO_ATTRIBUTES,
    "ul": _NO_ATTRIBUTES,
    "li": _NO_ATTRIBUTES,
    "blockquote": _NO_ATTRIBUTES,
    "cite": _NO_ATTRIBUTES,
    "hr": _NO_ATTRIBUTES,
    "br": _NO_ATTRIBUTES,
    "table": _NO_ATTRIBUTES,
    "thead": _NO_ATTRIBUTES,
    "tbody": _NO_ATTRIBUTES,
    "tr": _NO_ATTRIBUTES,
    "figcaption": _NO_ATTRIBUTES,
    "a": frozenset({"href", "title", "rel"}),
    "aside": frozenset({"data-quote", "data-article"}),
    "figure": frozenset({"data-image", "data-embed", "data-graphic", "data-size"}),
    "ol": frozenset({"start", "data-notes"}),
    "sup": frozenset({"data-note"}),
    "td": frozenset({"rowspan", "colspan"}),
    "th": frozenset({"scope", "rowspan", "colspan"}),
}
MAX_PASSES = 6
# Valid HTML, but not what `clean` writes and `expand` can read.
_NESTED = re.compile(r"<(figure|aside)\b(?:(?!</\1>).)*?<(?:figure|aside|table|h[23])\b", re.DOTALL)


def _is_number(value: str) -> bool:
    return _id(value) == value


def _is_flag(value: str) -> bool:
    return value == ""


_IS_CANONICAL: dict[str, Callable[[str], bool]] = {
    "href": lambda value: _href(value) == value,
    "title": lambda value: len(value) <= MAX_TITLE_CHARS,
    "rel": lambda value: set(value.split()) <= set(_RELS),
    "scope": _SCOPES.__contains__,
    "data-size": SIZES.__contains__,
    "data-embed": lambda value: (known := embed(value)) is not None and known.address == value,
    **dict.fromkeys(("data-image", "data-graphic", "data-article", "data-note"), _is_number),
    **dict.fromkeys(("start", "rowspan", "colspan"), _is_number),
    **dict.fromkeys(("data-quote", "data-notes"), _is_flag),
}


def _checked(_tag: str, attribute: str, value: str) -> str | None:
    """nh3 asks for every attribute, also of tags that it drops. It does not look again at the answer, so this only says no."""
    is_canonical = _IS_CANONICAL.get(attribute)
    return value if is_canonical is not None and is_canonical(value) else None


_CLEANER = nh3.Cleaner(
    tags=set(ALLOWED),
    clean_content_tags={*_RAW.split("|"), *_DROPPED.split("|")},
    attributes={tag: set(names) for tag, names in ALLOWED.items() if names},
    attribute_filter=_checked,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


def clean(html: str) -> str:
    """The canonical form of a body: only the allow-list, and the same string when cleaned again.

    Costs about 2 ms for 12 kB that are clean already. Raises TooLong over MAX_BODY_BYTES.
    """
    _refuse_too_long(html)
    body = _printable(html)
    for _ in range(MAX_PASSES):
        rebuilt = _rebuilt(body)
        _refuse_too_long(rebuilt)
        before, body = body, _CLEANER.clean(rebuilt)
        if body == before:
            return body
    # Never seen to happen. The words without their markup are stable in any case.
    return _CLEANER.clean(paragraphs("\n\n".join(_texts(_Builder(body).build()))))


def _still_clean(html: str) -> str:
    """A body from the database: as it is when nh3 finds nothing to change in it, else cleaned.

    Costs a quarter of `clean`. What was stored by `clean` passes; what somebody wrote past it does not.
    """
    _refuse_too_long(html)
    if _UNPRINTABLE.search(html) or _NESTED.search(html) or _CLEANER.clean(html) != html:
        return clean(html)
    return html


def _refuse_too_long(text: str) -> None:
    if (
        len(text) * 4 > MAX_BODY_BYTES
        and (size := len(text.encode(errors="surrogatepass"))) > MAX_BODY_BYTES
    ):
        raise TooLong(size)


def paragraphs(text: str) -> str:
    """Plain text as safe HTML: blank lines part paragraphs, line ends become `<br>`. For biographies."""
    text = _composed(_printable(text))
    blocks = (
        [line.strip(" \t") for line in block.split("\n")] for block in re.split(r"\n[ \t]*\n", text)
    )
    return "".join(
        f"<p>{'<br>'.join(written)}</p>" for lines in blocks if (written := _written_lines(lines))
    )


def _written_lines(lines: list[str]) -> list[str]:
    return [
        _escaped_words(_SPACES.sub(" ", line)) for raw in lines if (line := raw.lstrip("\u0338 "))
    ]


# Words -----------------------------------------------------------------------------------------------


def plain_text(html: str) -> str:
    """The words of a body, captions and footnotes included; blocks parted by blank lines, cells by tabs.

    Footnote marks are not words. Raises TooLong like `clean`.
    """
    return "\n\n".join(_texts(_Builder(_still_clean(html)).build()))


def _texts(node: _Node) -> Iterator[str]:
    for child in _elements(node):
        if child.name in _LEAVES or child.name == "run":
            text = _words(child).strip()
            if text:
                yield text
        elif child.name == "tr":
            yield "\t".join(" ".join(_texts(cell)) for cell in _elements(child))
        else:
            yield from _texts(child)


def _words(node: _Node) -> str:
    return "".join(map(_word, node.children))


def _word(child: _Node | str) -> str:
    if isinstance(child, str):
        return child
    if child.name == "br":
        return "\n"
    return "" if child.name == "sup" and child.attributes else _words(child)


def word_count(text: str) -> int:
    """Words of plain text: what spaces and long dashes part, if a letter or digit is in it."""
    return sum(any(map(str.isalnum, word)) for word in text.replace("—", " ").split())


def reading_minutes(words: int) -> int:
    """Whole minutes to read so many words, at least 1.

    230 words a minute, a little under the 238 that adults read silently in English non-fiction on
    average: Brysbaert, "How many words do we read per minute?", Journal of Memory and Language 109 (2019).
    """
    return max(1, (words + WORDS_PER_MINUTE // 2) // WORDS_PER_MINUTE)


def excerpt(text: str, max_chars: int) -> str:
    """The beginning of a text on one line, at most `max_chars` long, cut after a word and ended by an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= max_chars:
        return text
    if max_chars < 1:
        return ""
    room = text[:max_chars]
    cut = room.rfind(" ")
    begun = room[:cut] if cut > 0 else _whole_letters(text, max_chars - 1)
    return begun.rstrip(" ,;:.–—-(“‘\"'") + "…"


def _whole_letters(text: str, length: int) -> str:
    """At most `length` characters, with no letter parted from its marks."""
    while length and unicodedata.combining(text[length]):
        length -= 1
    return text[:length]


# References ------------------------------------------------------------------------------------------

_REFERENCE = (
    r'figure data-(?P<kind>image|graphic|embed)="(?P<value>[^"]*)"(?: data-size="(?P<size>[a-z]+)")?>'
    r"(?P<figure>.*?)</figure>"
    r'|aside data-article="(?P<article>[0-9]+)">(?P<aside>.*?)</aside>'
)
_REFERENCES = re.compile(rf"<(?:{_REFERENCE})", re.DOTALL)


@dataclass(frozen=True)
class References:
    """What a body refers to, in its order and without repeats: ids, and addresses of embeds."""

    images: tuple[int, ...]
    articles: tuple[int, ...]
    graphics: tuple[int, ...]
    embeds: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """One reference to expand: `value` is an id or an address, `inner` the clean HTML in it (caption or text)."""

    kind: str
    value: str
    size: str
    inner: str


def references(html: str) -> References:
    """Everything a body refers to. Raises TooLong like `clean`."""
    found: dict[str, dict[str, None]] = {"image": {}, "article": {}, "graphic": {}, "embed": {}}
    for match in _REFERENCES.finditer(_still_clean(html)):
        reference = _reference(match, match["figure"] or "")
        found[reference.kind][reference.value] = None
    return References(
        images=tuple(map(int, found["image"])),
        articles=tuple(map(int, found["article"])),
        graphics=tuple(map(int, found["graphic"])),
        embeds=tuple(found["embed"]),
    )


def _reference(match: re.Match[str], inner: str) -> Reference:
    if match["article"]:
        return Reference(kind="article", value=match["article"], size="inline", inner=inner)
    value = html_text.unescape(match["value"])
    return Reference(kind=match["kind"], value=value, size=match["size"] or "inline", inner=inner)


# Render ----------------------------------------------------------------------------------------------

_SUBHEAD = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)
_NOTE = re.compile(r'<sup data-note="([0-9]+)">[0-9]+</sup>')  # also written out in _EXPANDED
_NOTES = '<ol data-notes="">'
_LIST_PART = re.compile(r"<(?:ol|ul)[ >]|</(?:ol|ul)>|<li>|(?:</p>)?</li>")
_EXPANDED = re.compile(
    rf'<(?:{_REFERENCE}|(?P<subhead>h[23])>|sup data-note="(?P<note>[0-9]+)">[0-9]+</sup>|(?P<table>/?table)>)',
    re.DOTALL,
)


@dataclass(frozen=True)
class Subhead:
    """A subhead to link to: its id on the page, its level (2 or 3) and its words."""

    id: str
    level: int
    text: str


def subheads(html: str) -> tuple[Subhead, ...]:
    """The subheads of a body with the ids that `expand` gives them. Raises TooLong like `clean`."""
    return tuple(_subheads(_still_clean(html)))


def _subheads(body: str) -> Iterator[Subhead]:
    taken = set(RESERVED_IDS)
    for level, inner in _SUBHEAD.findall(body):
        words = re.sub(r"<[^>]*>", "", _NOTE.sub("", inner.replace("<br>", " ")))
        text = html_text.unescape(words).strip()
        anchor = _free(_anchor(text), taken)
        taken.add(anchor)
        yield Subhead(id=anchor, level=int(level), text=text)


def _anchor(text: str) -> str:
    """An id made of the words of a subhead, 60 characters at most: "It’s not over" gives `its-not-over`."""
    letters = unicodedata.normalize("NFKD", text.lower())
    kept = "".join(c for c in letters if not unicodedata.combining(c) and c not in "'’")
    anchor = re.sub(r"[\W_]+", "-", kept).strip("-")
    if len(anchor) > 60:
        anchor = anchor[:60].rpartition("-")[0] or anchor[:60]
    return f"section-{anchor}".rstrip("-") if not anchor or anchor.startswith("note-") else anchor


def _free(anchor: str, taken: set[str]) -> str:
    number = 2
    free = anchor
    while free in taken:
        free = f"{anchor}-{number}"
        number += 1
    return free


def expand(html: str, *, figure: Callable[[Reference], str]) -> str:
    """A body ready for the page: references replaced by what `figure` returns, subheads, notes and tables linked.

    The body goes through nh3 again first, and through `clean` when nh3 has anything to say, whatever the
    database holds; what `figure` returns is trusted. `inner` of a Reference has its footnote marks linked
    already. Costs about 1 ms for 12 kB plus what `figure` costs. Raises TooLong like `clean`.
    """
    return _Expander(_still_clean(html), figure).expanded()


class _Expander:
    """One pass over a clean body."""

    def __init__(self, body: str, figure: Callable[[Reference], str]) -> None:
        self.figure = figure
        self.anchors = (subhead.id for subhead in _subheads(body))
        self.marked = set(_NOTE.findall(body))
        self.marks: dict[str, int] = {}  # note number -> how often it has been marked so far
        self.tables = 0
        self.notes = 0
        self.body = self.with_notes(body)

    def expanded(self) -> str:
        return _EXPANDED.sub(self.replaced, self.body)

    def replaced(self, match: re.Match[str]) -> str:
        if match["subhead"]:
            return f'<{match["subhead"]} id="{next(self.anchors)}">'
        if match["note"]:
            return self.mark(match["note"])
        if match["table"]:
            return self.table(match["table"])
        inner = match["aside"] if match["article"] else match["figure"]
        return self.figure(_reference(match, _NOTE.sub(lambda found: self.mark(found[1]), inner)))

    def mark(self, number: str) -> str:
        if not 1 <= int(number) <= self.notes:
            return f"<sup>{number}</sup>"
        self.marks[number] = nth = self.marks.get(number, 0) + 1
        anchor = f"note-ref-{number}" if nth == 1 else f"note-ref-{number}-{nth}"
        return f'<sup id="{anchor}"><a href="#note-{number}">{number}</a></sup>'

    def table(self, tag: str) -> str:
        """Regions need different names, so the second table of a body is called "Table 2"."""
        if tag == "/table":
            return "</table></div>"
        self.tables += 1
        label = "Table" if self.tables == 1 else f"Table {self.tables}"
        return f'<div class="table-scroll" role="region" tabindex="0" aria-label="{label}"><table>'

    def with_notes(self, body: str) -> str:
        """The body with ids and back links in its list of notes."""
        start = body.find(_NOTES)
        if start < 0:
            return body
        parts, position, depth = [], 0, 0
        for match in _LIST_PART.finditer(body, start):
            part = match.group()
            depth += part.startswith(("<ol", "<ul")) - part.startswith(("</ol", "</ul"))
            if depth == 0:
                break
            if depth == 1 and part.endswith("li>"):
                parts += [body[position : match.start()], self.note_edge(part)]
                position = match.end()
        return "".join([*parts, body[position:]])

    def note_edge(self, part: str) -> str:
        if part == "<li>":
            self.notes += 1
            return f'<li id="note-{self.notes}">'
        if str(self.notes) not in self.marked:
            return part
        back = f'<a href="#note-ref-{self.notes}" aria-label="Back to the text, note {self.notes}">↩\ufe0e</a>'
        return f" {back}{part}"


# Feeds -----------------------------------------------------------------------------------------------

_PAGE_TAG = re.compile(rf"(<[a-z][^ \t\n/>]*+)({_GIVEN})>", re.IGNORECASE)
_CANDIDATE = re.compile(r"([ \t\n,]*)([^ \t\n,](?:[^ \t\n]*[^ \t\n,])?)([^,]*)")


def absolute(html: str, *, base_url: str) -> str:
    """Expanded HTML with the addresses in href, src and srcset made absolute, for feeds.

    `base_url` is the address of the article: `#note-1` leads to its page, `/x` to its site. Raises
    ValueError when it is not an absolute http or https address.
    """
    base = urlsplit(base_url)
    if base.scheme not in ("http", "https") or not base.netloc:
        raise ValueError(f"Links in a feed need the full address of the article, not {base_url!r}.")
    page = _escaped(f"{base.scheme}://{base.netloc}{base.path}")
    bases = {
        "//": f"{base.scheme}:",
        "/": _escaped(f"{base.scheme}://{base.netloc}"),
        "?": page,
        "#": page,
    }
    if base.query:
        bases["#"] += _escaped(f"?{base.query}")
    return _PAGE_TAG.sub(lambda match: f"{match[1]}{_absolute_attributes(match[2], bases)}>", html)


def _absolute_attributes(given: str, bases: dict[str, str]) -> str:
    def replaced(match: re.Match[str]) -> str:
        name, double, single, bare = match.groups()
        value = (double or single or bare or "").replace('"', "&quot;")
        if name.lower() in ("href", "src"):
            return f'{name}="{_absolute_address(value, bases)}"'
        if name.lower() == "srcset":
            return f'{name}="{_absolute_candidates(value, bases)}"'
        return match.group()

    return _ATTRIBUTE.sub(replaced, given) if "=" in given else given


def _absolute_candidates(value: str, bases: dict[str, str]) -> str:
    return _CANDIDATE.sub(
        lambda match: match[1] + _absolute_address(match[2], bases) + match[3], value
    )


def _absolute_address(value: str, bases: dict[str, str]) -> str:
    return bases.get(value[:2], bases.get(value[:1], "")) + value
