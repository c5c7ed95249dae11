"""What the box beside the story says: where it stands, who saved it, what is still missing."""

from dataclasses import dataclass

from django.utils import timezone

from articles import checklist
from articles.admin.standing import Standing, minute, moment, standing
from articles.checklist import Finding
from articles.models import Article
from articles.models.revision import Snapshot
from articles.models.states import SENT_BACK, STEPS
from newsroom.audit.models import Entry


@dataclass(frozen=True)
class Status:
    """``findings`` that block and that warn; ``sent_back`` is the note that came with a draft."""

    standing: Standing
    path: str
    is_public: bool
    when: str
    updated: str
    version: int
    head: int
    live: int
    saved_by: str
    saved_at: str
    blocks: list[Finding]
    warnings: list[Finding]
    sent_back: Entry | None


def status(article: Article, content: Snapshot, *, lost: list[str]) -> Status:
    """The box for a story whose head says ``content``; ``lost`` names what has gone.

    At most five queries.
    """
    now = timezone.now()
    findings = checklist.check(content, article=article, at=article.published_at)
    findings += [Finding("", sentence, blocks=False) for sentence in lost]
    head, live = article.head, article.live
    return Status(
        standing=standing(article, now=now),
        path=article.path or "",
        is_public=article.is_public(now=now),
        when=moment(article.published_at),
        updated=moment(article.updated_at),
        version=article.version,
        head=head.number if head else 0,
        live=live.number if live else 0,
        saved_by=head.by_name if head else "",
        saved_at=minute(head.at) if head else "",
        blocks=[finding for finding in findings if finding.blocks],
        warnings=[finding for finding in findings if not finding.blocks],
        sent_back=_sent_back(article),
    )


def _sent_back(article: Article) -> Entry | None:
    """The note, as long as nothing else has happened to where the story stands; of a whole set:
    ``ArticleQuerySet.sent_back_to``."""
    last = Entry.objects.about(article.subject).filter(verb__in=STEPS).order_by("-at", "-pk")
    found = last.first() if not article.row_is_live else None
    return found if found and found.verb == SENT_BACK else None
