"""What an editor fills in about a picture, and the upload itself."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from newsroom.images import beside
from newsroom.images.licences import TERMS, Licence, terms
from newsroom.images.models import Image, end_of, last_day

ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/avif"
WORDS = [
    "alt",
    "decorative",
    "caption",
    "credit",
    "title",
    "author",
    "source",
    "source_url",
    "licence",
    "changes",
    "rights_until",
    "digital_source",
]
#: What the pictures of one assignment have in common.
SHARED = ["credit", "author", "source", "source_url", "licence", "rights_until"]
#: Without which a picture may not be published, the licence before what it asks for.
NEEDED = ["alt", "decorative", "credit", "licence", "author", "source_url", "rights_until"]
#: Beside the words: what only the form of a picture asks for.
REST = ["terms_note", "fallback", "focal_x", "focal_y"]
#: A year that nobody means is a slip of the hand, and some have no moment in every time zone.
YEARS = range(1900, 2201)


class LastDayField(forms.DateField):
    """A day as it is typed; the value is the moment with which it has ended in the current zone."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def prepare_value(self, value: Any) -> Any:
        return last_day(value) if isinstance(value, datetime) else value

    def clean(self, value: Any) -> datetime | None:
        day = super().clean(value)
        if day is None:
            return None
        if day.year not in YEARS:
            message = f"Enter a year between {YEARS[0]} and {YEARS[-1]}."
            raise ValidationError(message)
        return end_of(day)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def _demands(licence: str) -> SafeString:
    """What the chosen licence asks for, and the others to look up."""
    notes = dict.fromkeys(one.note for one in TERMS.values())
    others = [(", ".join(_labels(note)), note) for note in notes]
    context = {"note": terms(licence).note, "others": others}
    return render_to_string("admin/images/image/licences.html", context)


def _labels(note: str) -> list[str]:
    """The licences that ask for the same."""
    return [str(one.label) for one in Licence if TERMS[one.value].note == note]


class ImageForm(forms.ModelForm):
    """A picture with its file: required when it is new, else a replacement."""

    original = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG, WebP, GIF or AVIF. Where it was taken is never shown to readers.",
        # Our own sentence says that a file is empty.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    rights_until = LastDayField(
        label="Rights hold until",
        required=False,
        help_text=(
            "The last day, in the publication’s time zone. When it has ended no page shows the"
            " picture any more."
        ),
    )
    #: As the words were when the form was opened.
    seen = beside.SeenField(required=False)
    #: Labels of fields that somebody else has changed meanwhile, and which were kept so.
    taken_over: tuple[str, ...] = ()
    #: Why the view cannot take the file. It looks before the form does: decoding a photograph takes
    #: a second, and the form is checked inside the transaction of the save.
    refusal = ""

    class Meta:
        model = Image
        fields = [*WORDS, *REST]
        labels = {
            "focal_x": "From the left",
            "focal_y": "From the top",
            "fallback": "Shown afterwards",
        }
        widgets = {
            "alt": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "caption": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "terms_note": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "focal_x": forms.NumberInput(attrs={"min": 0, "max": 1, "step": "any"}),
            "focal_y": forms.NumberInput(attrs={"min": 0, "max": 1, "step": "any"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "original" in self.fields:
            field = self.fields["original"]
            field.required = False
            field.label = "Replace the file"
            field.help_text = "The words stay; every page shows the new picture at once."
        if self.instance.pk:
            self.initial[beside.SEEN] = beside.seen(self.instance, self.fields)
        else:
            del self.fields[beside.SEEN]
        if "licence" in self.fields:
            self.fields["licence"].help_text = _demands(self.instance.licence)

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.instance.pk:
            self.taken_over = tuple(beside.reconcile(self))
        return cleaned

    def clean_rights_until(self) -> datetime | None:
        """The moment as it is, when the day was not touched: an import may have brought an hour."""
        if "rights_until" in self.changed_data:
            return self.cleaned_data["rights_until"]
        return self.instance.rights_until

    def clean_original(self) -> Any:
        if self.refusal:
            raise ValidationError(self.refusal)
        return self.cleaned_data["original"]


class UploadForm(ImageForm):
    """The upload in a dialog: the picture and its words; the focal point comes later."""

    class Meta(ImageForm.Meta):
        fields = WORDS


class SharedForm(ImageForm):
    """What many pictures have in common, typed once."""

    original = None  # type: ignore[assignment] # takes the field out

    class Meta(ImageForm.Meta):
        fields = SHARED


class OneOfManyForm(ImageForm):
    """One of these pictures, with what they have in common."""

    class Meta(ImageForm.Meta):
        fields = SHARED


class NeededForm(ImageForm):
    """What a picture needs before it may be published: typed in lines, so that Enter saves."""

    original = None  # type: ignore[assignment] # takes the field out

    class Meta(ImageForm.Meta):
        fields = NEEDED
        widgets = {"alt": forms.TextInput(attrs={"class": "vTextField"})}

    def lacking(self) -> list[Any]:
        """The fields of what is missing, and those with an error; the first has the focus."""
        return [self[name] for name in self.fields if self._is_asked(name)]

    def others(self) -> list[Any]:
        return [self[name] for name in self.fields if not self._is_asked(name) and name != "seen"]

    def _is_asked(self, name: str) -> bool:
        lacks = self.missing
        return name in lacks or name in self.errors or (name == "decorative" and "alt" in lacks)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: What was missing when the form was opened, whatever has been typed since.
        self.missing = self.instance.lacks()
