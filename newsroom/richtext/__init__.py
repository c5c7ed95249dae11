"""Body text: what a story may consist of, and everything that is read out of it.

A body is stored as canonical HTML: what `clean` returns, and `clean` of that is the same again.
Pictures, embeds, graphics and related articles are references (`<figure data-image="12">`);
`expand` puts the real thing in their place when a page is rendered, and nothing stores the result.

`allowed` says what a body may hold, `cleaning` how it becomes that, `reading` and `headings` what is
in it, `rendering` and `feeds` what readers get. All of it knows strings only: no settings, no
models, no requests.
"""

from newsroom.richtext.addresses import PROVIDERS, Embed, embed
from newsroom.richtext.allowed import MAX_BODY_BYTES, TooLong
from newsroom.richtext.cleaning import clean
from newsroom.richtext.feeds import absolute
from newsroom.richtext.headings import Subhead, subheads
from newsroom.richtext.plain import paragraphs
from newsroom.richtext.reading import (
    Reference,
    References,
    excerpt,
    plain_text,
    reading_minutes,
    references,
    word_count,
)
from newsroom.richtext.rendering import expand

__all__ = [
    "MAX_BODY_BYTES",
    "PROVIDERS",
    "Embed",
    "Reference",
    "References",
    "Subhead",
    "TooLong",
    "absolute",
    "clean",
    "embed",
    "excerpt",
    "expand",
    "paragraphs",
    "plain_text",
    "reading_minutes",
    "references",
    "subheads",
    "word_count",
]
