"""System checks; each message is a sentence that names the fix."""

import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution

from newsroom import outbound
from newsroom.deliveries import indexnow, webhook

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


def folders(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E006, W002: originals of pictures lie where no web server looks."""
    found: list[CheckMessage] = []
    private = Path(settings.PRIVATE_ROOT).resolve()
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        served = Path(getattr(settings, name)).resolve()
        if private.is_relative_to(served) or served.is_relative_to(private):
            found.append(
                Error(
                    f"PRIVATE_ROOT ({private}) and {name} ({served}) lie in one another, and a web"
                    " server may hand out the latter. Set PRIVATE_ROOT to a folder of its own: it"
                    " holds the originals of pictures.",
                    id="newsroom.E006",
                )
            )
    left = Path(settings.MEDIA_ROOT) / "originals"
    if left.is_dir() and any(left.iterdir()):
        found.append(
            Caution(
                f"{left} holds originals of pictures, as the first edition had it: neither the site"
                " finds them there nor are they safe from a web server. Run `manage.py copy_media"
                " --delete-source`, and `manage.py sweep_media --delete` for what is left.",
                id="newsroom.W002",
            )
        )
    return found


def buckets(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E007-E012: pictures on S3 or alike, one bucket for readers and one for originals."""
    if settings.MEDIA_STORAGE not in {"local", "s3"}:
        return [
            Error(
                f"MEDIA_STORAGE is {settings.MEDIA_STORAGE!r}. Set it to local or s3.",
                id="newsroom.E007",
            )
        ]
    used = settings.MEDIA_STORAGE == "s3"
    named = bool(used or settings.MEDIA_BUCKET)
    found = [*_bucket_names(), *_bucket_access()] if named else []
    return [*found, *_media_url(bucket_is_used=used)]


def _bucket_names() -> Iterator[CheckMessage]:
    if not find_spec("storages") or not find_spec("boto3"):
        yield Error(
            "Pictures are to lie in a bucket, and django-storages is not installed. Install"
            " requirements/s3.txt.",
            id="newsroom.E008",
        )
    if not settings.MEDIA_BUCKET:
        yield Error(
            "MEDIA_STORAGE is s3 and MEDIA_BUCKET is empty. Name the bucket that readers get"
            " pictures from.",
            id="newsroom.E009",
        )
    elif settings.ORIGINALS_BUCKET in {"", settings.MEDIA_BUCKET}:
        yield Error(
            "ORIGINALS_BUCKET must name a bucket of its own: readers may fetch everything from"
            f" MEDIA_BUCKET ({settings.MEDIA_BUCKET}), and originals tell where a photograph was"
            " taken. Make a second one that blocks all public access.",
            id="newsroom.E010",
        )


def _bucket_access() -> Iterator[CheckMessage]:
    if bool(settings.S3_ACCESS_KEY) != bool(settings.S3_SECRET_KEY):
        yield Error(
            "Only one of S3_ACCESS_KEY and S3_SECRET_KEY is set. Set both; or none, and the usual"
            " places of AWS are looked into.",
            id="newsroom.E011",
        )
    if settings.S3_ENDPOINT and not _is_web_address(settings.S3_ENDPOINT):
        yield Error(
            f"S3_ENDPOINT is {settings.S3_ENDPOINT!r}. Set it to the server's address, such as"
            " https://minio.example.com; for Amazon leave it empty.",
            id="newsroom.E011",
        )
    if settings.S3_ADDRESSING not in {"auto", "path", "virtual"}:
        yield Error(
            f"S3_ADDRESSING is {settings.S3_ADDRESSING!r}. Set it to path (server/bucket/file),"
            " virtual (bucket.server/file) or auto.",
            id="newsroom.E011",
        )


def _media_url(*, bucket_is_used: bool) -> Iterator[CheckMessage]:
    address = settings.MEDIA_URL
    if address == "/media/" and not bucket_is_used:
        return
    if not _is_web_address(address):
        yield Error(
            f"MEDIA_URL is {address!r}. Set it to where readers fetch pictures: the address of the"
            " bucket, such as https://BUCKET.s3.REGION.amazonaws.com, or of the CDN in front. Only"
            " without a bucket can it be /media/.",
            id="newsroom.E012",
        )
    elif settings.SECURE and urlsplit(address).scheme != "https":
        yield Error(
            f"MEDIA_URL is {address!r}, and a browser on an https page fetches no picture over"
            " http. Begin it with https://.",
            id="newsroom.E012",
        )


def _is_web_address(text: str) -> bool:
    parts = urlsplit(text)
    plain = not (parts.query or parts.fragment or parts.username)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain


def ways_out(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E013-E014: what may be called inside the house, and through which proxy."""
    found: list[CheckMessage] = [
        Error(
            f"OUTBOUND_ALLOW holds {entry!r}. Write each host with its port, such as"
            " 127.0.0.1:9000 or hub.internal:443, and commas between them.",
            id="newsroom.E013",
        )
        for entry in settings.OUTBOUND_ALLOW
        if not re.fullmatch(r"(\[[0-9a-fA-F:.%]+\]|[^\s:/@*]+):\d{1,5}", entry)
    ]
    proxy = urlsplit(settings.OUTBOUND_PROXY)
    if settings.OUTBOUND_PROXY and (proxy.scheme not in {"http", "https"} or not proxy.hostname):
        found.append(
            Error(
                "OUTBOUND_PROXY is not the address of a proxy. Write http://host:port, or leave it"
                " out when this machine reaches the web by itself.",
                id="newsroom.E014",
            )
        )
    return found


def announcements(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E015-E017: who is told of stories can be told, and can believe it."""
    found: list[CheckMessage] = [
        Error(f"{setting}: {sentence}", id="newsroom.E015") for setting, sentence in _uncallable()
    ]
    if settings.INDEXNOW_KEY and not indexnow.KEY.fullmatch(settings.INDEXNOW_KEY):
        found.append(
            Error(
                "INDEXNOW_KEY must be 8 to 128 letters, digits and hyphens. Make one with"
                " `python -c 'import secrets; print(secrets.token_hex(16))'`.",
                id="newsroom.E016",
            )
        )
    if settings.WEBHOOK_URLS and (sentence := _unsigned()):
        found.append(
            Error(
                f"{sentence} Make one with `python -c 'import secrets, base64;"
                ' print("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())\'` and give'
                " it to those who receive the webhooks.",
                id="newsroom.E017",
            )
        )
    return found


def _uncallable() -> Iterator[tuple[str, str]]:
    """Each setting that holds an address which would never be called, and why. The address stays
    out of it: a webhook's may be its password."""
    addresses = {
        "WEBSUB_HUBS": settings.WEBSUB_HUBS,
        "WEBHOOK_URLS": settings.WEBHOOK_URLS,
        "INDEXNOW_ENDPOINT": [settings.INDEXNOW_ENDPOINT] if settings.INDEXNOW_KEY else [],
    }
    for setting, urls in addresses.items():
        yield from ((setting, sentence) for url in urls if (sentence := outbound.objection(url)))


def _unsigned() -> str:
    """What is wrong with the secret of the webhooks, as a sentence."""
    if not settings.WEBHOOK_SECRET:
        return "WEBHOOK_URLS is set and WEBHOOK_SECRET is not, so nobody could believe a webhook."
    try:
        key = webhook.key(settings.WEBHOOK_SECRET)
    except ValueError:
        return f"What follows {webhook.PREFIX} in WEBHOOK_SECRET is not base64."
    if len(key) < webhook.MIN_KEY_BYTES:
        return (
            f"WEBHOOK_SECRET is shorter than {webhook.MIN_KEY_BYTES} bytes, so it can be guessed."
        )
    return ""
