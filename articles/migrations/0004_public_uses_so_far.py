"""The pictures of what is public, was public or is scheduled, written down as publishing does it.

Pictures that left a story before this were written down nowhere and stay unknown.
"""

from django.db import migrations

# A story has a publishing time from publishing or scheduling on (a constraint of the table).
NOTE = """
INSERT INTO articles_publicuse (article_id, image_id)
SELECT id, lead_image_id FROM articles_article
WHERE published_at IS NOT NULL AND lead_image_id IS NOT NULL
UNION
SELECT body.article_id, body.image_id FROM articles_bodyimage AS body
JOIN articles_article AS article ON article.id = body.article_id
WHERE article.published_at IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0003_public_uses'),
    ]

    operations = [
        migrations.RunSQL(NOTE, reverse_sql="DELETE FROM articles_publicuse"),
    ]
