"""Share links: the verbs, and whether an address may be read in this moment.

A link is worth what its maker may do while it is read: who has left the desk, lost the role or the
section shows nothing any more. It shows the story as it is saved at the desk. One made before the
story came out leads to the public page from then on, so it never shows later changes; one made for
changes of a public story shows these until they are published.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from articles import permissions, workflow
from articles.models import Article, ShareLink
from articles.workflow import NotAllowed, Refused, User
from newsroom.audit import log

#: How long a link may work (days).
DAYS = (1, 7, 30)
#: Links of one story that work at the same time.
MOST = 20


@transaction.atomic
def share(article: Article, *, by: User, days: int, note: str = "") -> ShareLink:
    """A new link to the story that works for so many days; ``note`` says for whom it is."""
    now = timezone.now()
    if sentence := _against(article, by, now=now):
        raise NotAllowed(sentence)
    if days not in DAYS:
        message = f"A link works for {', '.join(map(str, DAYS[:-1]))} or {DAYS[-1]} days."
        raise Refused(message)
    if _is_read_in_public(article, now=now):
        message = "Readers see this story as it is saved: send its public address."
        raise Refused(message)
    # Held, so that two at once do not both make the last one.
    Article.objects.select_for_update().get(pk=article.pk)
    if article.share_links.live(now=now).count() >= MOST:
        message = f"There are {MOST} links to this story already: revoke one first."
        raise Refused(message)
    link = ShareLink.objects.create(
        article=article,
        note=" ".join(note.split())[:100],
        made_by_id=by.pk,
        made_by_name=str(by),
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    log.record(
        "share", article.subject, by=by, name=str(article), note=link.note,
        after={"link": link.pk, "expires_at": link.expires_at.isoformat()},
    )  # fmt: skip
    return link


@transaction.atomic
def revoke(link: ShareLink, *, by: User) -> ShareLink:
    """The link is dead at once. Whoever may share the story may revoke every link to it."""
    if not permissions.may(by, "share", link.article):
        raise NotAllowed(workflow.refusal(by, "share", link.article))
    link = ShareLink.objects.select_for_update().get(pk=link.pk)
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        log.record(
            "revoke link", link.article.subject, by=by, name=str(link.article), note=link.note,
            before={"link": link.pk, "expires_at": link.expires_at.isoformat()},
        )  # fmt: skip
    return link


def opened(token: str, *, now: datetime) -> ShareLink | None:
    """The link with this token, with its story, if it may be read now. At most four queries.

    Unknown, wrong, run out and revoked are all None: who asks is not told which.
    """
    rows = ShareLink.objects.live(now=now).select_related(
        "article__section", "article__head", "article__live", "made_by"
    )
    link = rows.at(token).first()
    return link if link and works(link, now=now) else None


def works(link: ShareLink, *, now: datetime) -> bool:
    """Whether the link shows its story: it is live, and its maker may still share the story."""
    if not link.is_live(now=now) or link.made_by is None:
        return False
    return not _against(link.article, link.made_by, now=now)


def public_path(link: ShareLink, *, now: datetime) -> str:
    """Where the link leads once its story is out; empty while there is something to preview."""
    article = link.article
    if not article.is_public(now=now) or article.published_at is None:
        return ""
    was_made_before = link.made_at < article.published_at
    return article.path or "" if was_made_before or not article.has_working_copy else ""


def _is_read_in_public(article: Article, *, now: datetime) -> bool:
    return article.is_public(now=now) and not article.has_working_copy


def _against(article: Article, user: User, *, now: datetime) -> str:
    """Why the user may not show the story to a stranger, as a sentence; empty for who may.

    What is under embargo leaves the house by nobody who may not break the embargo.
    """
    if sentence := workflow.refusal(user, "share", article):
        return sentence
    until = article.embargo_until
    if until and until > now and not permissions.may(user, "break_embargo", article):
        return (
            f"The embargo holds until {timezone.localtime(until):%-d %B %Y, %H:%M}. Only a chief"
            " may share the story before."
        )
    return ""
