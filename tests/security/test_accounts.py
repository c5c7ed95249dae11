"""Nobody makes themselves, or anybody else, more than they are."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission

from newsroom.accounts.models import User
from tests import factories
from tests.conftest import logged_in

NEW = {"password1": "Another-horse-9", "password2": "Another-horse-9", "usable_password": "true"}


def strong_group() -> Group:
    group = Group.objects.create(name="operators")
    group.permissions.set(Permission.objects.all())
    return group


def form_of(user: User, **changes: Any) -> dict[str, Any]:
    groups = [group.pk for group in user.groups.all()]
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    fields = {"username": user.username, "is_active": "on", "is_staff": "on", "groups": groups}
    return fields | joined | changes


def test_chief_cannot_join_a_group_that_may_more(chief: User) -> None:
    group = strong_group()
    groups = [*chief.groups.values_list("pk", flat=True), group.pk]
    address = f"/admin/accounts/user/{chief.pk}/change/"
    logged_in(chief).post(address, form_of(chief, groups=groups, is_superuser="on"))
    chief.refresh_from_db()
    assert not chief.groups.filter(pk=group.pk).exists()
    assert not chief.is_superuser


def test_chief_gives_out_the_roles_of_the_desk(chief: User, powerless: User) -> None:
    editors = Group.objects.get(name="editor")
    address = f"/admin/accounts/user/{powerless.pk}/change/"
    logged_in(chief).post(address, form_of(powerless, groups=[editors.pk]))
    assert powerless.groups.get() == editors


def test_chief_cannot_change_or_set_the_password_of_who_may_more(chief: User) -> None:
    root = User.objects.create_superuser("root", password="its own")
    operator = factories.user(username="operator")
    operator.groups.add(strong_group())
    asleep = factories.user(username="asleep", is_active=False)
    asleep.user_permissions.set(Permission.objects.all())
    client = logged_in(chief)
    for strong in (root, operator, asleep):
        before = User.objects.get(pk=strong.pk).password
        answer = client.post(f"/admin/accounts/user/{strong.pk}/password/", NEW)
        assert answer.status_code == 403
        client.post(f"/admin/accounts/user/{strong.pk}/change/", form_of(strong, email="e@x.org"))
        after = User.objects.get(pk=strong.pk)
        assert (after.password, after.email) == (before, "")


def test_chief_sets_the_password_of_a_reporter(chief: User, reporter: User) -> None:
    logged_in(chief).post(f"/admin/accounts/user/{reporter.pk}/password/", NEW)
    assert User.objects.get(pk=reporter.pk).check_password("Another-horse-9")


def test_added_user_is_never_a_superuser(chief: User) -> None:
    data = NEW | {"username": "new", "is_superuser": "on", "is_staff": "on"}
    logged_in(chief).post("/admin/accounts/user/add/", data)
    assert not User.objects.get(username="new").is_superuser


@pytest.mark.parametrize("query", ["password__startswith=pbkdf2", "_popup=1&_to_field=password"])
def test_nobody_guesses_a_password_hash_letter_by_letter(chief: User, query: str) -> None:
    assert logged_in(chief).get(f"/admin/accounts/user/?{query}").status_code == 400
