"""A stored body as readers get it: references become pictures, links and cards (law 7)."""

from collections.abc import Mapping
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from newsroom import richtext
from newsroom.images.models import Image

#: How wide a picture of each size gets, for the browser's choice of file (CSS px, reader.md).
SIZES = {
    "": "(min-width: 40rem) 38rem, 100vw",
    "inline": "(min-width: 40rem) 38rem, 100vw",
    "wide": "(min-width: 60rem) 48rem, 100vw",
    "full": "(min-width: 80rem) 72rem, 100vw",
    "small": "(min-width: 40rem) 19rem, 100vw",
}

#: How readers know the providers whose embeds a body may hold (richtext's names).
PROVIDERS = {
    "youtube": "YouTube",
    "vimeo": "Vimeo",
    "x": "X",
    "datawrapper": "Datawrapper",
    "bluesky": "Bluesky",
}


def pictures(html: str) -> dict[int, Image]:
    """The pictures that a body refers to. One query, none when it refers to none."""
    wanted = richtext.references(html).images
    return Image.objects.with_fallbacks().in_bulk(wanted) if wanted else {}


def render(
    html: str, *, images: Mapping[int, Image], articles: Mapping[int, Article], now: datetime
) -> SafeString:
    """The body as HTML for readers at a moment. Cleaned once more; no query.

    ``images`` come with their fallbacks: one whose rights have ended is not shown any more.
    ``articles`` holds the public stories that the body may refer to; a reference to any other
    shows nothing.
    """

    def figure(reference: richtext.Reference) -> str:
        match reference.kind:
            case "image":
                return _image(reference, images, now)
            case "article":
                return _article(reference, articles)
            case "embed":
                return _embed(reference)
        return ""

    return mark_safe(richtext.expand(html, figure=figure))  # noqa: S308 - expand cleans first, our templates escape


def _image(reference: richtext.Reference, images: Mapping[int, Image], now: datetime) -> str:
    image = images.get(int(reference.value))
    shown = image.shown(now=now) if image else None
    if shown is None:
        return ""
    # What the story says under a picture is not said under the one that stands in for it.
    caption = _caption(reference) if shown is image else ""
    return render_to_string(
        "articles/body_image.html",
        {
            "picture": shown.picture(sizes=SIZES.get(reference.size, SIZES[""])),
            "size": reference.size or "inline",
            "caption": mark_safe(caption),  # noqa: S308 - cleaned by expand
        },
    )


def _caption(reference: richtext.Reference) -> str:
    """What stands in the figcaption of a stored figure; the page's figcaption is around it."""
    return reference.inner.removeprefix("<figcaption>").removesuffix("</figcaption>")


def _article(reference: richtext.Reference, articles: Mapping[int, Article]) -> str:
    article = articles.get(int(reference.value))
    return render_to_string("articles/body_related.html", {"article": article}) if article else ""


def _embed(reference: richtext.Reference) -> str:
    embed = richtext.embed(reference.value)
    if embed is None:
        return ""
    context = {"url": embed.address, "provider": PROVIDERS[embed.provider]}
    return render_to_string("articles/body_embed.html", context)
