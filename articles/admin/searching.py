"""Which stories the desk finds by words: those that are out or to come by the index of words, the
others, which are few, by what their rows hold."""

import re
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from articles import search
from articles.models import ArticleQuerySet, Byline, TaggedArticle
from articles.models.tag import fold

#: Letters of what is typed that are looked at, and words of it.
MAX_LETTERS, MAX_WORDS = 200, 10

_WORD = re.compile(r'"([^"]+)"?|([^\s"]+)')


def found(rows: ArticleQuerySet, typed: str) -> ArticleQuerySet:
    """Those of the rows with all the words, all for none; or the story of an address.

    In what was given out every word of the page counts, the last also as a beginning, and at most
    ``search.RANKED`` stories are found, the newest. In the others headline, standfirst, slug,
    authors and topics count, wherever the letters stand. One query beside that of the rows.
    """
    typed = typed.strip()[:MAX_LETTERS]
    words = [phrase or word for phrase, word in _WORD.findall(typed)][:MAX_WORDS]
    if not words:
        return rows
    if "/" in typed and len(words) == 1:
        return rows.filter(path=urlsplit(typed).path)
    held = rows.out_of_sight()
    for word in words:
        held = held.filter(_holds(word))
    return rows.filter(pk__in=search.keys(_as_typed(typed), now=timezone.now())) | held


def _as_typed(typed: str) -> str:
    """The last word may not be finished yet."""
    return f"{typed}*" if typed[-1].isalnum() else typed


def _holds(word: str) -> Q:
    own = Q(headline__icontains=word) | Q(standfirst__icontains=word) | Q(slug__icontains=word)
    bylines = Byline.objects.filter(article=OuterRef("pk"), author__name__icontains=word)
    tagged = TaggedArticle.objects.filter(
        content_object=OuterRef("pk"), tag__folded__contains=fold(word)
    )
    return own | Exists(bylines) | Exists(tagged)
