"""Where an article stands, and what kind of story it is."""

from django.db import models


class State(models.TextChoices):
    """Scheduled is not a state: it is published with a time that has not come (law 3)."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in-review", "In review"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


#: Not public and never were: they have no publishing time and can be deleted.
UNPUBLISHED = (State.DRAFT, State.IN_REVIEW, State.APPROVED)

#: As the audit names the verbs that move a story on its way.
SENT_BACK = "send back"
STEPS = ("submit", "pass", "approve", SENT_BACK, "publish", "schedule", "unschedule")


class Kind(models.TextChoices):
    NEWS = "news", "News"
    ANALYSIS = "analysis", "Analysis"
    OPINION = "opinion", "Opinion"
    EDITORIAL = "editorial", "Editorial"
    FEATURE = "feature", "Feature"
    INTERVIEW = "interview", "Interview"
    EXPLAINER = "explainer", "Explainer"
    REVIEW = "review", "Review"


#: Kinds that the reader must be told apart from the news, in words.
LABELED = frozenset({Kind.ANALYSIS, Kind.OPINION, Kind.EDITORIAL, Kind.REVIEW})
