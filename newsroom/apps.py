"""The project package as an app (commands, checks) and Django's admin with our site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.checks import register

from newsroom import checks


class NewsroomConfig(AppConfig):
    name = "newsroom"
    label = "newsroom"

    def ready(self) -> None:
        register(checks.site_url)
        register(checks.time_and_hosts)
        register(checks.proxies)
        register(checks.folders)
        register(checks.buckets)
        register(checks.ways_out)
        register(checks.announcements)


class DeskConfig(AdminConfig):
    default_site = "newsroom.desk.Desk"
