"""Two people wrote at once: theirs beside mine, and what was merged without asking."""

from dataclasses import dataclass

from django.http import QueryDict

from articles import merging, snapshot, workflow
from articles.admin import differences
from articles.admin.differences import LABELS, Difference
from articles.admin.form import ArticleForm
from articles.models import Article
from articles.models.revision import Snapshot

#: What the buttons of a clash post, with the field's name.
TAKE, KEEP = "_take", "_keep"
#: The fields of the clashes that are still open, posted with the form.
OPEN = "_clash"


@dataclass(frozen=True)
class Comparison:
    """``clashes`` go from theirs (before) to mine (after).

    ``taken`` names the fields that only they changed, ``kept`` those that only I did.
    """

    clashes: list[Difference]
    taken: list[str]
    kept: list[str]


def settle(
    form: ArticleForm, article: Article, conflict: workflow.Conflict
) -> tuple[ArticleForm, Comparison]:
    """The form again, on top of what is saved now: saving it a second time is a decision.

    What only they changed is theirs on the form, so that saving does not undo it; what both
    changed is mine, shown beside theirs. One query.
    """
    base = article.revisions.filter(number=form.cleaned_data["base_version"]).first()
    theirs = conflict.theirs
    mine = snapshot.normalize(form.content())
    both = merging.merge(base.snapshot if base else None, mine=mine, theirs=theirs)
    merged = form.replaced(
        {name: theirs[name] for name in both.theirs}, base_version=conflict.version
    )
    return merged, Comparison(
        clashes=[
            differences.difference(name, theirs, mine) for name in LABELS if name in both.clashes
        ],
        taken=[LABELS[name] for name in LABELS if name in both.theirs],
        kept=[LABELS[name] for name in LABELS if name in both.mine],
    )


def is_decision(posted: QueryDict) -> bool:
    """Whether a button of a clash was pressed."""
    return TAKE in posted or KEEP in posted


def decide(
    form: ArticleForm, theirs: Snapshot, posted: QueryDict
) -> tuple[ArticleForm, Comparison | None]:
    """The form with one clash decided, and the clashes that are still open. Saves nothing."""
    taken = posted.get(TAKE, "")
    if taken in LABELS:
        form = form.replaced({taken: theirs[taken]})
    if not form.is_valid():
        return form, None
    mine = snapshot.normalize(form.content())
    apart = snapshot.changed(theirs, mine)
    left = set(posted.getlist(OPEN)) - {taken, posted.get(KEEP, "")}
    return form, Comparison(
        clashes=[
            differences.difference(name, theirs, mine)
            for name in LABELS
            if name in left and name in apart
        ],
        taken=[LABELS[taken]] if taken in LABELS else [],
        kept=[LABELS[name] for name in LABELS if name in apart and name not in left],
    )
