from django.apps import AppConfig


class ImagesConfig(AppConfig):
    name = "newsroom.images"
    verbose_name = "Images"

    def ready(self) -> None:
        from newsroom.images import library
        from newsroom.storage import ORIGINALS, folders

        folders.register("renditions/", library.names_of_renditions)
        folders.register(ORIGINALS, library.names_of_originals)
