from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    name = "newsroom.deliveries"
    verbose_name = "Deliveries"
