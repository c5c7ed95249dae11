from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from articles import permissions
        from articles.models import article
        from newsroom.redirects import paths

        paths.register(article.articles_at)
        post_migrate.connect(permissions.make_groups, sender=self)
