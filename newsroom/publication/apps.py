from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "newsroom.publication"
    verbose_name = "Publication"

    def ready(self) -> None:
        from newsroom.publication.models import house_pages_at, names_of_logos
        from newsroom.redirects import paths
        from newsroom.storage import folders

        paths.register(house_pages_at)
        folders.register("publication/", names_of_logos)
