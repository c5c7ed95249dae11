"""Who may do what with which article: the one place, asked by verbs, forms, lists, previews.

A role (a group) counts everywhere for whoever is in the group, and in a section and all below it
for whoever has it on that section's desk (``sections.Membership``). Who has roles in sections only
sees the stories of these sections and one's own; every other is as if it did not exist.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, Group, Permission

from articles.models import Article, ArticleQuerySet, State, Step
from articles.models.states import UNPUBLISHED
from sections.models import Membership, Section, SectionQuerySet, is_within

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
    "share": "articles.share_article",
    "delete": "articles.delete_article",
    "break_embargo": "articles.break_embargo",
    "merge_tags": "articles.merge_tags",
    "note": "articles.add_note",
    "delete_note": "articles.delete_note",
}

#: Who has it passes every step, and publishes what has not passed them.
SKIPS = "articles.skip_steps"

#: Who has it may call a topic in a story by a name that is new.
NAMES_TOPICS = "articles.add_tag"

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
    "share": (*UNPUBLISHED, State.PUBLISHED),
    "delete": UNPUBLISHED,
}

#: What a role gives for its section: what is done to a story, and what everybody needs beside it.
#: The rest of a role (people, topics, the masthead, the audit) belongs to the whole outlet.
SECTIONAL = frozenset(
    {
        *(needed for verb, needed in NEEDS.items() if verb != "merge_tags"),
        "articles.change_any_article",
        SKIPS,
        NAMES_TOPICS,
        "articles.view_correction",
        "articles.view_tag",
        "authors.view_author",
        "images.add_image",
        "images.change_image",
        "images.view_image",
        "sections.view_section",
    }
)

User = AbstractBaseUser | AnonymousUser

_REPORTER = {
    "articles": (
        "view_article add_article change_article delete_article submit_article view_tag"
        " view_correction view_revision add_note add_tag"
    ),
    "images": "view_image add_image change_image",
    "authors": "view_author",
    "sections": "view_section",
}
_EDITOR = {
    "articles": (
        "change_any_article approve_article publish_article withdraw_article correct_article"
        " share_article change_tag"
    ),
    "images": "delete_image",
    "authors": (
        "add_author change_author view_authorlink add_authorlink change_authorlink delete_authorlink"
    ),
    "publication": "view_publication view_housepage add_housepage change_housepage",
    "redirects": "view_redirect",
    "deliveries": "view_delivery view_worker",
    "audit": "view_entry",
}
_CHIEF = {
    "articles": (
        "break_embargo merge_tags delete_tag skip_steps view_step add_step change_step delete_step"
        " view_demands add_demands change_demands delete_note"
    ),
    "authors": "delete_author",
    "sections": (
        "add_section change_section delete_section"
        " view_membership add_membership change_membership delete_membership"
    ),
    "publication": (
        "change_publication add_publication delete_housepage"
        " add_sociallink change_sociallink delete_sociallink view_sociallink"
    ),
    "redirects": "add_redirect change_redirect delete_redirect",
    "accounts": "view_user add_user change_user",
}
#: Each role with the permissions that it adds to the one before.
ROLES = (("reporter", _REPORTER), ("editor", _EDITOR), ("chief", _CHIEF))


def may(user: User, verb: str, article: Article | None = None) -> bool:
    """Whether the user may do the verb, to this article or (None) to any at all.

    Where the article stands counts, too: nobody may withdraw a draft. At most two queries, for
    whose article it is; the user's roles and the outlet's steps are kept on the user.
    """
    if not _is_at_work(user):
        return False
    if article is None or article.pk is None:
        return _somewhere(user, NEEDS[verb])
    if verb in STATES and article.state not in STATES[verb]:
        return False
    if _in(user, NEEDS[verb], article.section):
        is_free = verb not in OWN or _in(user, "articles.change_any_article", article.section)
        is_theirs = is_free or (article.state == State.DRAFT and is_own(user, article))
        return is_theirs and _has_come_to(user, verb, article)
    # One's own goes on being one's own when it is moved to a section where one has no role.
    if verb in {"view", "note"} or (verb in OWN and article.state == State.DRAFT):
        return _somewhere(user, NEEDS[verb]) and is_own(user, article)
    return False


def _has_come_to(user: User, verb: str, article: Article) -> bool:
    """Whether the steps that the outlet has set leave the verb to this user. Needs ``step``."""
    match verb:
        case "approve":
            return article.step is None or _passes(user, article.step, article.section)
        case "publish":
            ahead = article.steps_ahead(steps(user))
            return not ahead or _in(user, SKIPS, article.section)
    return True


def _passes(user: User, step: Step, section: Section) -> bool:
    if step.role_id is None or _in(user, SKIPS, section):
        return True
    return is_within(section.path, _desks_by_role(user).get(step.role_id, []))


def may_publish_at_once(user: User) -> bool:
    """Whether the user may publish what is only just written: no step is skipped by that, or the
    user may skip them somewhere."""
    return may(user, "publish") and (not steps(user) or _somewhere(user, SKIPS))


def steps(user: Any) -> list[Step]:
    """The steps that stories pass, in order. One query, kept on the user: one look per request."""
    if not hasattr(user, "_steps"):
        user._steps = list(Step.objects.in_order())
    found: list[Step] = user._steps
    return found


def steps_of(user: Any) -> list[Step]:
    """Those that the user may pass in some section. Two queries more where a step names a role."""
    if not may(user, "approve"):
        return []
    if _somewhere(user, SKIPS):
        return steps(user)
    return [
        one for one in steps(user)
        if one.role_id is None or _desks_by_role(user).get(one.role_id)
    ]  # fmt: skip


def may_in(user: User, verb: str, section: Section) -> bool:
    """Whether the user may do the verb to stories of this section: begin one, move one there."""
    return _is_at_work(user) and _in(user, NEEDS[verb], section)


def may_name_topics(user: User) -> bool:
    """Whether the user may bring new topics into the outlet; those that are there are everybody's."""
    return _is_at_work(user) and _somewhere(user, NAMES_TOPICS)


