"""What an editor fills in about a picture, and the upload itself."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from newsroom.images.models import Image

ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/avif"
WORDS = [
    "alt",
    "decorative",
    "caption",
    "credit",
    "author",
    "source",
    "source_url",
    "licence",
]


class ImageForm(forms.ModelForm):
    """A picture with its file: required when it is new, else a replacement."""

    original = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG, WebP, GIF or AVIF. Where it was taken is never shown to readers.",
        # Our own sentence says that a file is empty.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    #: Why the view cannot take the file. It looks before the form does: decoding a photograph takes
    #: a second, and the form is checked inside the transaction of the save.
    refusal = ""

    class Meta:
        model = Image
        fields = [*WORDS, "focal_x", "focal_y"]
        labels = {"focal_x": "From the left", "focal_y": "From the top"}
        widgets = {
            "alt": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "caption": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
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

    def clean_original(self) -> Any:
        if self.refusal:
            raise ValidationError(self.refusal)
        return self.cleaned_data["original"]


class UploadForm(ImageForm):
    """The upload in a dialog: the picture and its words; the focal point comes later."""

    class Meta(ImageForm.Meta):
        fields = WORDS
