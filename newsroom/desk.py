"""The back office: Django's admin, with our name on it and our login."""

from functools import wraps
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.decorators import secure_admin_login
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path

from newsroom import dashboard


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made in the admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """One look at a password for known and unknown: allauth would take two for a known mail.

        What looks like a mail comes as both; the backend tries a name as either.
        """
        if credentials.get("username"):
            credentials.pop("email", None)
        found: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return found

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses when there were too many wrong passwords; allauth takes back what was right.

        Counted by user, whichever of name and e-mail is typed and whichever host is asked. The
        narrow limit comes first: one address alone cannot use up what the user has everywhere.
        """
        who = _who(credentials)
        keys = {"user and address": f"{who} {ratelimit.get_ip(request)}", "user": who}
        usage = ratelimit.RateLimitUsage(usage=[])
        for name in settings.LOGIN_LIMITS:
            used = ratelimit.consume(
                request,
                app="newsroom",
                action=name.replace(" ", "-"),
                config={name.replace(" ", "-"): settings.LOGIN_LIMITS[name]},
                key=keys.get(name),
            )
            if used is None:
                raise self.validation_error("too_many_login_attempts")
            usage.usage += used.usage
        self._login_failed_rl_usage = usage


def _who(credentials: dict[str, Any]) -> str:
    """The user's key, or what was typed where nobody is called that."""
    typed = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    named = (
        Q(username__iexact=typed) | Q(email__iexact=typed) | Q(emailaddress__email__iexact=typed)
    )
    found = get_user_model()._default_manager.filter(named).order_by("pk").first()
    return f"user:{found.pk}" if found else f"typed:{typed}"


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

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """What is to be done today, above the list of everything that there is."""
        context = {"dashboard": dashboard.of(request, self), **(extra_context or {})}
        return super().index(request, context)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's own door of this name asks nobody for a permission, so ours stands before it."""
        own = path(
            "r/<int:content_type_id>/<int:object_id>/",
            self.admin_view(self.view_on_site),
            name="view_on_site",
        )
        others = [one for one in super().get_urls() if getattr(one, "name", "") != own.name]
        return [own, *others]

    def view_on_site(
        self, request: HttpRequest, content_type_id: int, object_id: int
    ) -> HttpResponse:
        """To the page of a row for who may see the row; 404 also where it has no page."""
        kinds = ContentType.objects.filter(pk=content_type_id)
        model = next((kind.model_class() for kind in kinds), None)
        if model and self.is_registered(model):
            door = self.get_model_admin(model)
            row = model._default_manager.filter(pk=object_id).first()
            may = row is not None and door.has_view_permission(request, row)
            if may and (page := getattr(row, "get_absolute_url", str)()):
                return HttpResponseRedirect(page)
        message = "There is no such page."
        raise Http404(message)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's
        """Django's guard, and what it leaves out: see the two functions."""

        @wraps(view)
        def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            _ask_who_is_there(request, view)
            _refuse_impossible_keys(request)
            answer: HttpResponse = view(request, *args, **kwargs)
            return answer

        return super().admin_view(handle, cacheable)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The apps of the index in the desk's order instead of the alphabet's."""
        apps = super().get_app_list(request, app_label)
        rank = {label: place for place, label in enumerate(ORDER)}
        return sorted(apps, key=lambda app: rank.get(app["app_label"], len(ORDER)))


def _ask_who_is_there(request: HttpRequest, view: Any) -> None:
    """Before Django looks for the row of a history: unknown and forbidden look alike."""
    door = getattr(view, "__self__", None)
    if not isinstance(door, admin.ModelAdmin) or view.__name__ != "history_view":
        return
    if not door.has_view_or_change_permission(request):
        raise PermissionDenied


def _refuse_impossible_keys(request: HttpRequest) -> None:
    """400 for what no database can look for as a key (500 otherwise); all keys are integers."""
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
    listed = [
        key
        for name, texts in request.GET.lists()
        if name.endswith("__in")
        for text in texts
        for key in text.split(",")
        if key.lstrip("-").isdecimal()
    ]
    if not all(key.isascii() and key.isdecimal() and len(key) <= 18 for key in [*ticked, *listed]):
        message = "That is no key of a row."
        raise BadRequest(message)
