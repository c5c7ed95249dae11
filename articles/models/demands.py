"""What an outlet asks of a story before it is published: blocks, warns, or is not asked."""

from functools import reduce
from operator import and_
from typing import Any

from django.db import models
from django.db.models import Q

#: Only one row exists; this is its key.
ONLY = 1
#: Search engines cut headlines near here (Google's title links).
LONG_HEADLINE = 110


class Level(models.TextChoices):
    BLOCKS = "blocks", "Blocks publishing"
    WARNS = "warns", "Warns only"
    OFF = "off", "Not asked"


#: Each demand that can be switched, with what the chief reads and how much it is when nobody has
#: chosen. What the law, a contract or the page itself demands is not here (articles.checklist).
SWITCHES: dict[str, tuple[str, Level]] = {
    "standfirst": ("A standfirst", Level.BLOCKS),
    "body": ("A text", Level.BLOCKS),
    "bylines": ("A byline", Level.BLOCKS),
    "lead_image": ("A lead image, or the word that it needs none", Level.BLOCKS),
    "alt": ("An alternative text for every picture", Level.BLOCKS),
    "credit": ("A credit, where no contract asks for it", Level.BLOCKS),
    "to_come": ("No TK left in the text", Level.BLOCKS),
    "long_headline": (f"A headline of {LONG_HEADLINE} characters at most", Level.WARNS),
    "tags": ("A topic", Level.WARNS),
}


def _switch(name: str) -> Any:
    label, level = SWITCHES[name]
    return models.CharField(label, max_length=6, choices=Level.choices, default=level)


class Demands(models.Model):
    """The outlet's switches. There is one row; ``current()`` gives it."""

    standfirst = _switch("standfirst")
    body = _switch("body")
    bylines = _switch("bylines")
    lead_image = _switch("lead_image")
    alt = _switch("alt")
    credit = _switch("credit")
    to_come = _switch("to_come")
    long_headline = _switch("long_headline")
    tags = _switch("tags")

    class Meta:
        verbose_name = verbose_name_plural = "checklist"
        constraints = [
            models.CheckConstraint(condition=Q(pk=ONLY), name="demands_are_one"),
            models.CheckConstraint(
                condition=reduce(and_, (Q((f"{name}__in", Level.values)) for name in SWITCHES)),
                name="demands_are_known",
            ),
        ]

    def __str__(self) -> str:
        return "The checklist"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = ONLY
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "Demands":
        """The one row, or the defaults before anybody has saved it. One query."""
        return cls.objects.filter(pk=ONLY).first() or cls(pk=ONLY)

    def levels(self) -> dict[str, Level]:
        return {name: Level(getattr(self, name)) for name in SWITCHES}
