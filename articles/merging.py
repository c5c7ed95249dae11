"""Two people changed one story: what goes together by itself, and what somebody must decide.

A three-way merge over the fields of a snapshot. The base is the version that both began with:
``Article.version`` is the number of its head (law 4), so the base of a form is the revision with
the number of its ``base_version``. A field is one thing, however long: bylines, topics, the body.
"""

from dataclasses import dataclass

from articles import snapshot
from articles.models.revision import Snapshot

#: Words that go with one picture: written for one lead image, they are wrong under another.
LEAD = "lead_image"
WORDS_OF_LEAD = frozenset({"lead_alt", "lead_caption", "lead_waived"})


@dataclass(frozen=True)
class Merge:
    """``content`` holds what only one of the two changed, and mine where there is a clash.

    ``theirs`` and ``mine`` are the names of fields that only one of the two changed, ``clashes``
    those that somebody must decide. What both changed alike is in none of them.
    """

    content: Snapshot
    theirs: list[str]
    mine: list[str]
    clashes: list[str]


def merge(base: Snapshot | None, *, mine: Snapshot, theirs: Snapshot) -> Merge:
    """Both sides' changes since ``base`` in one snapshot; all three normalized.

    Without a base (None) every field that differs is a clash: nobody can say who changed it.
    """
    apart = snapshot.changed(theirs, mine)
    if base is None:
        return Merge(content=mine, theirs=[], mine=[], clashes=apart)
    by_me, by_them = set(snapshot.changed(base, mine)), set(snapshot.changed(base, theirs))
    both = (by_me & by_them) | _of_another_picture(by_me, by_them)
    taken = [name for name in apart if name not in by_me and name not in both]
    return Merge(
        content={**mine, **{name: theirs[name] for name in taken}},
        theirs=taken,
        mine=[name for name in apart if name not in by_them and name not in both],
        clashes=[name for name in apart if name in both],
    )


def _of_another_picture(by_me: set[str], by_them: set[str]) -> set[str]:
    """The lead image that one changed and the words that the other wrote for the old one."""
    found: set[str] = set()
    for one, other in ((by_me, by_them), (by_them, by_me)):
        if LEAD in one and (words := other & WORDS_OF_LEAD):
            found |= {LEAD} | words
    return found
