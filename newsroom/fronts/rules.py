"""What a front shows: filled by rules, no story twice on a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, prefetch_related_objects

from articles.models import Article
from articles.models.states import LABELED
from newsroom.images.models import Image
from sections.navigation import Node, Tree

SECONDARIES = 4
LATEST = 8
PER_RAIL = 5
VIEWS = 4


@dataclass(frozen=True)
class Rail:
    """A section's stories on a front: the first with its picture, the others as headlines."""

    section: Node
    lead: Article
    others: list[Article]


@dataclass(frozen=True)
class Front:
    """The blocks of the home front, in their order; an empty one folds away."""

    lead: Article | None
    secondaries: list[Article]
    latest: list[Article]
    rails: list[Rail]
    views: list[Article]

    def stories(self) -> Iterable[Article]:
        """Every story on the page, once."""
        yield from [self.lead] if self.lead else []
        yield from self.secondaries
        yield from self.latest
        for rail in self.rails:
            yield rail.lead
            yield from rail.others
        yield from self.views

    def pictures(self) -> Iterable[Image | None]:
        """Those that the page refers to: of its stories, and of those whose views it shows."""
        yield from (story.lead_image for story in self.stories())
        yield from (line.author.portrait for story in self.views for line in story.bylines.all())


def home(tree: Tree, *, now: datetime) -> Front:
    """The home front. Three queries however many sections there are: the stories, their bylines,
    the portraits of those whose views it shows."""
    public = Article.objects.published(now=now)
    newest = public.newest()
    top = SECONDARIES + LATEST + 1
    # A rail may lose what the blocks above it show already, so it asks for that many more.
    wanted = Q(pk__in=newest.values("pk")[: top + VIEWS])
    wanted |= Q(pk__in=newest.filter(kind__in=LABELED).values("pk")[: VIEWS + top])
    for root in tree.roots:
        family = [node.pk for node in root.family()]
        wanted |= Q(pk__in=newest.in_sections(family).values("pk")[: PER_RAIL + top])
    front = _arrange(list(public.filter(wanted).for_cards().newest()), tree)
    prefetch_related_objects(front.views, "bylines__author__portrait__fallback")
    return front


def _arrange(stories: list[Article], tree: Tree) -> Front:
    left = list(stories)
    news = [story for story in left if not story.label][: SECONDARIES + 1] or left[:1]
    lead = next((story for story in news if story.lead), news[0] if news else None)
    secondaries = [story for story in news if story is not lead][:SECONDARIES]
    left = _without(left, [lead, *secondaries])
    views = [story for story in left if story.label][:VIEWS]
    left = _without(left, views)
    latest = left[:LATEST]
    left = _without(left, latest)
    return Front(lead, secondaries, latest, _rails(left, tree), views)


def _without(stories: list[Article], shown: Iterable[Article | None]) -> list[Article]:
    keys = {story.pk for story in shown if story}
    return [story for story in stories if story.pk not in keys]


def _rails(stories: list[Article], tree: Tree) -> list[Rail]:
    rails = []
    for root in tree.roots:
        family = {node.pk for node in root.family()}
        own = [story for story in stories if story.section_id in family][:PER_RAIL]
        if own:
            lead = next((story for story in own if story.lead), own[0])
            rails.append(Rail(root, lead, [story for story in own if story is not lead]))
    return rails
