"""The search index: tables that no model owns, because each database has its own kind.

Both keep the rule that a deleted article leaves no entry by a trigger on ``articles_article``, not
by a foreign key: ``flush`` empties only tables of models, and would be refused on PostgreSQL and
leave dangling keys on SQLite. On SQLite a later migration that rebuilds ``articles_article`` drops
its triggers and must make this one again; ``tests/articles/test_search.py`` fails until it does.
"""

from django.db import migrations
from django.db.utils import NotSupportedError

# articles_search is the text as it was indexed, which FTS5 needs to forget it and to highlight it.
# docid is the publishing time and the article's key in one number, so that FTS5, which gives
# matches in the order of its row ids, gives the newest first (articles/search/sqlite.py).
SQLITE = (
    """
    CREATE TABLE articles_search (
        docid integer PRIMARY KEY,
        article_id bigint NOT NULL UNIQUE,
        headline text NOT NULL,
        standfirst text NOT NULL,
        authors text NOT NULL,
        tags text NOT NULL,
        body text NOT NULL
    )
    """,
    """
    CREATE VIRTUAL TABLE articles_search_words USING fts5(
        headline, standfirst, authors, tags, body,
        content='articles_search', content_rowid='docid',
        tokenize='porter unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER articles_search_added AFTER INSERT ON articles_search BEGIN
        INSERT INTO articles_search_words (rowid, headline, standfirst, authors, tags, body)
        VALUES (new.docid, new.headline, new.standfirst, new.authors, new.tags, new.body);
    END
    """,
    """
    CREATE TRIGGER articles_search_removed AFTER DELETE ON articles_search BEGIN
        INSERT INTO articles_search_words
            (articles_search_words, rowid, headline, standfirst, authors, tags, body)
        VALUES
            ('delete', old.docid, old.headline, old.standfirst, old.authors, old.tags, old.body);
    END
    """,
    """
    CREATE TRIGGER articles_search_forgets AFTER DELETE ON articles_article BEGIN
        DELETE FROM articles_search WHERE article_id = old.id;
    END
    """,
)

SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS articles_search_forgets",
    "DROP TABLE articles_search_words",
    "DROP TABLE articles_search",
)

# newsroom_words is english without stop words: "to be or not to be" and "The Who" can be found.
# Making a dictionary from a template that is there needs no superuser.
# articles_search_found is a function for its SET: the planner does not count what it costs to fetch
# a vector from outside the row, so for common words it would rather read every vector of the archive
# (seen: 20 times slower at 20,000 stories) than ask the index, which needs none of them.
POSTGRESQL = (
    "CREATE TEXT SEARCH DICTIONARY newsroom_stem (TEMPLATE = snowball, Language = english)",
    "CREATE TEXT SEARCH CONFIGURATION newsroom_words (COPY = pg_catalog.english)",
    """
    ALTER TEXT SEARCH CONFIGURATION newsroom_words
        ALTER MAPPING REPLACE english_stem WITH newsroom_stem
    """,
    """
    CREATE TABLE articles_search (
        article_id bigint PRIMARY KEY,
        published_at timestamptz NOT NULL,
        headline tsvector NOT NULL,
        words tsvector NOT NULL
    )
    """,
    "CREATE INDEX articles_search_words ON articles_search USING gin (words)",
    """
    CREATE FUNCTION articles_search_found(
        asked tsquery, wanted tsquery, since timestamptz, until timestamptz
    ) RETURNS TABLE (article_id bigint, published_at timestamptz, in_headline boolean)
    LANGUAGE sql STABLE ROWS 10000 SET enable_seqscan = off AS $$
        SELECT entry.article_id, entry.published_at, entry.headline @@ wanted
        FROM articles_search AS entry
        WHERE entry.words @@ asked AND entry.published_at >= since AND entry.published_at < until
    $$
    """,
    """
    CREATE FUNCTION articles_search_forget() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            DELETE FROM articles_search;
        ELSE
            DELETE FROM articles_search WHERE article_id = OLD.id;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER articles_search_forgets AFTER DELETE ON articles_article
        FOR EACH ROW EXECUTE FUNCTION articles_search_forget()
    """,
    """
    CREATE TRIGGER articles_search_forgets_all AFTER TRUNCATE ON articles_article
        FOR EACH STATEMENT EXECUTE FUNCTION articles_search_forget()
    """,
)

POSTGRESQL_BACK = (
    "DROP TRIGGER articles_search_forgets_all ON articles_article",
    "DROP TRIGGER articles_search_forgets ON articles_article",
    "DROP FUNCTION articles_search_forget()",
    "DROP FUNCTION articles_search_found(tsquery, tsquery, timestamptz, timestamptz)",
    "DROP TABLE articles_search",
    "DROP TEXT SEARCH CONFIGURATION newsroom_words",
    "DROP TEXT SEARCH DICTIONARY newsroom_stem",
)


def make(apps, schema_editor):
    run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def unmake(apps, schema_editor):
    run(schema_editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


def run(schema_editor, statements_of):
    vendor = schema_editor.connection.vendor
    if vendor not in statements_of:
        raise NotSupportedError(f"Search needs SQLite or PostgreSQL, and this is {vendor}.")
    for statement in statements_of[vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(make, unmake)]
