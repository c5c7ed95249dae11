"""What a story needs before it is published: sentences for people, at the field they speak of.

An outlet switches most of it (``articles.models.Demands``). Never what there is no page without (a
headline), nor what the law and contracts ask: without a licence there is no right to show a picture,
and what a licence asks for, the end of the rights and a single use are the terms of that right.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from articles import snapshot
from articles.models import Article, Demands, PublicUse
from articles.models.demands import LONG_HEADLINE, Level
from articles.models.revision import Snapshot
from newsroom import richtext
from newsroom.images.licences import Licence
from newsroom.images.models import Image

#: "To come": what a writer leaves where a fact is missing.
TO_COME = re.compile(r"\bTK\b")

#: Under these somebody else asks for the credit, by contract or for leave to print.
CREDIT_IS_ASKED = frozenset(
    {Licence.AGENCY, Licence.AGENCY_SINGLE_USE, Licence.PERMISSION, Licence.HANDOUT}
)

#: What a picture must have, as the sentence about it ends; the alternative text has its own.
NEEDED = {
    "credit": "a credit",
    "licence": "a licence",
    "author": "an author: its licence asks for the name",
    "source_url": "the address of its source: its licence asks for the link",
    "rights_until": "the last day of the permission",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is missing or odd. ``field`` is a field of the article form; ``demand`` is
    the switch that it goes by, empty where there is none."""

    field: str
    sentence: str
    blocks: bool = True
    demand: str = ""


def check(
    content: Snapshot, *, article: Article | None = None, at: datetime | None = None
) -> list[Finding]:
    """What stands against publishing this content, and what is merely odd, as the outlet's
    switches have it. At most four queries.

    ``article`` is the story that says it, where there is one; ``at`` is when it comes out, now
    when that is not ahead.
    """
    now = timezone.now()
    found = [
        *_words(content),
        *_people(content),
        *_pictures(content, _Release(article, now, max(at or now, now))),
        *_left_open(content),
        *_odd(content),
    ]
    return list(_switched(found, Demands.current().levels()))


def _switched(found: Iterable[Finding], levels: Mapping[str, Level]) -> Iterable[Finding]:
    for finding in found:
        level = levels.get(finding.demand)
        if level is None:
            yield finding
        elif level != Level.OFF:
            yield replace(finding, blocks=level == Level.BLOCKS)


def blocks(
    content: Snapshot, *, article: Article | None = None, at: datetime | None = None
) -> list[Finding]:
    """Only what stands against publishing."""
    return [finding for finding in check(content, article=article, at=at) if finding.blocks]


def _words(content: Snapshot) -> list[Finding]:
    found = []
    if not content["headline"]:
        found.append(Finding("headline", "Write a headline."))
    if not content["standfirst"]:
        sentence = "Write a standfirst: one sentence that says why it matters."
        found.append(Finding("standfirst", sentence, demand="standfirst"))
    if not richtext.plain_text(content["body"]).strip():
        found.append(Finding("body", "Write the story.", demand="body"))
    return found


def _people(content: Snapshot) -> list[Finding]:
    if content["bylines"]:
        return []
    return [Finding("bylines", "Say who wrote it.", demand="bylines")]


# --- Pictures ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Release:
    """What comes out at a moment: a story that is there, or a new one."""

    article: Article | None
    now: datetime
    at: datetime

    def seen(self) -> set[int]:
        """The keys of the pictures that the public has seen with it already. One query."""
        story = self.article
        if story is None or not (story.was_withdrawn or story.is_public(now=self.now)):
            return set()
        return set(story.public_uses.values_list("image", flat=True))

    def used_elsewhere(self, images: Collection[int]) -> dict[int, Article]:
        """Those of the pictures that another story shows in public, or has shown. One query."""
        uses = PublicUse.objects.of(images).elsewhere(self.article.pk if self.article else None)
        rows = uses.select_related("article").order_by("-pk")
        return {use.image_id: use.article for use in rows}


def _pictures(content: Snapshot, release: _Release) -> list[Finding]:
    lead = content["lead_image"]
    found = []
    if not lead and not content["lead_waived"]:
        sentence = "Choose a lead image, or say that it needs none."
        found.append(Finding("lead_image", sentence, demand="lead_image"))
    keys = snapshot.image_keys(content)
    images = Image.objects.with_fallbacks().in_bulk(keys)
    for pk in keys:
        is_lead = bool(lead) and pk == lead["id"]
        has_alt = is_lead and bool(content["lead_alt"])
        found += _picture(images.get(pk), pk, has_alt=has_alt, field=_field(content, pk))
    return [
        *found,
        *_single_uses(content, images, release),
        *_ended(content, images, release),
        *_ending(content, images, release),
    ]


