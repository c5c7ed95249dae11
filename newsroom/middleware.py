"""Middleware of the whole site. Readers never meet a session, a user or a cookie (law 10)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware

Handler = Callable[[HttpRequest], HttpResponseBase]

#: The only prefixes with session, user, messages and CSRF cookie.
DESK_PREFIXES = ("/admin/", "/accounts/")


def is_desk(request: HttpRequest) -> bool:
    return request.path_info.startswith(DESK_PREFIXES)


class AtTheDesk:
    """Mixed into a middleware of Django's, it lets the readers' requests pass by."""

    def __call__(self, request: HttpRequest) -> Any:
        if is_desk(request):
            return super().__call__(request)  # type: ignore[misc]
        return self.get_response(request)  # type: ignore[attr-defined]


class DeskSession(AtTheDesk, SessionMiddleware):
    pass


class DeskAuthentication(AtTheDesk, AuthenticationMiddleware):
    pass


class DeskMessages(AtTheDesk, MessageMiddleware):
    pass


def refuse_large(get_response: Handler) -> Handler:
    """413 before a byte is read: Django would write an upload of any size to the disk first.

    The largest picture fits, with the form around it.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = settings.MAX_UPLOAD_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if not (length.isascii() and length.isdecimal() and int(length[:18]) <= limit):
            sentence = f"More than {limit // 1_048_576} MB cannot be sent. Choose a smaller file.\n"
            return HttpResponse(sentence, status=413, content_type="text/plain")
        return get_response(request)

    return handle


class PublicConditionalGet(ConditionalGetMiddleware):
    """Answers 304 to a reader or feed client that has the page already."""

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if is_desk(request) else super().__call__(request)


def resource_policy(get_response: Handler) -> Handler:
    """Headers that Django does not set: nobody else embeds us; the page gets no device."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        if is_desk(request):
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response

    return handle


def refuse_nul(get_response: Handler) -> Handler:
    """404 for a NUL in path or query: PostgreSQL cannot even be asked for one (500 otherwise)."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            message = "An address never holds a NUL."
            raise Http404(message)
        return get_response(request)

    return handle
