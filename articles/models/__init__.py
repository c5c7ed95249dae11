"""One concept per module; this is the list of them."""

from articles.models.article import Article, ArticleQuerySet, Page
from articles.models.body import Body, BodyImage
from articles.models.byline import Byline, Role
from articles.models.correction import Correction, CorrectionKind
from articles.models.demands import Demands
from articles.models.note import Note, Part
from articles.models.presence import Presence
from articles.models.revision import Revision, RevisionKind
from articles.models.share_link import ShareLink
from articles.models.states import Kind, State
from articles.models.step import Step
from articles.models.tag import Tag, TaggedArticle
from articles.models.tag_merge import TagMerge
from articles.models.unsaved import Unsaved
from articles.models.use import PublicUse

__all__ = [
    "Article",
    "ArticleQuerySet",
    "Body",
    "BodyImage",
    "Byline",
    "Correction",
    "CorrectionKind",
    "Demands",
    "Kind",
    "Note",
    "Page",
    "Part",
    "Presence",
    "PublicUse",
    "Revision",
    "RevisionKind",
    "Role",
    "ShareLink",
    "State",
    "Step",
    "Tag",
    "TagMerge",
    "TaggedArticle",
    "Unsaved",
]
