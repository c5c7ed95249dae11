from django.apps import AppConfig


class RedirectsConfig(AppConfig):
    name = "newsroom.redirects"
    verbose_name = "Redirects"
