from django.apps import AppConfig


class SectionsConfig(AppConfig):
    name = "sections"

    def ready(self) -> None:
        from newsroom.redirects import paths
        from sections.models import sections_at

        paths.register(sections_at)
