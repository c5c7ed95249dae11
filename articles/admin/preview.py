"""A story as readers would see it, from what is on the form or saved. Writes nothing."""

from django.http import HttpRequest
from django.template.response import TemplateResponse

from articles.models import Article
from articles.models.revision import Snapshot
from articles.views.proof import page_of


def preview(request: HttpRequest, article: Article | None, content: Snapshot) -> TemplateResponse:
    """The public page with this content, for one pair of eyes. The caller asks for the permission."""
    response = page_of(request, article, content)
    # The form may show it in a frame; nobody else may.
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]
    return response
