"""What changed between two versions of a story, word by word, for people to read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles import snapshot
from articles.models import Kind, Role
from articles.models.revision import Snapshot

#: The fields of a snapshot in the order of the form, as the desk calls them.
LABELS = {
    "section": "Section",
    "kind": "Kind",
    "headline": "Headline",
    "standfirst": "Standfirst",
    "slug": "Slug",
    "dateline": "Dateline",
    "body": "Story",
    "lead_image": "Lead image",
    "lead_waived": "No lead image on purpose",
    "lead_alt": "Alternative text",
    "lead_caption": "Caption",
    "bylines": "Bylines",
    "tags": "Topics",
}

#: Where a line of the diff ends: paragraphs are lines, other blocks keep their tags to be seen.
BLOCK_END = re.compile(r"(?<=</(?:h2|h3|li|ul|ol|tr))>(?=<)|(?<=</figure)>|(?<=</aside)>|<hr>")
PARAGRAPH = re.compile(r"</?p>")
TOKEN = re.compile(r"<[^<>]*>|\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Difference:
    """One field that is not the same: how it was, how it is, and the two woven into one."""

    field: str
    label: str
    before: str
    after: str
    woven: SafeString


def between(before: Snapshot, after: Snapshot) -> list[Difference]:
    """Every field in which two snapshots differ, in the order of the form."""
    changed = set(snapshot.changed(before, after))
    return [difference(name, before, after) for name in LABELS if name in changed]


def difference(name: str, before: Snapshot, after: Snapshot) -> Difference:
    """The difference in one field."""
    was, now = in_words(name, before), in_words(name, after)
    return Difference(name, LABELS[name], was, now, woven(was, now))


def in_words(name: str, content: Snapshot) -> str:
    """A field of a snapshot as text that an editor can read and compare."""
    value = content.get(name)
    match name:
        case "section" | "lead_image":
            return value["label"] if value else "none"
        case "kind":
            return str(dict(Kind.choices).get(str(value), value))
        case "lead_waived":
            return "yes" if value else "no"
        case "bylines":
            return ", ".join(_signed(line) for line in value or [])
        case "tags":
            return ", ".join(tag["label"] for tag in value or [])
        case "body":
            return _lines_of(value or "")
    return str(value or "")


def _signed(line: dict[str, dict[str, str]]) -> str:
    role = dict(Role.choices).get(str(line["role"]), line["role"])
    return f"{line['author']['label']} ({role})"


def _lines_of(html: str) -> str:
    """The HTML with a line for each block; what is not a paragraph keeps its tags."""
    spaced = BLOCK_END.sub(lambda match: f"{match.group()}\n", html)
    lines = PARAGRAPH.sub("\n", spaced).splitlines()
    return "\n".join(line for line in lines if line.strip())


def woven(before: str, after: str) -> SafeString:
    """Both texts in one: what went in ``<del>``, what came in ``<ins>``. Everything escaped.

    Lines are matched first, then the words of those that differ: long stories stay quick.
    """
    old, new = before.splitlines(), after.splitlines()
    lines: list[SafeString] = []
    for kind, old_from, old_to, new_from, new_to in _steps(old, new):
        if kind == "equal":
            lines += [format_html("{}", line) for line in old[old_from:old_to]]
        else:
            lines.append(
                _woven_words("\n".join(old[old_from:old_to]), "\n".join(new[new_from:new_to]))
            )
    return format_html_join("\n", "{}", ((line,) for line in lines))


def _woven_words(before: str, after: str) -> SafeString:
    old, new = _tokens(before), _tokens(after)
    parts: list[SafeString] = []
    for kind, old_from, old_to, new_from, new_to in _steps(old, new):
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        match kind:
            case "equal":
                parts.append(format_html("{}", gone))
            case "replace":
                parts.append(format_html("<del>{}</del> <ins>{}</ins>", gone, come))
            case "delete":
                parts.append(format_html("<del>{}</del>", gone))
            case "insert":
                parts.append(format_html("<ins>{}</ins>", come))
    return format_html_join("", "{}", ((part,) for part in parts))


def _tokens(text: str) -> list[str]:
    return [match.group() for match in TOKEN.finditer(text)]


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Blanks hold nothing together: "comes back" becomes "returns" in one step."""
    yield from SequenceMatcher(str.isspace, old, new).get_opcodes()
