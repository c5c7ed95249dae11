"""Addresses under which somebody without an account may read one story before it is out."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from articles.models.article import Article

#: The row holds the key, the address needs the signature, too: who reads the database alone, or a
#: backup of it, cannot make an address.
_signer = Signer(salt="articles.share-link", sep=".")


def new_key() -> str:
    """Never given out twice, not even after a restored backup: 96 random bits."""
    return secrets.token_urlsafe(12)


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def live(self, *, now: datetime) -> Self:
        """Neither run out nor revoked; the twin of ``ShareLink.is_live``."""
        return self.filter(revoked_at=None, expires_at__gt=now)

    def of(self, article: "Article") -> Self:
        """Those of the story with who made them, the latest first."""
        return self.filter(article=article).select_related("made_by").order_by("-made_at", "-pk")

    def at(self, token: str) -> Self:
        """The link with this token; none, and no query, for one that we have not signed."""
        try:
            return self.filter(key=_signer.unsign(token))
        except BadSignature:
            return self.none()


class ShareLink(models.Model):
    """One address: who made it, for whom, how long it works. Reading writes nothing here."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="share_links"
    )
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    note = models.CharField(max_length=100, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="share_link_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"Share link {self.pk}"

    @property
    def token(self) -> str:
        """What its address ends with. It changes with ``SECRET_KEY``."""
        return _signer.sign(self.key)

    def is_live(self, *, now: datetime) -> bool:
        """Neither run out nor revoked; the twin of ``ShareLinkQuerySet.live``."""
        return self.revoked_at is None and self.expires_at > now
