"""The fields of the article form that Django does not have: bylines, topics, sections, moments.

Bylines and topics are ordered plain fields (law 5): what they clean to is what a snapshot holds.
Without scripts they are text boxes; static/desk/articles/form.js makes them comfortable.
"""

import csv
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse_lazy

from articles import snapshot
from articles.models import Role, Tag
from articles.models.tag import fold, tag_slug
from authors.models import Author
from sections.models import Section

#: Empty rows below the bylines for those who have no scripts.
SPARE_ROWS = 2
#: Names offered with the page; the script asks for more as one types.
OFFERED = 200
#: More names than any byline has; what is beyond was not typed by an editor.
MOST_ROWS = 50

Row = dict[str, str]


class SectionField(forms.ModelChoiceField):
    """A section, shown at its depth in the tree."""

    def label_from_instance(self, obj: Section) -> str:
        return "\u2003" * (obj.path.count("/") - 2) + obj.name


class Moment(forms.DateTimeField):
    """A time typed in the publication's zone, to the second."""

    widget = forms.DateTimeInput

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local"})
        super().__init__(widget=widget, **kwargs)


# --- Bylines ---------------------------------------------------------------------------------


class BylinesWidget(forms.Widget):
    """Rows of a name and a role. Posted as lists, one entry per row in their order."""

    template_name = "admin/articles/article/bylines.html"
    #: Posted beside each other: what is written, the role, and whom the name stood for when shown.
    parts = ("name", "role", "id", "was")

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> list[Row]:
        columns = [_list(data, f"{name}-{part}") for part in self.parts]
        count = len(columns[0])
        rows = [[text.replace("\x00", "") for text in column[:count]] for column in columns]
        return [dict(zip(self.parts, row, strict=True)) for row in zip_longest(*rows, fillvalue="")]

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> bool:
        return f"{name}-name" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        blank = {"name": "", "role": Role.WRITER.value, "id": "", "was": ""}
        context["widget"] |= {
            "rows": rows_of(value) + [dict(blank) for _ in range(SPARE_ROWS)],
            "roles": Role.choices,
            "url": reverse_lazy("admin:articles_article_authors"),
            "offered": offered_names(),
        }
        return context

    def id_for_label(self, id_: str | None) -> str:
        return f"{id_}_0" if id_ else ""


def _list(data: Mapping[str, Any], key: str) -> list[str]:
    getlist = getattr(data, "getlist", None)
    return getlist(key) if getlist else list(data.get(key, []))


def rows_of(value: Any) -> list[Row]:
    """A snapshot's bylines as rows; rows stay as they were posted, without the empty ones."""
    rows = [_row(line) if "author" in line else line for line in value or []]
    return [row for row in rows if row["name"].strip()]


def _row(line: dict[str, Any]) -> Row:
    label = str(line["author"]["label"])
    return {"name": label, "role": line["role"], "id": str(line["author"]["id"]), "was": label}


def offered_names() -> list[str]:
    """Names for the list under the box; two of the same name are told apart by their slug."""
    return names_of(list(Author.objects.only("name", "slug")[:OFFERED]))


def names_of(authors: list[Author]) -> list[str]:
    """What to write into a byline for each author."""
    names = [author.name for author in authors]
    return [
        author.name if names.count(author.name) == 1 else f"{author.name} ({author.slug})"
        for author in authors
    ]


class BylinesField(forms.Field):
    """Who made the story: ``[{"author": {"id", "label"}, "role"}, ...]`` in order."""

    widget = BylinesWidget

    def clean(self, value: list[Row]) -> list[dict[str, Any]]:
        rows = rows_of(value)
        if len(rows) > MOST_ROWS:
            message = f"A story has {MOST_ROWS} names in its byline at most."
            raise ValidationError(message)
        found = _authors(rows)
        errors, lines = [], []
        for row in rows:
            author = found.get(_key(row))
            if row["role"] not in Role.values:
                errors.append("Choose a role from the list.")
            elif isinstance(author, Author):
                lines.append({"author": snapshot.reference(author), "role": row["role"]})
            else:
                errors.append(_nobody(row["name"], several=_key(row) in found))
        if errors:
            raise ValidationError(errors)
        return lines


def _nobody(name: str, *, several: bool) -> str:
    if several:
        return f"There are several authors called “{name.strip()}”. Choose one from the list."
    return f"No author is called “{name.strip()}”. Choose a name from the list, or add the author first."


def _key(row: Row) -> str:
    """By what the row is looked up: its id as long as the name beside it was not touched."""
    if row["id"].isdecimal() and row["name"] == row["was"]:
        return f"#{int(row['id'])}"
    return fold(row["name"])


def _authors(rows: list[Row]) -> dict[str, Author | None]:
    """For each row's key the author; None where several bear the name. One query."""
    asked = {_key(row) for row in rows}
    pks = [int(key[1:]) for key in asked if key.startswith("#") and len(key) < 12]
    names = [row["name"].strip() for row in rows]
    slugs = [name.rpartition(" (")[2].removesuffix(")") for name in names if name.endswith(")")]
    wanted = Q(pk__in=pks) | Q(slug__in=slugs)
    for name in names:
        wanted |= Q(name__iexact=name)
    found: dict[str, Author | None] = {}
    for author in Author.objects.filter(wanted) if rows else []:
        name = fold(author.name)
        found[name] = None if name in found else author
        found[f"#{author.pk}"] = found[fold(f"{author.name} ({author.slug})")] = author
    return found


# --- Topics ----------------------------------------------------------------------------------


class TopicsWidget(forms.TextInput):
    """Names with commas between; a name that holds a comma stands in quotes."""

    def __init__(self) -> None:
        super().__init__(
            attrs={
                "autocomplete": "off",
                "data-topics": reverse_lazy("admin:articles_article_topics"),
            }
        )

    def format_value(self, value: Any) -> str:
        if isinstance(value, str) or value is None:
            return value or ""
        return ", ".join(_quoted(tag["label"]) for tag in value)


def _quoted(name: str) -> str:
    return f'"{name}"' if "," in name else name


class TopicsField(forms.CharField):
    """Topics by name: ``[{"id", "label"}, ...]`` in order; no id where the name is new.

    Names are never read as keys: "2026" is a topic called 2026.
    """

    widget = TopicsWidget

    def clean(self, value: Any) -> list[dict[str, Any]]:
        names = names_in(super().clean(value))
        known = {
            tag.folded: tag.merged_into or tag
            for tag in Tag.objects.filter(folded__in=[fold(name) for name in names]).select_related(
                "merged_into"
            )
        }
        errors = [sentence for name in names if (sentence := _wrong(name))]
        if errors:
            raise ValidationError(errors)
        return [
            snapshot.reference(known.get(fold(name))) or {"id": None, "label": name}
            for name in names
        ]


def names_in(text: str) -> list[str]:
    """The names in a line, each once, as first written."""
    lines = csv.reader(text.splitlines(), skipinitialspace=True)
    names = [" ".join(name.split()) for line in lines for name in line]
    return list({fold(name): name for name in reversed(names) if name}.values())[::-1]


def _wrong(name: str) -> str:
    longest = min(Tag._meta.get_field(field).max_length or 0 for field in ("name", "slug"))
    if len(name) > longest or len(fold(name)) > longest or len(tag_slug(name)) > longest:
        return f"“{name[:40]}…” is too long for a topic: {longest} characters at most."
    if not tag_slug(name):
        return f"“{name}” cannot be a topic: use at least one letter or digit."
    return ""
