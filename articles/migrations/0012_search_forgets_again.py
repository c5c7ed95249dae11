"""SQLite changes a table by making it anew, and its triggers are lost with the old one: 0006 did that
to ``articles_article``. Here the trigger of 0002 comes back, and what was not forgotten since goes."""

from django.db import migrations

FORGETS = (
    """
    CREATE TRIGGER IF NOT EXISTS articles_search_forgets AFTER DELETE ON articles_article BEGIN
        DELETE FROM articles_search WHERE article_id = old.id;
    END
    """,
    "DELETE FROM articles_search WHERE article_id NOT IN (SELECT id FROM articles_article)",
)


def forget(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in FORGETS:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_tag_merges")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
