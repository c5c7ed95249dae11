from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "newsroom.publication"
    verbose_name = "Publication"

    def ready(self) -> None:
        from newsroom.publication.models import house_pages_at
        from newsroom.redirects import paths

        paths.register(house_pages_at)
