"""Who may do what with which article: the one place, asked by verbs, forms, lists, previews."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, Group, Permission

from articles.models import Article, State
from articles.models.states import UNPUBLISHED

#: Which Django permission each verb needs.
NEEDS = {
    "view": "articles.view_article",
    "add": "articles.add_article",
    "change": "articles.change_article",
    "submit": "articles.submit_article",
    "send_back": "articles.approve_article",
    "approve": "articles.approve_article",
    "publish": "articles.publish_article",
    "withdraw": "articles.withdraw_article",
    "correct": "articles.correct_article",
    "restore": "articles.change_article",
    "discard": "articles.change_article",
    "delete": "articles.delete_article",
    "break_embargo": "articles.break_embargo",
    "merge_tags": "articles.merge_tags",
}

#: Verbs that write content: without ``change_any_article`` only on one's own drafts.
OWN = frozenset({"change", "submit", "restore", "discard", "delete"})

#: States in which a verb has a meaning. Absent: in every state.
STATES: dict[str, tuple[str, ...]] = {
    "submit": (State.DRAFT,),
    "send_back": (State.IN_REVIEW, State.APPROVED),
    "approve": (State.IN_REVIEW,),
    "withdraw": (State.PUBLISHED,),
    "correct": (State.PUBLISHED,),
    "discard": (State.PUBLISHED, State.WITHDRAWN),
    "delete": UNPUBLISHED,
}

_REPORTER = {
    "articles": (
        "view_article add_article change_article delete_article submit_article view_tag"
        " view_correction view_revision"
    ),
    "images": "view_image add_image change_image",
    "authors": "view_author",
    "sections": "view_section",
}
_EDITOR = {
    "articles": (
        "change_any_article approve_article publish_article withdraw_article correct_article"
        " add_tag change_tag"
    ),
    "images": "delete_image",
    "authors": "add_author change_author",
    "publication": "view_publication view_housepage add_housepage change_housepage",
    "redirects": "view_redirect",
    "deliveries": "view_delivery view_worker",
    "audit": "view_entry",
}
_CHIEF = {
    "articles": "break_embargo merge_tags delete_tag",
    "authors": "delete_author",
    "sections": "add_section change_section delete_section",
    "publication": (
        "change_publication add_publication delete_housepage"
        " add_sociallink change_sociallink delete_sociallink view_sociallink"
    ),
    "redirects": "add_redirect change_redirect delete_redirect",
    "accounts": "view_user add_user change_user",
}
#: Each role with the permissions that it adds to the one before.
ROLES = (("reporter", _REPORTER), ("editor", _EDITOR), ("chief", _CHIEF))


def may(user: AbstractBaseUser | AnonymousUser, verb: str, article: Article | None = None) -> bool:
    """Whether the user may do the verb, to this article or (None) to any at all.

    Where the article stands counts, too: nobody may withdraw a draft. At most two queries, for
    whose article it is; the user's permissions are kept on the user by Django.
    """
    if not (user.is_active and getattr(user, "is_staff", False)):
        return False
    if not _has(user, NEEDS[verb]):
        return False
    if article is None or article.pk is None:
        return True
    if verb in STATES and article.state not in STATES[verb]:
        return False
    if verb not in OWN or _has(user, "articles.change_any_article"):
        return True
    return article.state == State.DRAFT and is_own(user, article)


def is_own(user: AbstractBaseUser | AnonymousUser, article: Article) -> bool:
    """Whether the user began it, has it on the desk, or is in its byline."""
    if user.pk in {article.created_by_id, article.assignee_id}:
        return True
    return article.bylines.filter(author__user=user.pk).exists()


def _has(user: Any, permission: str) -> bool:
    return bool(user.has_perm(permission))


def make_groups(**kwargs: Any) -> None:
    """The groups reporter, editor and chief, after migrate.

    A group that is there already is left as its outlet has made it.
    """
    carried: list[tuple[str, str]] = []
    for name, added in ROLES:
        carried += [
            (app, codename) for app, codenames in added.items() for codename in codenames.split()
        ]
        group, created = Group.objects.get_or_create(name=name)
        if created:
            group.permissions.set(_permissions(carried))


def _permissions(wanted: list[tuple[str, str]]) -> list[Permission]:
    found = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type")
    }
    missing = [pair for pair in wanted if pair not in found]
    if missing:
        message = f"These permissions do not exist: {missing}"
        raise LookupError(message)
    return [found[pair] for pair in wanted]
