from django.apps import AppConfig


class ImagesConfig(AppConfig):
    name = "newsroom.images"
    verbose_name = "Images"

    def ready(self) -> None:
        from newsroom.deliveries import outbox
        from newsroom.images import expiry, library, rendering
        from newsroom.storage import ORIGINALS, folders

        outbox.register(library.RENDER, rendering.deliver, queue=outbox.PICTURES)
        outbox.register(library.SWEEP, library.sweep, queue=outbox.DEFAULT)
        outbox.register(library.RIGHTS, expiry.deliver, queue=outbox.DEFAULT)
        folders.register("renditions/", library.names_of_renditions)
        folders.register(ORIGINALS, library.names_of_originals)
