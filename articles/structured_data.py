"""What search engines and social networks read of a page: JSON-LD, and the picture to share.

The builders return the text that stands inside ``<script type="application/ld+json">``; it is safe
there. None of them asks the database.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.conf import settings
from django.utils.encoding import escape_uri_path
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article, Correction, Kind, Role
from authors.models import Author
from newsroom import richtext
from newsroom.images import digital_source
from newsroom.images.models import Image
from newsroom.images.recipes import WHOLE
from newsroom.publication.masthead import Masthead
from newsroom.publication.models import Publication

#: Narrower pictures get no large preview (Google's rules for articles; Open Graph advises the same).
SHARED_WIDTH_PX = 1200
#: Where search engines cut a description.
DESCRIPTION_CHARS = 200
#: The other shapes in which search engines want a lead image, beside its own (Google, "Article").
SEARCHED_CUTS = ("16x9", "1x1")

#: schema.org's names for our kinds; all are news articles to Google.
TYPES = {
    Kind.NEWS: "NewsArticle",
    Kind.FEATURE: "NewsArticle",
    Kind.INTERVIEW: "NewsArticle",
    Kind.ANALYSIS: "AnalysisNewsArticle",
    Kind.OPINION: "OpinionNewsArticle",
    Kind.EDITORIAL: "OpinionNewsArticle",
    Kind.EXPLAINER: "BackgroundNewsArticle",
    Kind.REVIEW: "ReviewNewsArticle",
}
#: What a byline's role is called there; writers are its authors.
CREDITS = {Role.EDITOR: "editor", Role.TRANSLATOR: "translator"}
#: House pages that tell schema.org how a newsroom works.
POLICIES = {
    "/ethics/": "ethicsPolicy",
    "/corrections-policy/": "correctionsPolicy",
    "/masthead/": "masthead",
}

#: As ``django.utils.html.json_script`` has it, and the line ends that only JSON allows in strings.
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}

Facts = dict[str, Any]


@dataclass(frozen=True)
class SocialImage:
    """The picture that Open Graph and feeds name: a JPEG with an absolute address, sizes in px."""

    url: str
    width: int
    height: int
    alt: str


def address(path: str) -> str:
    """The absolute address of a decoded path of ours, ready to be written anywhere."""
    return f"{settings.SITE_URL}{escape_uri_path(path)}"


def file_address(url: str) -> str:
    """The absolute address of a file whose storage says ``url``, here or on an object store."""
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url


def jpeg(image: Image | None, min_width: int, *, cut: str = WHOLE) -> dict[str, Any] | None:
    """The smallest JPEG of a cut at least that wide, else the widest: its absolute ``url``, width,
    height and bytes; None when there is none."""
    file = image.best(min_width, cut=cut) if image else None
    if file is None:
        return None
    facts = {"width": file.width, "height": file.height, "bytes": file.bytes}
    return {"url": file_address(file.url), **facts}


def social_image(article: Article) -> SocialImage | None:
    """The lead image as readers see it, at 1200 px or more where it has them; needs it fetched."""
    lead = article.lead
    file = jpeg(lead.image, SHARED_WIDTH_PX) if lead else None
    if lead is None or file is None:
        return None
    return SocialImage(file["url"], file["width"], file["height"], lead.alt)


def article(article: Article, publication: Publication) -> SafeString:
    """The story as a NewsArticle or the kind of one that it is; needs ``for_page``.

    Google, "Article structured data"; schema.org for the rest.
    """
    zone, url = publication.zone, address(article.path or "/")
    return _script(
        {
            "@type": TYPES[Kind(article.kind)],
            "headline": article.headline,
            "description": description(article),
            "url": url,
            "mainEntityOfPage": {"@type": "WebPage", "@id": url},
            "datePublished": _local(article.published_at, zone),
            "dateModified": _local(article.modified_at, zone),
            **_people(article),
            "publisher": _organization(publication),
            "image": _images(article),
            "articleSection": article.section.name,
            "keywords": [topic.name for topic in article.topics],
            "dateline": article.dateline,
            "wordCount": article.body.word_count,
            "inLanguage": publication.language,
            "isAccessibleForFree": True,
            "correction": [_correction(notice, zone) for notice in article.notices],
        }
    )


def breadcrumbs(trail: Iterable[tuple[str, str]]) -> SafeString:
    """Names and paths from the front down to the page itself, as a BreadcrumbList."""
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": address(path)}
        for position, (name, path) in enumerate(trail, start=1)
    ]
    return _script({"@type": "BreadcrumbList", "itemListElement": items})


def organization(publication: Publication, links: Masthead | None = None) -> SafeString:
    """Who publishes; with ``links`` also where else, and by which policies."""
    policies = {
        POLICIES[link.url]: address(link.url)
        for link in (links.house if links else ())
        if link.url in POLICIES
    }
    facts = {
        "description": publication.description,
        "email": publication.contact_email,
        "sameAs": [link.url for link in links.social] if links else [],
    }
    return _script({**_organization(publication), **facts, **policies})


def website(publication: Publication) -> SafeString:
    """The site, and how it is searched."""
    target = f"{address('/search/')}?q={{search_term_string}}"
    return _script(
        {
            "@type": "WebSite",
            "@id": f"{address('/')}#website",
            "url": address("/"),
            "name": publication.name,
            "description": publication.description or publication.tagline,
            "inLanguage": publication.language,
            "publisher": {"@id": _identity()},
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": target},
                "query-input": "required name=search_term_string",
            },
        }
    )


def description(article: Article) -> str:
    """The standfirst, else how the story begins; needs the body fetched."""
    return article.standfirst or richtext.excerpt(article.body.text, DESCRIPTION_CHARS)


def _people(article: Article) -> dict[str, list[Facts]]:
    """Writers are the authors; a story without any is by everyone whom its byline names."""
    lines = list(article.bylines.all())
    names_writers = any(line.role == Role.WRITER for line in lines)
    people: dict[str, list[Facts]] = {}
    for line in lines:
        is_author = line.role == Role.WRITER or not names_writers
        credit = "author" if is_author else CREDITS.get(Role(line.role), "contributor")
        people.setdefault(credit, []).append(_person(line.author))
    return people


def _person(author: Author) -> Facts:
    url = address(author.get_absolute_url())
    return {"@type": "Person", "name": author.name, "url": url, "jobTitle": author.title}


def _identity() -> str:
    return f"{address('/')}#publisher"


def _organization(publication: Publication) -> Facts:
    logo = publication.logo
    return {
        "@type": "NewsMediaOrganization",
        "@id": _identity(),
        "name": publication.name,
        "url": address("/"),
        "logo": {"@type": "ImageObject", "url": file_address(logo.url)} if logo else None,
    }


def _images(article: Article) -> list[Facts]:
    """The lead image with its words and rights (Google, "Image license metadata"), and its crops in
    the other shapes where they are large enough.

    Where it may be had under a public licence is where it was found.
    """
    lead, shared = article.lead, social_image(article)
    if lead is None or shared is None:
        return []
    image = lead.image
    crops = [jpeg(image, SHARED_WIDTH_PX, cut=cut) for cut in SEARCHED_CUTS]
    return [
        {
            "@type": "ImageObject",
            "url": shared.url,
            "contentUrl": shared.url,
            "width": shared.width,
            "height": shared.height,
            "name": image.title,
            "caption": lead.caption or lead.alt,
            "creditText": image.credit or image.author,
            "creator": {"@type": "Person", "name": image.author} if image.author else None,
            "copyrightNotice": image.copyright_notice,
            "license": image.licence_url,
            "acquireLicensePage": image.source_url if image.licence_url else "",
            "digitalSourceType": digital_source.schema_name(image.digital_source),
        },
        *(_crop(file) for file in crops if file and file["width"] >= SHARED_WIDTH_PX),
    ]


def _crop(file: Facts) -> Facts:
    sizes = {"width": file["width"], "height": file["height"]}
    return {"@type": "ImageObject", "url": file["url"], **sizes}


def _correction(notice: Correction, zone: tzinfo) -> Facts:
    return {
        "@type": "CorrectionComment",
        "name": notice.get_kind_display(),
        "text": notice.text,
        "datePublished": _local(notice.at, zone),
    }


def _local(at: datetime | None, zone: tzinfo) -> str:
    """The time with the offset of the publication's zone (ISO 8601)."""
    return at.astimezone(zone).isoformat() if at else ""


def _script(facts: Facts) -> SafeString:
    """JSON that no text in it can end: the signs that could are escaped as JSON allows."""
    whole = {"@context": "https://schema.org", **_stated(facts)}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_UNSAFE))  # noqa: S308 - what could leave the script is escaped


def _stated(value: Any) -> Any:
    """The facts without those that nobody has stated: no empty names, no empty lists."""
    if isinstance(value, dict):
        kept = {key: _stated(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner not in ("", None, [], {})}
    if isinstance(value, list):
        return [_stated(inner) for inner in value]
    return value
