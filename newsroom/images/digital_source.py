"""How a picture came about: IPTC's Digital Source Type NewsCodes, in an editor's words.

The vocabulary is at https://cv.iptc.org/newscodes/digitalsourcetype/ (September 2024), the names that
search engines know at https://schema.org/IPTCDigitalSourceEnumeration.
"""

from django.db import models

NEWSCODES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SCHEMA = "https://schema.org/"


class DigitalSource(models.TextChoices):
    """The values are IPTC's codes, so nothing is lost on the way through."""

    PHOTO = "digitalCapture", "Photograph"
    RETOUCHED = "humanEdits", "Photograph, retouched by hand"
    ENHANCED = "algorithmicallyEnhanced", "Photograph, enhanced by software"
    FILM = "negativeFilm", "Scan of a film"
    PRINT = "print", "Scan of a print"
    SCREEN = "screenCapture", "Screenshot"
    ILLUSTRATION = "digitalCreation", "Illustration or graphic"
    DATA = "dataDrivenMedia", "Chart or map drawn from data"
    PHOTO_COMPOSITE = "compositeCapture", "Composite of photographs"
    COMPOSITE = "composite", "Composite"
    SYNTHETIC_COMPOSITE = "compositeSynthetic", "Composite with computer-made parts"
    COMPUTED = "algorithmicMedia", "Computer-made, without AI"
    PARTLY_AI = "compositeWithTrainedAlgorithmicMedia", "Changed with AI"
    AI = "trainedAlgorithmicMedia", "Made with AI"


#: What a reader must know beside the credit, because the picture looks like something it is not.
NOTICES = {
    DigitalSource.PHOTO_COMPOSITE: "Composite of photographs",
    DigitalSource.COMPOSITE: "Composite image",
    DigitalSource.SYNTHETIC_COMPOSITE: "Composite image with computer-made parts",
    DigitalSource.COMPUTED: "Computer-made image",
    DigitalSource.PARTLY_AI: "Image changed with AI",
    DigitalSource.AI: "Image made with AI",
}
#: Codes of IPTC that are one thing with another to an editor, or are retired.
SAME_AS = {
    "computationalCapture": DigitalSource.PHOTO,
    "positiveFilm": DigitalSource.FILM,
    "minorHumanEdits": DigitalSource.RETOUCHED,
    "digitalArt": DigitalSource.ILLUSTRATION,
    "softwareImage": DigitalSource.ILLUSTRATION,
}
#: Where schema.org's name is not IPTC's with a capital.
SCHEMA_NAMES = {
    DigitalSource.RETOUCHED: "MinorHumanEdits",
    DigitalSource.ILLUSTRATION: "DigitalArt",
}


def known(code: str) -> str:
    """Our value for a code of IPTC's; empty for one that we do not know."""
    if code in DigitalSource.values:
        return code
    return SAME_AS.get(code, "")


def newscode(value: str) -> str:
    """The address of the code, as XMP wants it; empty for empty."""
    return f"{NEWSCODES}{value}" if value else ""


def schema_name(value: str) -> str:
    """The address of the term in schema.org; empty for empty."""
    if not value:
        return ""
    source = DigitalSource(value)
    name = SCHEMA_NAMES.get(source, value[0].upper() + value[1:])
    return f"{SCHEMA}{name}DigitalSource"
