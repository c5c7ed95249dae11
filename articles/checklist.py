"""What a story needs before it is published: sentences for people, at the field they speak of."""

import re
from dataclasses import dataclass

from articles.models.revision import Snapshot
from newsroom import richtext
from newsroom.images.models import Image

#: "To come": what a writer leaves where a fact is missing.
TO_COME = re.compile(r"\bTK\b")
#: Search engines cut headlines near here (Google's title links).
LONG_HEADLINE = 110


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
    """One thing that is missing or odd. ``field`` is a field of the article form."""

    field: str
    sentence: str
    blocks: bool = True


def check(content: Snapshot) -> list[Finding]:
    """What stands against publishing this content, and what is merely odd. One query."""
    return [
        *_words(content),
        *_people(content),
        *_pictures(content),
        *_left_open(content),
        *_odd(content),
    ]


def blocks(content: Snapshot) -> list[Finding]:
    """Only what stands against publishing."""
    return [finding for finding in check(content) if finding.blocks]


def _words(content: Snapshot) -> list[Finding]:
    found = []
    if not content["headline"]:
        found.append(Finding("headline", "Write a headline."))
    if not content["standfirst"]:
        found.append(
            Finding("standfirst", "Write a standfirst: one sentence that says why it matters.")
        )
    if not richtext.plain_text(content["body"]).strip():
        found.append(Finding("body", "Write the story."))
    return found


def _people(content: Snapshot) -> list[Finding]:
    if content["bylines"]:
        return []
    return [Finding("bylines", "Say who wrote it.")]


def _pictures(content: Snapshot) -> list[Finding]:
    lead = content["lead_image"]
    found = []
    if not lead and not content["lead_waived"]:
        found.append(Finding("lead_image", "Choose a lead image, or say that it needs none."))
    in_body = richtext.references(content["body"]).images
    images = Image.objects.in_bulk([*in_body, *([lead["id"]] if lead else [])])
    for pk in dict.fromkeys([*([lead["id"]] if lead else []), *in_body]):
        is_lead = bool(lead) and pk == lead["id"]
        field = "lead_image" if is_lead else "body"
        has_alt = is_lead and bool(content["lead_alt"])
        found += [
            Finding(field, sentence) for sentence in _picture(images.get(pk), pk, has_alt=has_alt)
        ]
    return found


def _picture(image: Image | None, pk: int, *, has_alt: bool) -> list[str]:
    if image is None:
        return [f"Image {pk} no longer exists. Choose another."]
    sentences = []
    if not (image.alt or image.decorative or has_alt):
        sentences.append(f"“{image}” needs an alternative text, or must be marked as decorative.")
    return sentences + [
        f"“{image}” needs {NEEDED[name]}." for name in image.lacks() if name in NEEDED
    ]


def _left_open(content: Snapshot) -> list[Finding]:
    texts = {
        "headline": content["headline"],
        "standfirst": content["standfirst"],
        "body": richtext.plain_text(content["body"]),
        "lead_caption": content["lead_caption"],
    }
    return [
        Finding(field, "There is a TK left in the text: something is still to come.")
        for field, text in texts.items()
        if TO_COME.search(text)
    ]


def _odd(content: Snapshot) -> list[Finding]:
    found = []
    if len(content["headline"]) > LONG_HEADLINE:
        sentence = f"The headline is longer than {LONG_HEADLINE} characters; search engines cut it."
        found.append(Finding("headline", sentence, blocks=False))
    if not content["tags"]:
        found.append(Finding("tags", "No tags: readers cannot follow its topics.", blocks=False))
    return found
