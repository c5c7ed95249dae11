"""The page with a story's share links: who made which for whom, until when; new ones, revoking."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.forms import Media
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from js_asset import Script

from articles import sharing
from articles.admin.standing import minute
from articles.models import Article, ShareLink
from articles.workflow import Refused


class ShareForm(forms.Form):
    days = forms.TypedChoiceField(
        label="How long it works",
        coerce=int,
        choices=[(days, f"{days} day{'s' if days > 1 else ''}") for days in sharing.DAYS],
        initial=7,
    )
    note = forms.CharField(
        label="For whom",
        max_length=100,
        required=False,
        help_text="Only the desk sees this. It goes into the audit.",
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")


@dataclass(frozen=True)
class Line:
    """A live link as the page shows it; ``works`` is no when its maker may not share any more."""

    pk: int
    address: str
    made: str
    until: str
    note: str
    works: bool


def context(article: Article, form: ShareForm) -> dict[str, Any]:
    """What the page shows."""
    now = timezone.now()
    links = list(ShareLink.objects.of(article).live(now=now))
    makers = {link.made_by_id: link.made_by for link in links}
    for link in links:
        # One user in one piece: its permissions are looked up once.
        link.article, link.made_by = article, makers[link.made_by_id]
    return {
        "title": "Share links",
        "form": form,
        "links": [_line(link, works=sharing.works(link, now=now)) for link in links],
        "media": Media(
            css={"all": ["desk/articles/articles.css"]},
            js=[Script("desk/articles/copy.js", type="module")],
        ),
    }


def _line(link: ShareLink, *, works: bool) -> Line:
    return Line(
        pk=link.pk,
        address=settings.SITE_URL + reverse("articles:shared", args=[link.token]),
        made=f"{minute(link.made_at)}, {link.made_by_name}",
        until=minute(link.expires_at),
        note=link.note,
        works=works,
    )


def do(request: HttpRequest, article: Article) -> ShareForm | None:
    """What the page posts: a new link, or one to revoke. The form where it must be shown again."""
    try:
        if "revoke" in request.POST:
            _revoke(request, article)
            return None
        form = ShareForm(request.POST)
        if not form.is_valid():
            return form
        sharing.share(article, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, "The link is made. Copy it below and send it.")
    except Refused as refused:
        messages.error(request, str(refused))
    return None


def _revoke(request: HttpRequest, article: Article) -> None:
    key = request.POST["revoke"]
    is_key = key.isascii() and key.isdecimal() and len(key) < 19
    link = article.share_links.filter(pk=int(key)).first() if is_key else None
    if link is None:
        messages.error(request, "There is no such link.")
        return
    sharing.revoke(link, by=request.user)  # type: ignore[arg-type]
    messages.success(request, "The link is revoked: it shows nothing any more.")
