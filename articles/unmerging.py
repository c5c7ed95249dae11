"""Taking the merge of two topics back: the topic, its address and its stories are as they were."""

from typing import Any

from django.db import transaction

from articles import permissions, search, snapshot, workflow
from articles.models import Revision, Tag, TagMerge
from articles.models.revision import Snapshot
from articles.models.tag import hold
from articles.workflow import NotAllowed, Refused, User
from newsroom.audit import log
from newsroom.deliveries import purge
from newsroom.redirects import paths


@transaction.atomic
def undo_merge(tag: Tag, *, by: User) -> Tag:
    """The topic stands by itself again, with the stories that had it before and still have the
    topic that took it in.

    Stories saved since get it back in a new revision, of which readers are not told. What was
    tagged since keeps the other topic. Refused says what in between makes it impossible.
    """
    if not permissions.may(by, "merge_tags"):
        message = "You may not undo a merge. Ask a chief."
        raise NotAllowed(message)
    (tag,) = hold(tag.pk)
    merge = TagMerge.objects.filter(tag=tag).first()
    if merge is None:
        raise Refused(no_merge(tag))
    tag, merge.into = hold(tag.pk, merge.into_id)
    merge.tag, into = tag, merge.into
    if sentence := against(merge):
        raise Refused(sentence)
    tag.merged_into = None
    tag.save()
    led = Tag.objects.filter(pk__in=merge.led, merged_into=into)
    owners = [tag.subject, *(other.subject for other in led)]
    led.update(merged_into=tag)
    paths.returned(tag.get_absolute_url(), since=into.get_absolute_url(), owners=owners)
    _give_back(merge, by=by)
    merge.delete()
    entry = log.record(
        "undo merge", tag.subject, by=by, name=tag.name,
        before={"merged_into": into.name}, after={"articles": len(merge.articles)},
    )  # fmt: skip
    purge.ask({tag.subject, into.subject}, event=entry.pk, subject=tag.subject)
    return tag


def no_merge(tag: Tag) -> str:
    """Why there is nothing to undo, as a sentence."""
    if tag.merged_into is None:
        return f"“{tag}” is not merged into another topic."
    return f"“{tag}” was merged before merges were kept: this cannot be undone."


def against(merge: TagMerge) -> str:
    """What in between makes undoing impossible, as a sentence that says what to do; else empty."""
    tag, into = merge.tag, merge.into
    if into.merged_into:
        return f"“{into}” has been merged into “{into.merged_into}” since. Undo that first."
    redirect = paths.find(tag.get_absolute_url())
    if redirect and redirect.new_path != into.get_absolute_url():
        return (
            f"{redirect.old_path} was led to {redirect.new_path or 'nowhere'} by hand since. Delete"
            " that redirect first."
        )
    return ""


def _give_back(merge: TagMerge, *, by: User) -> None:
    """Rows and, where the other topic was saved, new revisions; then the search knows it, too."""
    note = f"“{merge.tag}” is a topic of its own again."
    for part in merge.stories():
        list(part.select_for_update().values_list("pk", flat=True))
    for article in [article for part in merge.saved_since() for article in part]:
        before = article.revisions.filter(at__lte=merge.at).order_by("-number").first()
        if before:
            workflow.retag(article, _Restored(merge, before), since=merge.at, by=by, note=note)
    snapshot.write_topics(merge.articles)
    search.index(merge.articles)


class _Restored:
    """Gives the topics that a content has once the merge is undone."""

    def __init__(self, merge: TagMerge, before: Revision) -> None:
        self.tag: dict[str, Any] = snapshot.reference(merge.tag) or {}
        self.into = snapshot.reference(merge.into)
        self.before = snapshot.current(before.snapshot)[0]["tags"]

    def __call__(self, content: Snapshot) -> list[dict[str, Any]]:
        """Left alone is what never had the topic, has it, or lost the one that took it in."""
        tags: list[dict[str, Any]] = content["tags"]
        if self.tag not in self.before or self.tag in tags or self.into not in tags:
            return tags
        if self.into in self.before:
            # It had both: the one comes back to where it stood.
            at = self.before.index(self.tag)
            return [*tags[:at], self.tag, *tags[at:]]
        return [self.tag if tag == self.into else tag for tag in tags]
