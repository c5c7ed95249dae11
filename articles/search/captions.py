"""What readers find under the pictures of stories: their captions, while the rights hold."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from newsroom import richtext
from newsroom.images.models import Image

#: A picture as a clean body has it, and what the story itself says under it.
_FIGURE = re.compile(r'<figure data-image="([0-9]+)"[^>]*>(.*?)</figure>', re.DOTALL)


@dataclass(frozen=True)
class Captions:
    """The captions of a batch of articles at a moment.

    ``bodies`` is their HTML; ``told`` says for each picture whose words are told with it: its own,
    after the end of its rights those of its fallback, else none.
    """

    bodies: dict[int, str]
    told: dict[int, Image | None]

    def words(self, article: int, text: str) -> str:
        """The words of a body, without those under pictures that are not shown any more."""
        html = self.bodies.get(article, "")
        if all(self._is_told(pk) for pk, own in _figures(html) if own):
            return text
        shown = _FIGURE.sub(lambda one: one[0] if self._is_told(int(one[1])) else "", html)
        return richtext.plain_text(shown)

    def of_lead(self, image: int | None, own: str) -> str:
        """What the story says of its lead image, else what the library does."""
        return own if own and self._is_told(image) else self._library(image)

    def of_body(self, article: int) -> list[str]:
        """Those that the body takes from the library; its own are in its words."""
        figures = _figures(self.bodies.get(article, ""))
        return [self._library(pk) for pk, own in figures if not (own and self._is_told(pk))]

    def _is_told(self, image: int | None) -> bool:
        told = self.told.get(image or 0)
        return told is not None and told.pk == image

    def _library(self, image: int | None) -> str:
        told = self.told.get(image or 0)
        return told.caption if told else ""


def captions(bodies: dict[int, str], leads: Iterable[int], *, now: datetime) -> Captions:
    """Of articles by the clean HTML of their bodies, and the keys of their lead images. One query,
    none where there is no picture."""
    used = {image for html in bodies.values() for image, _ in _figures(html)}
    # Without their files: the words of a picture are told while these are being made, too.
    rows = Image.objects.with_fallbacks().defer("renditions", "fallback__renditions")
    images = rows.in_bulk({*leads, *used})
    return Captions(bodies, told={pk: image.told(now=now) for pk, image in images.items()})


def _figures(html: str) -> list[tuple[int, str]]:
    return [(int(pk), own) for pk, own in _FIGURE.findall(html)]
