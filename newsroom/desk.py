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
