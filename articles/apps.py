from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from articles import announcements, permissions, workflow
        from articles.models import article
        from authors.workflow import RENAMED
        from newsroom.deliveries import outbox
        from newsroom.images import library
        from newsroom.redirects import paths

        paths.register(article.articles_at)
        outbox.register(RENAMED, workflow.index_author)
        outbox.register(library.RETELL, workflow.index_picture, queue=outbox.DEFAULT)
        announcements.register()
        post_migrate.connect(permissions.make_groups, sender=self)
