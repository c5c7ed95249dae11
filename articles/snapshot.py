"""An article's content as one JSON dict, and back (law 4, law 5).

Format 1::

    {"format": 1, "headline": str, "standfirst": str, "slug": str, "kind": str, "dateline": str,
     "section": {"id": int, "label": str}, "body": canonical HTML,
     "lead_image": {"id": int, "label": str} | None, "lead_waived": bool,
     "lead_alt": str, "lead_caption": str,
     "bylines": [{"author": {"id": int, "label": str}, "role": str}, ...],
     "tags": [{"id": int | None, "label": str}, ...]}

A tag without an id is a name that no row has yet; ``articles.workflow`` makes the row. State,
times, embargo and assignee are where the article stands, not what it says, and are not in it.
"""

from collections.abc import Sequence
from typing import Any

from articles.models import Article, Body, BodyImage, Byline, Kind, Role, Tag, TaggedArticle
from articles.models.revision import Snapshot
from articles.models.tag import fold
from authors.models import Author
from newsroom import richtext
from newsroom.images.models import Image
from sections.models import Section

FORMAT = 1

#: Fields that are plain text in the row and in the dict.
TEXTS = (
    "headline",
    "standfirst",
    "slug",
    "kind",
    "dateline",
    "lead_alt",
    "lead_caption",
)


class Unreadable(ValueError):
    """A dict that is not a snapshot of a known format."""


def reference(row: Any) -> dict[str, Any] | None:
    """A row as ``{id, label}``: readable even when the row is gone."""
    return {"id": row.pk, "label": str(row)} if row else None


def blank(section: Section) -> Snapshot:
    """The content of a story that nobody has begun."""
    return {
        "format": FORMAT,
        **dict.fromkeys(TEXTS, ""),
        "kind": Kind.NEWS.value,
        "section": reference(section),
        "body": "",
        "lead_image": None,
        "lead_waived": False,
        "bylines": [],
        "tags": [],
    }


def take(article: Article) -> Snapshot:
    """The content of the article's rows. Up to five queries."""
    bylines = article.bylines.select_related("author").order_by("order")
    tagged = article.tagged.select_related("tag").order_by("order")
    body = Body.objects.filter(article=article).first()
    return {
        "format": FORMAT,
        **{name: getattr(article, name) for name in TEXTS},
        "section": reference(article.section),
        "body": body.html if body else "",
        "lead_image": reference(article.lead_image),
        "lead_waived": article.lead_waived,
        "bylines": [{"author": reference(line.author), "role": line.role} for line in bylines],
        "tags": [reference(item.tag) for item in tagged],
    }


def head(article: Article) -> Snapshot:
    """What the desk is working on: the head's content, or the rows' before the first revision."""
    return article.head.snapshot if article.head else take(article)


def normalize(content: Snapshot) -> Snapshot:
    """The dict as it is stored: clean body, known keys, no repeats, plain strings.

    Unreadable says what is wrong with it.
    """
    if content.get("format") != FORMAT:
        message = f"This is not a snapshot of format {FORMAT}."
        raise Unreadable(message)
    if not content.get("section"):
        message = "A story belongs to a section."
        raise Unreadable(message)
    if content["kind"] not in Kind.values:
        message = f"{content['kind']!r} is not a kind of story."
        raise Unreadable(message)
    return {
        "format": FORMAT,
        **{name: _line(content.get(name, "")) for name in TEXTS},
        "section": _reference(content["section"]),
        "body": richtext.clean(content.get("body", "")),
        "lead_image": _reference(content["lead_image"]) if content.get("lead_image") else None,
        "lead_waived": bool(content.get("lead_waived")),
        "bylines": _bylines(content.get("bylines", [])),
        "tags": _tags(content.get("tags", [])),
    }


def _line(text: str) -> str:
    return str(text).replace("\r\n", "\n").replace("\x00", "").strip()


def _reference(value: dict[str, Any]) -> dict[str, Any]:
    return {"id": int(value["id"]), "label": str(value.get("label", ""))}


