"""People at the desk."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import ManyToManyField, Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest

from newsroom.accounts.models import User


@admin.register(User)
class DeskUserAdmin(UserAdmin):
    """Users with their groups; only a superuser makes superusers or hands out single permissions.

    Nobody hands out, or takes over by setting a password, more than they may do themselves.
    """

    list_display = ["username", "name", "email", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "groups", "is_superuser"]
    #: Django's boxes side by side have labels that nobody can be read.
    filter_horizontal = []
    search_help_text = "Name, user name or e-mail address."

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="name", ordering="last_name")
    def name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description="roles")
    def roles(self, user: User) -> str:
        names = [group.name for group in user.groups.all()]
        return ", ".join([*names, "superuser"] if user.is_superuser else names) or "none"

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fixed = ["last_login", "date_joined"]
        if not request.user.is_superuser:
            fixed += ["is_superuser", "user_permissions"]
        return fixed

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody changes who may do more, superusers above all: it would be a way to become them."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not _may_more(obj, than=request.user))

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = groups_within(request.user)
            kwargs["widget"] = CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """What somebody did keeps their name: accounts are switched off, not deleted."""
        return bool(request.user.is_superuser)


def _may_more(user: User, *, than: Any) -> bool:
    """Whether the user holds a permission that the other lacks, were the account active or not."""
    if than.is_superuser:
        return False
    return user.is_superuser or not _held(user) <= than.get_all_permissions()


def _held(user: User) -> set[str]:
    """As ``app.codename``; Django answers with nothing for an account that is switched off."""
    single = user.user_permissions.order_by().values_list("content_type__app_label", "codename")
    grouped = user.groups.order_by().values_list(
        "permissions__content_type__app_label", "permissions__codename"
    )
    return {f"{app}.{codename}" for app, codename in single.union(grouped) if codename}


def groups_within(user: Any) -> QuerySet[Group]:
    """The groups that give nothing which the user does not have."""
    if user.is_superuser:
        return Group.objects.all()
    mine = Permission.objects.filter(Q(user=user) | Q(group__user=user))
    beyond = Permission.objects.exclude(pk__in=mine.values("pk"))
    return Group.objects.exclude(permissions__in=beyond)
