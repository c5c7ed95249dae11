"""The masthead's logo: any picture a desk has at hand, kept as one clean PNG."""

import io
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from PIL import Image, UnidentifiedImageError

from newsroom.storage import storing

#: Twice the size at which the masthead shows it.
MAX_WIDTH_PX, MAX_HEIGHT_PX = 960, 240
MAX_PIXELS = 24_000_000
MAX_BYTES = 5 * 1024 * 1024
TOO_LARGE = "The logo is larger than 5 MB. Upload a smaller file."
TOO_MANY_PIXELS = "The logo has more than 24 million pixels. Upload a smaller one."


def as_png(data: bytes) -> bytes:
    """The picture as a PNG no larger than the masthead needs; ValidationError says what is wrong."""
    if len(data) > MAX_BYTES:
        raise ValidationError(TOO_LARGE)
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(TOO_MANY_PIXELS)
            logo = picture.convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(TOO_MANY_PIXELS) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        message = "This is not a whole PNG, JPEG or WebP picture. Export it again and upload that."
        raise ValidationError(message) from error
    logo.thumbnail((MAX_WIDTH_PX, MAX_HEIGHT_PX), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    logo.save(out, "PNG", optimize=True)
    return out.getvalue()


class LogoField(models.FileField):
    """A file field whose upload is re-encoded, so that no foreign byte is ever served."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("upload_to", "publication/")
        kwargs.setdefault("help_text", "PNG, JPEG or WebP; shown instead of the name when set.")
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Refuses at the form what could not be re-encoded when it is saved."""
        logo = super().clean(value, model_instance)
        if logo and not logo._committed:
            if logo.size > MAX_BYTES:
                raise ValidationError(TOO_LARGE)
            as_png(logo.read())
            logo.seek(0)
        return logo

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's
        logo = getattr(model_instance, self.attname)
        if logo and not logo._committed:
            clean = ContentFile(as_png(logo.read()))
            with storing():
                logo.save(f"logo-{secrets.token_hex(8)}.png", clean, save=False)
        return super().pre_save(model_instance, add)