def _bylines(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: dict[int, dict[str, Any]] = {}
    for line in lines:
        role = line.get("role", Role.WRITER.value)
        if role not in Role.values:
            message = f"{role!r} is not a role in a byline."
            raise Unreadable(message)
        author = _reference(line["author"])
        kept.setdefault(author["id"], {"author": author, "role": str(role)})
    return list(kept.values())


def _tags(tags: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = {}
    for tag in tags:
        label = _line(tag["label"])
        pk = tag.get("id")
        if label or pk:
            kept.setdefault(
                fold(label) or f"#{pk}", {"id": int(pk) if pk else None, "label": label}
            )
    return list(kept.values())


def changed(before: Snapshot, after: Snapshot) -> list[str]:
    """The names of the fields that differ, labels of references aside."""
    return [name for name in after if _bare(before.get(name)) != _bare(after[name])]


def _bare(value: Any) -> Any:
    """The value without labels: a renamed author does not change the story."""
    if isinstance(value, dict):
        kept = {key: _bare(inner) for key, inner in value.items() if key != "label"}
        return kept if value.get("id", True) else {"label": fold(value["label"])}
    if isinstance(value, list):
        return [_bare(inner) for inner in value]
    return value


def current(content: Snapshot) -> tuple[Snapshot, list[str]]:
    """The snapshot with its references as they are now, and a sentence for each that is gone.

    Merged tags lead to the one they were merged into; labels are taken anew. Four queries.
    """
    lost: list[str] = []
    authors = Author.objects.in_bulk([line["author"]["id"] for line in content["bylines"]])
    tags = Tag.objects.select_related("merged_into").in_bulk(
        [tag["id"] for tag in content["tags"] if tag["id"]]
    )
    images = Image.objects.in_bulk(image_keys(content))
    section = Section.objects.filter(pk=content["section"]["id"]).first()
    if section is None:
        message = f"The section “{content['section']['label']}” no longer exists. Choose another."
        raise Unreadable(message)
    bylines = []
    for line in content["bylines"]:
        if author := authors.get(line["author"]["id"]):
            bylines.append({"author": reference(author), "role": line["role"]})
        else:
            lost.append(f"The author “{line['author']['label']}” no longer exists.")
    lead = content["lead_image"] and images.get(content["lead_image"]["id"])
    if content["lead_image"] and not lead:
        lost.append(f"The lead image “{content['lead_image']['label']}” no longer exists.")
    lost += [
        f"Image {pk} in the body no longer exists."
        for pk in richtext.references(content["body"]).images
        if pk not in images
    ]
    return {
        **content,
        "section": reference(section),
        "lead_image": reference(lead),
        "bylines": bylines,
        "tags": _tags([_current_tag(tag, tags) for tag in content["tags"]]),
    }, lost


def image_keys(content: Snapshot) -> list[int]:
    """The keys of its pictures, each once: the lead image first, then those of the body."""
    lead = [content["lead_image"]["id"]] if content["lead_image"] else []
    return list(dict.fromkeys([*lead, *richtext.references(content["body"]).images]))


def _current_tag(tag: dict[str, Any], rows: dict[int, Tag]) -> dict[str, Any]:
    row = rows.get(tag["id"])
    while row and row.merged_into:
        row = row.merged_into
    return reference(row) or {"id": None, "label": tag["label"]}


def write_topics(pks: Sequence[int]) -> None:
    """Make the topics in the rows of these articles those of the revision that the rows show, as
    the topics are now. Four queries for each thousand."""
    for start in range(0, len(pks), 1000):
        batch = Article.objects.filter(pk__in=pks[start : start + 1000]).order_by("pk")
        # What is live is in the rows, else the head (law 4).
        rows = batch.values_list("pk", "live__snapshot__tags", "head__snapshot__tags")
        named = {pk: head if live is None else live for pk, live, head in rows}
        wanted = {tag["id"] for tags in named.values() for tag in tags or ()}
        known = Tag.objects.select_related("merged_into").in_bulk(wanted)
        TaggedArticle.objects.filter(content_object__in=named).delete()
        TaggedArticle.objects.bulk_create(
            TaggedArticle(content_object_id=pk, tag_id=tag["id"], order=order)
            for pk, tags in named.items()
            for order, tag in enumerate(_tags([_current_tag(tag, known) for tag in tags or ()]))
            if tag["id"]
        )


def write(article: Article, content: Snapshot) -> None:
    """Make the article's rows say what the snapshot says. The caller holds the row lock.

    Every reference must exist (``current``) and every tag have its id. The article itself is
    saved by the caller, who changes more of it.
    """
    for name in TEXTS:
        setattr(article, name, content[name])
    article.section_id = content["section"]["id"]
    article.lead_image_id = content["lead_image"]["id"] if content["lead_image"] else None
    article.lead_waived = content["lead_waived"]
    article.save()
    Body(article=article, html=content["body"]).save()
    article.bylines.all().delete()
    Byline.objects.bulk_create(byline_rows(article, content))
    article.tagged.all().delete()
    TaggedArticle.objects.bulk_create(tag_rows(article, content))
    article.body_images.all().delete()
    BodyImage.objects.bulk_create(image_rows(article, content))


def byline_rows(article: Article, content: Snapshot) -> list[Byline]:
    """Unsaved, in order."""
    return [
        Byline(article=article, author_id=line["author"]["id"], role=line["role"], order=order)
        for order, line in enumerate(content["bylines"])
    ]


def tag_rows(article: Article, content: Snapshot) -> list[TaggedArticle]:
    """Unsaved, in order."""
    return [
        TaggedArticle(content_object=article, tag_id=tag["id"], order=order)
        for order, tag in enumerate(content["tags"])
    ]


def image_rows(article: Article, content: Snapshot) -> list[BodyImage]:
    """Unsaved; pictures that are gone are left out. One query, none for a body without any."""
    wanted = richtext.references(content["body"]).images
    there = Image.objects.filter(pk__in=wanted).values_list("pk", flat=True) if wanted else ()
    return [BodyImage(article=article, image_id=pk) for pk in there]