def visible(user: User) -> ArticleQuerySet:
    """The stories that the user may see at the desk: what every list there starts from."""
    if not _is_at_work(user) or not _somewhere(user, NEEDS["view"]):
        return Article.objects.none()
    if _site_wide(user, NEEDS["view"]):
        return Article.objects.all()
    inside = sections(user, "view")
    return Article.objects.of_desk(inside, user)


def sections(user: User, verb: str) -> SectionQuerySet:
    """The sections in which the user may do the verb."""
    if not _is_at_work(user):
        return Section.objects.none()
    if _site_wide(user, NEEDS[verb]):
        return Section.objects.all()
    return Section.objects.within(_paths(user, NEEDS[verb]))


def is_own(user: User, article: Article) -> bool:
    """Whether the user began it, has it on the desk, or is in its byline; of a whole set:
    ``ArticleQuerySet.of_desk``."""
    if user.pk in {article.created_by_id, article.assignee_id}:
        return True
    return article.bylines.filter(author__user=user.pk).exists()


class SectionRoles(BaseBackend):
    """Tells Django what roles in sections give, so that its own doors open: a form, a list.

    Never for a row: which stories behind the door are theirs is for ``may`` and ``visible``.
    """

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous:
            return set()
        return {permission for _, held in _desks(user_obj) for permission in held}


def _is_at_work(user: User) -> bool:
    return bool(user.is_active and getattr(user, "is_staff", False))


def _in(user: User, permission: str, section: Section) -> bool:
    return _site_wide(user, permission) or is_within(section.path, _paths(user, permission))


def _somewhere(user: User, permission: str) -> bool:
    return _site_wide(user, permission) or bool(_paths(user, permission))


def _site_wide(user: Any, permission: str) -> bool:
    return user.is_superuser or permission in ModelBackend().get_all_permissions(user)


def _paths(user: User, permission: str) -> list[str]:
    """The sections on whose desk the user has a role with this permission."""
    return [path for path, held in _desks(user) if permission in held]


def _desks(user: Any) -> list[tuple[str, frozenset[str]]]:
    """For each of the user's roles in a section its path and what it gives. One query, kept on the
    user, as Django keeps what groups give."""
    if not hasattr(user, "_desks"):
        rows = Membership.objects.of(user).values_list(
            "section__path",
            "role__permissions__content_type__app_label",
            "role__permissions__codename",
        )
        user._desks = list(_by_path(rows.order_by()))
    desks: list[tuple[str, frozenset[str]]] = user._desks
    return desks


def _desks_by_role(user: Any) -> dict[int, list[str]]:
    """Where the user has each role: "/" for everywhere, else paths of sections. Two queries, kept
    on the user."""
    if not hasattr(user, "_desks_by_role"):
        found = {pk: ["/"] for pk in user.groups.values_list("pk", flat=True)}
        places = Membership.objects.of(user).order_by()
        for pk, path in places.values_list("role", "section__path"):
            found.setdefault(pk, []).append(path)
        user._desks_by_role = found
    by_role: dict[int, list[str]] = user._desks_by_role
    return by_role


def _by_path(rows: Iterable[tuple[str, str, str]]) -> Iterable[tuple[str, frozenset[str]]]:
    held: dict[str, set[str]] = {}
    for path, app, codename in rows:
        held.setdefault(path, set()).add(f"{app}.{codename}")
    return ((path, frozenset(permissions & SECTIONAL)) for path, permissions in held.items())


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
