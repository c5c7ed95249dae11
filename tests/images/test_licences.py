"""The vocabulary: what each licence asks for, and by which address it is known."""

import pytest

from newsroom.images import licences
from newsroom.images.licences import Licence
from newsroom.images.models import Image

CREATIVE_COMMONS = [one.value for one in Licence if one.value.startswith("cc-")]
VERSIONS = ("2.0", "2.5", "3.0", "4.0")


def test_every_licence_says_what_it_asks_for() -> None:
    assert set(licences.TERMS) == set(Licence.values)
    assert [value for value, terms in licences.TERMS.items() if not terms.note] == []
    assert licences.terms("") == licences.UNKNOWN


def test_every_field_that_a_licence_needs_is_a_field_of_a_picture() -> None:
    needed = {name for terms in licences.TERMS.values() for name in terms.needs}
    assert needed <= {field.name for field in Image._meta.get_fields()}


def test_creative_commons_is_known_in_the_versions_that_pictures_carry() -> None:
    expected = {
        f"cc-{family}-{version}" for family in ("by", "by-sa", "by-nd") for version in VERSIONS
    }
    assert set(CREATIVE_COMMONS) == expected


@pytest.mark.parametrize("value", CREATIVE_COMMONS)
def test_creative_commons_asks_for_author_and_source_and_prints_its_deed(value: str) -> None:
    terms = licences.terms(value)
    family, _, version = value.removeprefix("cc-").rpartition("-")
    assert terms.needs == ("author", "source_url")
    assert terms.printed == Licence(value).label
    assert terms.deed == f"https://creativecommons.org/licenses/{family}/{version}/"
    assert terms.whole == (family == "by-nd")


def test_non_commercial_variants_are_not_offered() -> None:
    assert [value for value in Licence.values if "nc" in value.split("-")] == []


def test_values_of_rows_keep_their_meaning() -> None:
    """Written by the first edition: the database holds them."""
    first = {
        "own-work": "", "agency-single-use": "", "agency": "", "permission": "",
        "handout": "handout", "cc0": "CC0", "cc-by-4.0": "CC BY 4.0",
        "cc-by-sa-4.0": "CC BY-SA 4.0", "cc-by-nd-4.0": "CC BY-ND 4.0",
        "public-domain": "public domain",
    }  # fmt: skip
    assert {value: licences.terms(value).printed for value in first} == first


def test_only_a_single_use_is_for_one_story() -> None:
    assert licences.ONCE == ["agency-single-use"]


@pytest.mark.parametrize(
    ("address", "licence"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "cc-by-4.0"),
        ("http://creativecommons.org/licenses/by-sa/3.0", "cc-by-sa-3.0"),
        ("https://www.creativecommons.org/licenses/BY-ND/2.0/deed.pt", "cc-by-nd-2.0"),
        ("https://creativecommons.org/licenses/by/2.5/legalcode", "cc-by-2.5"),
        ("https://creativecommons.org/publicdomain/zero/1.0/deed.en", "cc0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "public-domain"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", ""),
        ("https://creativecommons.org/licenses/by-sa/3.0/de/", ""),
        ("https://creativecommons.org/licenses/by/9.9/", ""),
        ("https://creativecommons.example/licenses/by/4.0/", ""),
        ("https://[creativecommons.org/licenses/by/4.0/", ""),
        ("", ""),
    ],
)
def test_licence_is_known_by_the_address_of_its_deed(address: str, licence: str) -> None:
    assert licences.of_deed(address) == licence
