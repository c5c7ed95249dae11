"""Under which terms a picture may be shown, and what each of them demands of us.

Pure data: nothing here knows of rows. The demands of the public licences are those of their legal
codes, read with Creative Commons' "Recommended practices for attribution" (title, author, source,
licence, and what was changed).

The NonCommercial variants are left out on purpose. They forbid use "primarily intended for or
directed toward commercial advantage" (4.0, section 1(i)), and a publication that sells a
subscription or an advertisement cannot be sure to be on the right side of that. Whoever wants such
a picture asks its owner and enters the answer as a permission with its last day.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.db import models


class Licence(models.TextChoices):
    """The values that a row may hold; a constraint of ``Image`` keeps it to them."""

    OWN_WORK = "own-work", "Own work"
    AGENCY_SINGLE_USE = "agency-single-use", "Agency, single use"
    AGENCY = "agency", "Agency, subscription"
    PERMISSION = "permission", "By permission of the owner"
    HANDOUT = "handout", "Handout, free for the press"
    CC0 = "cc0", "CC0"
    CC_BY_4 = "cc-by-4.0", "CC BY 4.0"
    CC_BY_3 = "cc-by-3.0", "CC BY 3.0"
    CC_BY_2_5 = "cc-by-2.5", "CC BY 2.5"
    CC_BY_2 = "cc-by-2.0", "CC BY 2.0"
    CC_BY_SA_4 = "cc-by-sa-4.0", "CC BY-SA 4.0"
    CC_BY_SA_3 = "cc-by-sa-3.0", "CC BY-SA 3.0"
    CC_BY_SA_2_5 = "cc-by-sa-2.5", "CC BY-SA 2.5"
    CC_BY_SA_2 = "cc-by-sa-2.0", "CC BY-SA 2.0"
    CC_BY_ND_4 = "cc-by-nd-4.0", "CC BY-ND 4.0"
    CC_BY_ND_3 = "cc-by-nd-3.0", "CC BY-ND 3.0"
    CC_BY_ND_2_5 = "cc-by-nd-2.5", "CC BY-ND 2.5"
    CC_BY_ND_2 = "cc-by-nd-2.0", "CC BY-ND 2.0"
    PUBLIC_DOMAIN = "public-domain", "Public domain"


@dataclass(frozen=True)
class Terms:
    """What a licence asks for.

    ``printed`` is what readers are told, empty where the terms are between the desk and the owner;
    ``deed`` is where the licence can be read. ``needs`` are the fields of a picture that must be
    filled in. ``once``: one story may show it. ``whole``: it is never cropped. ``is_reserved``:
    somebody holds the copyright. ``note`` tells the desk all of this in words.
    """

    note: str
    printed: str = ""
    deed: str = ""
    needs: tuple[str, ...] = ()
    once: bool = False
    whole: bool = False
    is_reserved: bool = True


#: A picture whose licence nobody has chosen yet: it is not published, so nothing is demanded.
UNKNOWN = Terms("", is_reserved=False)

_DEEDS = "https://creativecommons.org"
_ATTRIBUTION = (
    "Name the author and give the address where it was found; readers get both, with a link to the"
    " licence. Say under “changes” what was changed."
)
_BY = Terms(_ATTRIBUTION, needs=("author", "source_url"))
_BY_SA = replace(_BY, note=f"{_ATTRIBUTION} A changed copy stays under this licence.")
_BY_ND = replace(
    _BY,
    note=(
        "Name the author and give the address where it was found; readers get both, with a link to"
        " the licence. It must not be changed: it is shown whole, never cropped."
    ),
    whole=True,
)
_FAMILIES = {"by": _BY, "by-sa": _BY_SA, "by-nd": _BY_ND}


def _creative_commons(licence: Licence) -> Terms:
    """The terms of one variant, such as ``cc-by-sa-3.0``."""
    family, _, version = licence.value.removeprefix("cc-").rpartition("-")
    deed = f"{_DEEDS}/licenses/{family}/{version}/"
    return replace(_FAMILIES[family], printed=licence.label, deed=deed)


TERMS: dict[str, Terms] = {
    Licence.OWN_WORK.value: Terms("Ours, without limits. Name in the credit who made it."),
    Licence.AGENCY_SINGLE_USE.value: Terms(
        "One story only: once a story with it is published or scheduled, no other can be.",
        once=True,
    ),
    Licence.AGENCY.value: Terms(
        "Within the subscription: name photographer and agency in the credit. Set the last day when"
        " the contract ends.",
    ),
    Licence.PERMISSION.value: Terms(
        "Needs the last day of the permission; note under “terms” who gave it. For one without end"
        " choose a day on which to ask again.",
        needs=("rights_until",),
    ),
    Licence.HANDOUT.value: Terms(
        "Free for reporting on what it shows. Name in the credit who handed it out.",
        printed="handout",
        is_reserved=False,
    ),
    Licence.CC0.value: Terms(
        "No conditions; the author is named as a courtesy.",
        printed="CC0",
        deed=f"{_DEEDS}/publicdomain/zero/1.0/",
        is_reserved=False,
    ),
    **{one.value: _creative_commons(one) for one in Licence if one.value.startswith("cc-")},
    Licence.PUBLIC_DOMAIN.value: Terms(
        "No conditions, where the term of protection has ended: it differs between countries.",
        printed="public domain",
        deed=f"{_DEEDS}/publicdomain/mark/1.0/",
        is_reserved=False,
    ),
}

_DEED = re.compile(r"/(licenses|publicdomain)/([a-z-]{2,10})/([0-9.]{3})(/[a-z.-]+)?/?")
#: The deeds that are no variant of BY, by the middle of their address.
_NO_CONDITIONS = {"zero": Licence.CC0.value, "mark": Licence.PUBLIC_DOMAIN.value}


def terms(licence: str) -> Terms:
    """What the licence demands; ``UNKNOWN`` for none."""
    return TERMS.get(licence, UNKNOWN)


def demanding(field: str) -> list[str]:
    """The licences under which that field of a picture must be filled in."""
    return [licence for licence, one in TERMS.items() if field in one.needs]


#: Under which a picture is for one story.
ONCE = [licence for licence, one in TERMS.items() if one.once]


def of_deed(address: str) -> str:
    """The licence that can be read at this address, as pictures name it in their metadata.

    Empty for any other address: the NonCommercial variants, and the ports to one country's law
    (``/by-sa/3.0/de/``), which are licences of their own.
    """
    try:
        parts = urlsplit(address.strip().lower())
    except ValueError:
        return ""
    found = _DEED.fullmatch(parts.path)
    if (parts.hostname or "").removeprefix("www.") != "creativecommons.org" or not found:
        return ""
    kind, family, version, page = found.groups()
    if page and not page.startswith(("/deed", "/legalcode")):
        return ""
    if kind == "publicdomain":
        return _NO_CONDITIONS.get(family, "") if version == "1.0" else ""
    licence = f"cc-{family}-{version}"
    return licence if licence in TERMS else ""
