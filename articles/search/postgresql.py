"""The index in PostgreSQL: word vectors with a GIN index (migration 0002).

The configuration ``newsroom_words`` is ``english`` without stop words: "ferries" finds "ferry", and
no word is too common to be found. Text is folded in Python on its way in, and so are queries: that
spares the ``unaccent`` extension, which may need a superuser, and keeps PostgreSQL's parser from
taking "harbor/ferries" for a file name. Results are marked on the folded text, which is as long as
the original, and the marks are transferred.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection
from django.db.models.expressions import RawSQL

from articles.models import ArticleQuerySet
from articles.search import entries as rows
from articles.search.backend import RANKED, Marked, Match, Scope
from articles.search.entries import Entry
from articles.search.marked import transfer
from articles.search.words import END_MARK, MARK, Query, Term, fold

#: A vector holds 1 MB at most; this much text cannot make a larger one. 60,000 words.
MAX_VECTOR_BYTES = 400_000
#: Marks are looked for in this much of a body.
MAX_MARKED_CHARS = 60_000

_VECTOR = "to_tsvector('newsroom_words', %s)"
_QUERY = "to_tsquery('newsroom_words', %s)"
_WRITE = f"""
    INSERT INTO articles_search (article_id, published_at, headline, words)
    VALUES (%s, %s, {_VECTOR}, setweight({_VECTOR}, 'A') || setweight({_VECTOR}, 'B')
        || setweight({_VECTOR}, 'C') || setweight({_VECTOR}, 'D'))
    ON CONFLICT (article_id) DO UPDATE SET published_at = excluded.published_at,
        headline = excluded.headline, words = excluded.words
"""  # noqa: S608 - constants of this module

# What may be found by everybody is looked up for the newest only; a section or an author, which the
# index does not know, for every match.
_MATCHES = f"""
    WITH found AS MATERIALIZED (
        SELECT * FROM articles_search_found({_QUERY}, {_QUERY}, coalesce(%s::timestamptz, '-infinity'), %s)
            AS entry
        WHERE {{narrowed}}
    ), newest AS (
        (SELECT * FROM found AS entry WHERE in_headline
         ORDER BY published_at DESC, article_id DESC LIMIT %s)
        UNION
        (SELECT * FROM found AS entry
         ORDER BY published_at DESC, article_id DESC LIMIT %s)
    )
    SELECT entry.article_id, in_headline, ts_rank(words, {_QUERY}, 1)
    FROM newest AS entry JOIN articles_search USING (article_id)
    WHERE {{public}}
    ORDER BY entry.published_at DESC, entry.article_id DESC
"""  # noqa: S608 - constants of this module
_MARKED = f"""
    SELECT ts_headline('newsroom_words', text, {_QUERY},
                       'HighlightAll=true, StartSel="{MARK}", StopSel="{END_MARK}"')
    FROM unnest(%s::text[]) WITH ORDINALITY AS given (text, place) ORDER BY place
"""  # noqa: S608 - constants of this module


def write(entries: list[Entry]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_WRITE, [_row(entry) for entry in entries])


def remove(pks: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search WHERE article_id = ANY(%s)", [list(pks)])


def tidy(findable: ArticleQuerySet) -> None:
    own_key = RawSQL("articles_search.article_id", [])
    kept, filters = findable.filter(pk=own_key).values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM articles_search WHERE NOT EXISTS ({kept})", filters)  # noqa: S608 - our own SQL, values as parameters
        cursor.execute("ANALYZE articles_search")


def matches(query: Query, scope: Scope) -> list[Match]:
    own_key = RawSQL("entry.article_id", [])
    sql, filters = scope.public.filter(pk=own_key).values("pk").query.sql_with_params()
    public, everything, wanted = f"EXISTS ({sql})", _text(query.terms), _text(query.wanted)
    if scope.narrows:
        places = {"narrowed": public, "public": "TRUE"}
        first, last = filters, ()
    else:
        places = {"narrowed": "TRUE", "public": public}
        first, last = (), filters
    params = [everything, wanted, scope.since, scope.until, *first]
    params += [RANKED, RANKED + 1, wanted, *last]
    with connection.cursor() as cursor:
        cursor.execute(_MATCHES.format(**places), params)
        return [Match(*row) for row in cursor]


def marked(query: Query, pks: Iterable[int]) -> dict[int, Marked]:
    texts = rows.texts(pks)
    originals = [
        text[:MAX_MARKED_CHARS]
        for row in texts
        for text in (row.headline, row.standfirst, row.body)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_MARKED, [_text(query.wanted), [fold(text) for text in originals]])
        pairs = zip(cursor.fetchall(), originals, strict=True)
        done = [transfer(folded, original) for (folded,), original in pairs]
    return {row.pk: Marked(*done[3 * at : 3 * at + 3]) for at, row in enumerate(texts)}


def _row(entry: Entry) -> tuple[int | str | datetime, ...]:
    headline, standfirst = fold(entry.headline), fold(entry.standfirst)
    names = fold(f"{entry.authors}\n{entry.tags}")
    body = fold(entry.body).encode()[:MAX_VECTOR_BYTES].decode(errors="ignore")
    return (entry.pk, entry.published_at, headline, headline, standfirst, names, body)


def _text(terms: Iterable[Term]) -> str:
    """Terms in the language of ``to_tsquery``; words are letters and digits only, so safe in it."""
    return " & ".join(_term(term) for term in terms)


def _term(term: Term) -> str:
    words = " <-> ".join(term.words) + (":*" if term.is_prefix else "")
    return f"!({words})" if term.is_negated else f"({words})"
