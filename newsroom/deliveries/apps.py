from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    name = "newsroom.deliveries"
    verbose_name = "Deliveries"

    def ready(self) -> None:
        from newsroom.deliveries import outbox, purge

        outbox.register(purge.KIND, purge.deliver)
