"""The body editor and the image chooser of the desk: form fields, widgets and their scripts.

The editor is django-prose-editor (Tiptap). Its extensions are named here, in the package's own
form; `static/desk/editor/body.js` looks each name up and does not start when one is unknown.
"""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.urls import reverse_lazy
from django_prose_editor.config import check_legacy_dependencies
from django_prose_editor.widgets import importmap
from js_asset import Media, Script

from newsroom import richtext
from newsroom.images.licences import Licence

#: Addresses of the JSON views behind the dialogs. Each answers GET with
#: `{"results": [...], "next": page|null}` for `?q=&page=`, and for `?id=12&id=34` with those rows.
IMAGE_ADDRESSES = {
    "chooseUrl": reverse_lazy("admin:images_image_choose"),
    "uploadUrl": reverse_lazy("admin:images_image_upload"),
}
ARTICLE_ADDRESSES = {"chooseUrl": reverse_lazy("admin:articles_article_choose")}

#: What a story may consist of. Twin of the allow-list in `newsroom/richtext/allowed.py`: whatever these
#: extensions write, `richtext.clean` leaves as it is (tests/desk/test_editor.py holds them together).
EXTENSIONS: dict[str, Any] = {
    "Document": True,
    "Text": True,
    "Paragraph": True,
    "Heading": {"levels": [2, 3]},
    "HardBreak": True,
    "HorizontalRule": True,
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "Link": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "QuoteSource": True,
    "Cite": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Image": {**IMAGE_ADDRESSES, "licences": Licence.choices},
    "Embed": True,
    "Graphic": True,
    "Related": ARTICLE_ADDRESSES,
    "PullQuote": True,
    "Footnote": True,
    "Footnotes": True,
    "PasteClean": True,
    "TypographicQuotes": True,
    "Placeholder": {"placeholder": "Write the story. “##” and a space make a subhead."},
    "TrailingNode": {"notAfter": ["footnotes"]},
    "Fullscreen": True,
    "History": True,
    "Dropcursor": True,
    "Gapcursor": True,
}


def with_nonce(media: forms.Media, request: HttpRequest) -> Media:
    """The media of a form with the request's CSP nonce on every tag.

    The import map is an inline script: without the nonce the browser refuses it and no editor
    starts. `ModelAdmin.render_change_form` puts the result into `context["media"]`.
    """
    return Media.from_media(media, nonce=str(getattr(request, "csp_nonce", "")))


class BodyEditor(forms.Textarea):
    """A textarea that the desk's scripts turn into the editor; without them it stays a textarea.

    `extensions` is in django-prose-editor's form. Raises ImproperlyConfigured where the package
    only warns: a bullet list without list items once saved stories with an empty body.
    """

    def __init__(
        self, attrs: Mapping[str, Any] | None = None, *, extensions: dict[str, Any] | None = None
    ) -> None:
        super().__init__({"cols": 80, "rows": 24, "spellcheck": "true", **(attrs or {})})
        self.extensions = EXTENSIONS if extensions is None else extensions
        if problems := check_legacy_dependencies(self.extensions):
            raise ImproperlyConfigured(" ".join(problems))

    @property
    def media(self) -> Media:
        return Media(
            importmap=importmap,
            css={
                "all": [
                    "django_prose_editor/material-icons.css",
                    "desk/editor/dialog.css",
                    "desk/editor/editor.css",
                ]
            },
            js=[
                Script("desk/editor/guard.js", defer=True),
                Script("django_prose_editor/editor.js", type="module"),
                Script("desk/editor/body.js", type="module"),
            ],
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-body-editor"] = _as_json({"extensions": self.extensions})
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: the browser cannot put its message at a hidden textarea."""
        return False


class BodyField(forms.CharField):
    """The text of a story. The cleaned value is canonical HTML (`richtext.clean`)."""

    widget = BodyEditor

    def to_python(self, value: Any) -> str:
        """The text with LF line ends; forms post CRLF, which would make every body look changed."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n")

    def clean(self, value: Any) -> str:
        try:
            return richtext.clean(super().clean(value))
        except richtext.TooLong as error:
            raise ValidationError(str(error), code="too_long") from error


class ImageChooser(forms.Widget):
    """The id of a picture, with its preview and the buttons “Choose image” and “Remove”."""

    template_name = "desk/image_chooser.html"

    @property
    def media(self) -> Media:
        return Media(
            css={"all": ["desk/editor/dialog.css"]},
            js=[Script("desk/editor/image-field.js", type="module")],
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["config"] = _as_json({**IMAGE_ADDRESSES, "licences": Licence.choices})
        return context

    def id_for_label(self, id_: str | None) -> str:
        """The button: a label cannot point at a hidden input."""
        return f"{id_}_choose" if id_ else ""

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: the browser cannot put its message at a hidden input."""
        return False


def _as_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), cls=DjangoJSONEncoder)
