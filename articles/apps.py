from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from articles import announcements, permissions, workflow
        from articles.models import Article, article
        from authors.workflow import RENAMED
        from newsroom.deliveries import outbox
        from newsroom.images import library
        from newsroom.images.models import register_public
        from newsroom.redirects import paths

        paths.register(article.articles_at)
        outbox.register(RENAMED, workflow.index_author)
        outbox.register(library.RETELL, workflow.index_picture, queue=outbox.DEFAULT)
        register_public(
            lambda now: Article.objects.published(now=now), "lead_image", "body_images__image"
        )
        announcements.register()
        post_migrate.connect(permissions.make_groups, sender=self)
