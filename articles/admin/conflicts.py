"""Two people wrote at once: theirs beside mine, and what was merged without asking."""

from dataclasses import dataclass

from articles import snapshot, workflow
from articles.admin import differences
from articles.admin.differences import LABELS, Difference
from articles.admin.form import ArticleForm
from articles.models import Article
from articles.models.revision import Snapshot


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
    mine, theirs = snapshot.normalize(form.content()), conflict.theirs
    by_me = set(snapshot.changed(base.snapshot, mine)) if base else set(LABELS)
    by_them = set(snapshot.changed(base.snapshot, theirs)) if base else set(LABELS)
    apart = [name for name in LABELS if name in snapshot.changed(mine, theirs)]
    taken = [name for name in apart if name not in by_me]
    merged = form.replaced({name: theirs[name] for name in taken}, base_version=conflict.version)
    return merged, Comparison(
        clashes=[
            differences.difference(name, theirs, mine) for name in apart if name in by_me & by_them
        ],
        taken=[LABELS[name] for name in taken],
        kept=[LABELS[name] for name in apart if name not in by_them],
    )


def take_theirs(
    form: ArticleForm, theirs: Snapshot, name: str
) -> tuple[ArticleForm, Comparison | None]:
    """The form with what is saved now in one field, and what still differs. Saves nothing."""
    if name not in LABELS:
        return form, None
    merged = form.replaced({name: theirs[name]})
    if not merged.is_valid():
        return merged, None
    rest = differences.between(theirs, snapshot.normalize(merged.content()))
    return merged, Comparison(clashes=rest, taken=[LABELS[name]], kept=[])