def _field(content: Snapshot, pk: int) -> str:
    """Where the form shows what is said of a picture."""
    lead = content["lead_image"]
    return "lead_image" if lead and pk == lead["id"] else "body"


def _picture(image: Image | None, pk: int, *, has_alt: bool, field: str) -> list[Finding]:
    if image is None:
        return [Finding(field, f"Image {pk} no longer exists. Choose another.")]
    found = []
    if not (image.alt or image.decorative or has_alt):
        sentence = f"“{image}” needs an alternative text, or must be marked as decorative."
        found.append(Finding(field, sentence, demand="alt"))
    return found + [
        Finding(field, f"“{image}” needs {NEEDED[name]}.", demand=_switch_of(name, image))
        for name in image.lacks()
        if name in NEEDED
    ]


def _switch_of(missing: str, image: Image) -> str:
    """The switch for what a picture lacks; none where its terms ask for it, or are not known."""
    is_asked = not image.licence or image.licence in CREDIT_IS_ASKED
    return "credit" if missing == "credit" and not is_asked else ""


def _single_uses(
    content: Snapshot, images: Mapping[int, Image], release: _Release
) -> list[Finding]:
    once = [pk for pk, image in images.items() if image.terms.once]
    used = release.used_elsewhere(once) if once else {}
    return [
        Finding(
            _field(content, pk),
            f"“{images[pk]}” is for a single use, and “{story}” has it already. Choose another.",
        )
        for pk, story in used.items()
    ]


def _ended(content: Snapshot, images: Mapping[int, Image], release: _Release) -> list[Finding]:
    """Rights that have ended when the story comes out.

    What the public has seen with the story is not shown any more since its end: a correction does
    not wait for another picture.
    """
    ended = {pk: image for pk, image in images.items() if image.has_ended(now=release.at)}
    seen = release.seen() if ended else set()
    return [
        Finding(_field(content, pk), _had_ended(image, release), blocks=pk not in seen)
        for pk, image in ended.items()
    ]


def _had_ended(image: Image, release: _Release) -> str:
    mend = "Choose another picture, or have the rights renewed."
    if image.has_ended(now=release.now):
        return f"The rights in “{image}” ended on {_last_day(image)}. {mend}"
    return f"The rights in “{image}” end on {_last_day(image)}, before the story comes out. {mend}"


def _ending(content: Snapshot, images: Mapping[int, Image], release: _Release) -> list[Finding]:
    """Rights that end some day after the story has come out."""
    return [
        Finding(
            _field(content, pk),
            f"The rights in “{image}” end on {_last_day(image)}. {_afterwards(image)}",
            blocks=False,
        )
        for pk, image in images.items()
        if image.rights_until and not image.has_ended(now=release.at)
    ]


def _afterwards(image: Image) -> str:
    other = image.shown(now=image.rights_until) if image.rights_until else image
    return f"Readers see “{other}” from then on." if other else "Readers see none from then on."


def _last_day(image: Image) -> str:
    return f"{image.last_day:%-d %B %Y}" if image.last_day else ""


# --- Text -------------------------------------------------------------------------------------


def _left_open(content: Snapshot) -> list[Finding]:
    texts = {
        "headline": content["headline"],
        "standfirst": content["standfirst"],
        "body": richtext.plain_text(content["body"]),
        "lead_caption": content["lead_caption"],
    }
    sentence = "There is a TK left in the text: something is still to come."
    return [
        Finding(field, sentence, demand="to_come")
        for field, text in texts.items()
        if TO_COME.search(text)
    ]


def _odd(content: Snapshot) -> list[Finding]:
    found = []
    if len(content["headline"]) > LONG_HEADLINE:
        sentence = f"The headline is longer than {LONG_HEADLINE} characters; search engines cut it."
        found.append(Finding("headline", sentence, demand="long_headline"))
    if not content["tags"]:
        found.append(Finding("tags", "No tags: readers cannot follow its topics.", demand="tags"))
    return found
