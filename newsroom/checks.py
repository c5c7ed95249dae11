"""System checks; each message is a sentence that names the fix."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def site_url(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E001-E003: ``SITE_URL`` is an origin, and plain http stays on this machine."""
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return [
            Error(
                f"SITE_URL is {settings.SITE_URL!r}. Set it to the site's address, such as"
                " https://www.example.com.",
                id="newsroom.E001",
            )
        ]
    found: list[CheckMessage] = []
    if parts.path or parts.query or parts.fragment or parts.username:
        found.append(
            Error(
                f"SITE_URL is {settings.SITE_URL!r}. Leave only scheme, host and port in it: the"
                " site lives at the root of its host.",
                id="newsroom.E002",
            )
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and not settings.ALLOW_PLAIN_HTTP:
        found.append(
            Error(
                f"SITE_URL is {settings.SITE_URL!r}: passwords would cross the network in the"
                " clear. Use https, or set ALLOW_PLAIN_HTTP=1 on a closed network.",
                id="newsroom.E003",
            )
        )
    return found


def time_and_hosts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E004-E005: rows hold UTC, and a wildcard host is refused."""
    found: list[CheckMessage] = []
    if not settings.USE_TZ or settings.TIME_ZONE != "UTC":
        found.append(
            Error(
                "USE_TZ must be on and TIME_ZONE must be UTC: publishing times are compared as"
                " stored. The time zone that people see is set in the admin, in the publication.",
                id="newsroom.E004",
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "EXTRA_HOSTS holds '*', so any Host header would be believed. Name the hosts.",
                id="newsroom.E005",
            )
        )
    return found


def proxies(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """W001: behind a proxy that nobody counts, all the world comes from one address."""
    if settings.SECURE_PROXY_SSL_HEADER and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return [
            Caution(
                "BEHIND_PROXY is on and TRUSTED_PROXIES is 0, so every login seems to come from"
                " the proxy, and strangers use up the tries of the newsroom. Set TRUSTED_PROXIES"
                " to the number of proxies that add to X-Forwarded-For, mostly 1.",
                id="newsroom.W001",
            )
        ]
    return []
