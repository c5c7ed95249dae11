"""The rights in a picture: what is lacking, until when they hold, what stands in afterwards."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.template.loader import render_to_string
from django.utils import timezone

from newsroom.images.licences import Licence
from newsroom.images.models import Image, end_of, gallery
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WHOLE = {"author": "Rui", "source_url": "https://pictures.example/1", "rights_until": NOON}


# --- What is lacking ----------------------------------------------------------------------------


@pytest.mark.parametrize("licence", ["", *Licence.values])
@pytest.mark.parametrize("absent", ["", "credit", "author", "source_url", "rights_until"])
def test_set_without_rights_is_the_twin_of_what_one_lacks(licence: str, absent: str) -> None:
    empty: dict[str, Any] = {absent: None if absent == "rights_until" else ""} if absent else {}
    made = factories.image(licence=licence, **(WHOLE | empty))
    assert Image.objects.without_rights().exists() == bool(made.lacks())


@pytest.mark.parametrize(
    ("fields", "lacking"),
    [
        ({"licence": "own-work", "author": ""}, []),
        ({"licence": "agency-single-use"}, []),
        ({"licence": "permission"}, ["rights_until"]),
        ({"licence": "permission", "rights_until": NOON}, []),
        ({"licence": "cc-by-2.0"}, ["source_url"]),
        ({"licence": "cc-by-sa-4.0", "author": ""}, ["author", "source_url"]),
        ({"licence": "cc0", "author": ""}, []),
        ({"licence": ""}, ["licence"]),
    ],
)
def test_picture_lacks_what_its_licence_demands(fields: dict[str, Any], lacking: list[str]) -> None:
    made = factories.image(**fields)
    assert made.lacks() == lacking
    assert len(made.missing()) == len(lacking)
    assert all(sentence.endswith(".") for sentence in made.missing())


def test_source_that_is_no_address_on_the_web_is_not_kept() -> None:
    with pytest.raises(IntegrityError):
        factories.image(source_url="javascript:alert(1)")


# --- What readers are told ----------------------------------------------------------------------


def printed(image: Image) -> str:
    return " ".join(render_to_string("images/figure.html", {"picture": image.picture()}).split())


def test_creative_commons_is_attributed_with_title_author_source_licence_and_changes() -> None:
    image = factories.image(
        title="Dawn", author="Jane Doe", credit="Jane Doe", licence="cc-by-sa-3.0",
        source="Flickr", source_url="https://flickr.example/1", changes="cropped",
    )  # fmt: skip
    assert image.attribution == "“Dawn” by Jane Doe, Flickr, CC BY-SA 3.0, cropped"
    assert (
        '<small class="credit">“Dawn” by Jane Doe, <a href="https://flickr.example/1">Flickr</a>,'
        ' <a href="https://creativecommons.org/licenses/by-sa/3.0/" rel="license">CC BY-SA 3.0</a>,'
        " cropped</small>"
    ) in printed(image)


def test_source_without_a_name_is_called_by_its_host() -> None:
    image = factories.image(source_url="https://www.pictures.example/a?b=1")
    assert image.attribution == "Rui Falcão / The Harbor Courier, pictures.example"


def test_terms_between_the_desk_and_the_owner_are_not_printed() -> None:
    image = factories.image(licence="permission", rights_until=NOON, terms_note="40 euros")
    assert "40 euros" not in printed(image)
    assert ">Rui Falcão / The Harbor Courier</small>" in printed(image)


def test_picture_that_must_not_be_changed_is_never_cropped() -> None:
    whole = factories.image(licence="cc-by-nd-4.0")
    assert '<picture class="picture landscape whole">' in printed(whole)
    assert '<picture class="picture landscape">' in printed(factories.image())


@pytest.mark.parametrize(
    ("licence", "notice"),
    [("agency", "© Rui Falcão / The Harbor Courier"), ("cc0", ""), ("public-domain", "")],
)
def test_copyright_is_claimed_where_somebody_holds_it(licence: str, notice: str) -> None:
    assert factories.image(licence=licence).copyright_notice == notice


# --- Until when ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("UTC", datetime(2026, 11, 23, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 23, 5, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 11, 22, 15, tzinfo=UTC)),
    ],
)
def test_day_ends_at_midnight_in_the_current_time_zone(zone: str, end: datetime) -> None:
    with timezone.override(zone):
        assert end_of(date(2026, 11, 22)) == end
        assert Image(rights_until=end).last_day == date(2026, 11, 22)


def test_day_ends_where_the_clocks_are_put_forward_at_midnight() -> None:
    """In Cairo 24 April 2026 began at one o'clock."""
    with timezone.override("Africa/Cairo"):
        assert end_of(date(2026, 4, 23)) == datetime(2026, 4, 23, 22, tzinfo=UTC)
        assert Image(rights_until=end_of(date(2026, 4, 23))).last_day == date(2026, 4, 23)


def test_rights_end_with_their_second() -> None:
    image = factories.image(rights_until=NOON)
    for now, has_ended in ((NOON - SECOND, False), (NOON, True), (NOON + SECOND, True)):
        assert image.has_ended(now=now) == has_ended
        assert Image.objects.ended(now=now).exists() == has_ended
    assert not factories.image().has_ended(now=NOON)


def test_fallback_is_shown_once_the_rights_have_ended() -> None:
    fallback = factories.image(rights_until=NOON + timedelta(days=1))
    image = factories.image(rights_until=NOON, fallback=fallback)
    assert image.shown(now=NOON - SECOND) == image
    assert image.shown(now=NOON) == fallback
    assert image.shown(now=NOON + timedelta(days=1)) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"alt": ""},
        {"credit": ""},
        {"licence": ""},
        {"licence": "cc-by-4.0"},
        {"licence": "agency-single-use"},
        {"renditions": {}},
    ],
)
def test_fallback_that_may_not_be_shown_is_not(fields: dict[str, Any]) -> None:
    image = factories.image(rights_until=NOON, fallback=factories.image(**fields))
    assert image.shown(now=NOON) is None


def test_page_declares_all_its_pictures_and_when_the_next_one_ends() -> None:
    fallback = factories.image(rights_until=NOON + 9 * SECOND)
    ended = factories.image(rights_until=NOON, fallback=fallback)
    ending, endless = factories.image(rights_until=NOON + 5 * SECOND), factories.image()
    found = gallery([ended, None, ending, endless], now=NOON)
    assert found.tags == {one.subject for one in (fallback, ended, ending, endless)}
    assert (found.until, found.changed_at) == (NOON + 5 * SECOND, NOON)


# --- A fallback is chosen with care -------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"licence": "agency-single-use"}, "single use"),
        ({"credit": ""}, "not complete"),
        ({"rights_until": NOON}, "do not hold longer"),
    ],
)
def test_fallback_that_could_not_stand_in_is_refused(fields: dict[str, Any], sentence: str) -> None:
    image = factories.image(rights_until=NOON, fallback=factories.image(**fields))
    with pytest.raises(ValidationError, match=sentence):
        image.clean()


def test_picture_does_not_stand_in_for_itself() -> None:
    image = factories.image()
    image.fallback = image
    with pytest.raises(ValidationError, match="its own fallback"):
        image.clean()
    with pytest.raises(IntegrityError):
        image.save()


def test_time_is_asked_when_the_page_is_rendered() -> None:
    author = factories.author(portrait=factories.image(rights_until=NOON))
    with time_machine.travel(NOON - SECOND, tick=False):
        assert author.face == author.portrait
    with time_machine.travel(NOON, tick=False):
        assert author.face is None
