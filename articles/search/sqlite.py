"""The index in SQLite: FTS5 over a table of the indexed text (migration 0002).

Stemming is Porter's, diacritics are folded by the tokenizer, no word is too common to be found.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models.expressions import RawSQL

from articles.models import ArticleQuerySet
from articles.search.backend import RANKED, Marked, Match, Scope
from articles.search.entries import Entry
from articles.search.words import END_MARK, MARK, Query, Term

#: A row id is the publishing time in seconds before this many bits of the article's key: the order
#: of row ids is that of time. Room for 268 million articles and the years 881 to 3058.
KEY_BITS = 28
KEY_MASK = (1 << KEY_BITS) - 1
FURTHEST = (1 << 63) - 1

#: bm25 weights of headline, standfirst, authors, tags, body.
WEIGHTS = "10.0, 5.0, 4.0, 4.0, 1.0"

_MATCHES = f"""
    SELECT articles_search_words.rowid & {KEY_MASK}, %s,
           -bm25(articles_search_words, {WEIGHTS})
    FROM articles_search_words
    WHERE articles_search_words MATCH %s AND articles_search_words.rowid BETWEEN %s AND %s
      AND EXISTS ({{public}})
    ORDER BY articles_search_words.rowid DESC LIMIT %s
"""  # noqa: S608 - numbers of this module
_MARKED = f"""
    SELECT articles_search_words.rowid & {KEY_MASK},
           highlight(articles_search_words, 0, %s, %s),
           highlight(articles_search_words, 1, %s, %s), highlight(articles_search_words, 4, %s, %s)
    FROM articles_search_words
    WHERE articles_search_words MATCH %s AND {{sign}}articles_search_words.rowid IN
          (SELECT docid FROM articles_search WHERE article_id IN ({{places}}))
"""  # noqa: S608 - numbers of this module


def write(entries: list[Entry]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO articles_search"
            " (docid, article_id, headline, standfirst, authors, tags, body)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                (_row_id(entry.published_at, entry.pk), entry.pk, entry.headline, entry.standfirst,
                 entry.authors, entry.tags, entry.body)
                for entry in entries
            ],
        )  # fmt: skip


def remove(pks: Collection[int]) -> None:
    if pks:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM articles_search WHERE article_id IN ({_places(pks)})",  # noqa: S608 - our own SQL, values as parameters
                list(pks),
            )


def tidy(findable: ArticleQuerySet) -> None:
    own_key = RawSQL("articles_search.article_id", [])
    kept, filters = findable.filter(pk=own_key).values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM articles_search WHERE NOT EXISTS ({kept})", filters)  # noqa: S608 - our own SQL, values as parameters
        cursor.execute(
            "INSERT INTO articles_search_words (articles_search_words) VALUES ('rebuild')"
        )


def matches(query: Query, scope: Scope) -> list[Match]:
    # Correlated, so that SQLite looks up single rows and never makes a list of all public stories.
    own_key = RawSQL(f"articles_search_words.rowid & {KEY_MASK}", [])  # noqa: S611 - a number
    public, filters = scope.public.filter(pk=own_key).values("pk").query.sql_with_params()
    select = _MATCHES.format(public=public)
    first = _row_id(scope.since, 0) if scope.since else -FURTHEST
    last = _row_id(scope.until + timedelta(microseconds=999_999), 0) - 1
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({select}) UNION ALL SELECT * FROM ({select})",  # noqa: S608 - our own SQL, values as parameters
            [
                *(1, _match(query, "headline"), first, last, *filters, RANKED),
                *(0, _match(query), first, last, *filters, RANKED + 1),
            ],
        )
        return [Match(pk, bool(in_headline), score) for pk, in_headline, score in cursor]


def marked(query: Query, pks: Iterable[int]) -> dict[int, Marked]:
    pks = list(pks)
    # FTS5 begins anew for each row id that it is asked for, which is dear for the beginning of a
    # word; a plus sign makes SQLite go through the matches once instead.
    sign = "+" if any(term.is_prefix for term in query.wanted) else ""
    with connection.cursor() as cursor:
        cursor.execute(
            _MARKED.format(places=_places(pks), sign=sign),
            [*[MARK, END_MARK] * 3, _match(query), *pks],
        )
        return {pk: Marked(*texts) for pk, *texts in cursor}


def _row_id(at: datetime, pk: int) -> int:
    row_id = int(at.timestamp()) << KEY_BITS | pk & KEY_MASK
    return max(-FURTHEST, min(row_id, FURTHEST))


def _places(values: Collection[int]) -> str:
    return ", ".join(["%s"] * len(values))


def _match(query: Query, column: str = "") -> str:
    """The query in the language of FTS5 (sqlite.org/fts5.html, section 3); words are all quoted."""
    wanted = " AND ".join(_term(term) for term in query.wanted)
    unwanted = "".join(f" NOT {_term(term)}" for term in query.unwanted)
    return (f"{column} : ({wanted})" if column else f"({wanted})") + unwanted


def _term(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + (" *" if term.is_prefix else "")
