"""The back office: Django's admin, with our name on it and our login."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made in the admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


#: Apps as a newsroom reaches for them; what is not named comes last.
ORDER = ("articles", "images", "authors", "sections", "publication", "redirects", "accounts")


class Desk(admin.AdminSite):
    """The one AdminSite."""

    site_header = "Newsroom desk"
    site_title = "Desk"
    index_title = "Desk"

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """By allauth, with its rate limits; the admin's own form is never shown."""
        guarded: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return guarded

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The apps of the index in the desk's order instead of the alphabet's."""
        apps = super().get_app_list(request, app_label)
        rank = {label: place for place, label in enumerate(ORDER)}
        return sorted(apps, key=lambda app: rank.get(app["app_label"], len(ORDER)))
