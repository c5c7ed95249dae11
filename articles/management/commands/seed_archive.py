"""`manage.py seed_archive N`: an archive of N plausible stories, for speed work."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles import snapshot, workflow
from articles.models import Kind, State, Tag
from articles.models.revision import Snapshot
from authors.models import Author
from newsroom.images.models import Image
from sections import workflow as section_workflow
from sections.models import Section

BATCH = 500
#: Stories a day, as a regional paper has them.
PER_DAY = 25

SUBJECTS = (
    "Harbor Board", "city council", "tram company", "school district", "water authority",
    "fishing fleet", "county court", "hospital trust", "orchard growers", "night market",
    "museum", "fire service", "ferry line", "planning office", "library", "rowing club",
)  # fmt: skip
DEEDS = (
    "delays", "approves", "rejects", "reopens", "defends", "postpones", "audits", "expands",
    "closes", "reviews", "sells", "restores", "questions", "funds", "withdraws", "publishes",
)  # fmt: skip
THINGS = (
    "budget", "bridge repairs", "tide barrier", "timetable", "winter plan", "rent survey",
    "dredging contract", "school meals", "flood map", "tenders", "night service", "archive",
    "roof", "license rules", "pier", "noise limits", "tree felling", "parking scheme",
)  # fmt: skip
TEXT = (
    "the members heard that costs had risen since spring and that nobody had asked why while"
    " residents near the quay said the work began early and ended late in weather that would have"
    " stopped any other crew although officials insisted the schedule was agreed in writing and"
    " that a second report would follow before the next meeting when a vote is expected to be"
    " close because three seats changed hands and the figures first shown were not those on the"
    " final page according to minutes released on request after a delay of six weeks"
)
WORDS = TEXT.split()


class Command(BaseCommand):
    help = (
        "Fill the archive with N plausible stories of about 800 words, spread evenly backwards from"
        " now, for benchmarks. Uses the sections, authors and pictures that are there, or makes some."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, help="How many stories.")
        parser.add_argument("--seed", type=int, default=1, help="For another archive of the kind.")

    def handle(self, *args: Any, number: int, seed: int, **options: Any) -> None:
        if number < 1:
            message = "Say how many stories: a number from 1 on."
            raise CommandError(message)
        maker = Maker(random.Random(seed), begun=timezone.now())  # noqa: S311 - not a secret
        made = 0
        stories = maker.stories(number)
        while batch := list(islice(stories, BATCH)):
            workflow.bring_in(batch, note="seed archive")
            made += len(batch)
            self.stdout.write(f"\r{made:,} of {number:,} stories", ending="")
            self.stdout.flush()
        self.stdout.write("")


class Maker:
    """Makes stories; the same seed makes the same ones."""

    def __init__(self, chance: random.Random, *, begun: datetime) -> None:
        self.chance = chance
        self.begun = begun
        self.sections = list(Section.objects.all()) or _sections()
        self.authors = list(Author.objects.all()) or _authors()
        self.tags = [snapshot.reference(tag) for tag in Tag.objects.filter(merged_into=None)[:200]]
        self.tags = self.tags or [snapshot.reference(tag) for tag in _tags()]
        self.images = list(Image.objects.exclude(credit="")[:50])

    def stories(self, number: int) -> Iterator[workflow.Incoming]:
        step = timedelta(days=1) / PER_DAY
        for count in range(1, number + 1):
            at = self.begun - count * step
            yield workflow.Incoming(
                content=self.content(count), state=State.PUBLISHED, published_at=at
            )

    def content(self, count: int) -> Snapshot:
        subject, deed, thing = (self.chance.choice(words) for words in (SUBJECTS, DEEDS, THINGS))
        headline = f"{subject} {deed} {thing}"
        lead = self.chance.choice(self.images) if self.images and count % 3 else None
        return snapshot.blank(self.chance.choice(self.sections)) | {
            "headline": headline[0].upper() + headline[1:],
            "standfirst": self.sentence(18),
            # The number makes the address unlike any other of the month.
            "slug": f"{headline.replace(' ', '-').lower()}-{self.begun:%y%j}{count}",
            "kind": self.chance.choices((Kind.NEWS, Kind.ANALYSIS, Kind.OPINION), (8, 1, 1))[0],
            "body": self.body(),
            "lead_image": snapshot.reference(lead),
            "lead_waived": lead is None,
            "bylines": [
                {"author": snapshot.reference(author), "role": "writer"}
                for author in self.chance.sample(self.authors, k=1 + (count % 7 == 0))
            ],
            "tags": self.chance.sample(self.tags, k=min(3, len(self.tags))),
        }

    def body(self) -> str:
        parts = []
        for number in range(12):
            if number and number % 4 == 0:
                parts.append(f"<h2>{self.sentence(4).rstrip('.')}</h2>")
            parts.append(f"<p>{' '.join(self.sentence(16) for _ in range(4))}</p>")
        return "".join(parts)

    def sentence(self, length: int) -> str:
        start = self.chance.randrange(len(WORDS) - length)
        words = " ".join(WORDS[start : start + length])
        return f"{words[0].upper()}{words[1:]}."


def _sections() -> list[Section]:
    names = ("City", "Harbor", "Region", "Business", "Culture", "Sports", "Opinion")
    return [
        section_workflow.place(Section(name=name, slug=name.lower(), order=order), by=None)
        for order, name in enumerate(names)
    ]


def _authors() -> list[Author]:
    names = ("Ada Verne", "Bo Lindqvist", "Cleo Marsh", "Dov Abara", "Eda Quist", "Finn Oduya")
    return [Author.objects.create(name=name, slug=name.lower().replace(" ", "-")) for name in names]


def _tags() -> list[Tag]:
    return [Tag.objects.create(name=thing.capitalize()) for thing in THINGS]
