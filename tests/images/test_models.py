"""What a picture says of itself: what is missing, how it is credited, which rendition fits."""

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.storage import FileSystemStorage
from django.template.loader import render_to_string

from newsroom.images import models
from newsroom.images.models import Image
from tests import factories


def image(**fields):
    """A picture without a row behind it."""
    widths = {"webp": (320, 640, 1280), "jpeg": (320, 640, 1280)}
    renditions = [
        {
            "format": format,
            "width": width,
            "height": width // 2,
            "bytes": 1,
            "name": f"renditions/{'a' * 32}/{width}.{'jpg' if format == 'jpeg' else 'webp'}",
        }
        for format, all_widths in widths.items()
        for width in all_widths
    ]
    return Image(**({"pk": 12, "width": 1280, "height": 640, "renditions": renditions} | fields))


def test_the_subject_names_the_picture():
    assert image().subject == "image:12"


def test_each_missing_word_is_a_sentence():
    assert [sentence.split(".")[0] for sentence in image().missing()] == [
        "The alternative text is missing",
        "The credit is missing",
        "The licence is missing",
    ]
    assert image().lacks() == ["alt", "credit", "licence"]
    assert image(decorative=True, credit="Jane Doe", licence="cc0").missing() == []


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{}, {"alt": ""}, {"alt": "", "decorative": True}])
def test_the_set_without_alt_is_the_twin_of_what_one_lacks(fields):
    made = factories.image(**fields)
    assert Image.objects.without_alt().exists() == ("alt" in made.lacks())


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{}, {"credit": ""}, {"licence": ""}])
def test_the_set_without_rights_is_the_twin_of_what_one_lacks(fields):
    made = factories.image(**fields)
    assert Image.objects.without_rights().exists() == bool(made.lacks())


def test_a_decorative_picture_with_alternative_text_is_refused():
    with pytest.raises(ValidationError, match="no alternative text"):
        image(decorative=True, alt="A flag").clean()


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ({}, ""),
        ({"credit": "Jane Doe"}, "Jane Doe"),
        ({"author": "Jane Doe"}, "Jane Doe"),
        ({"author": "Jane Doe", "credit": "The Agency"}, "Jane Doe / The Agency"),
        ({"author": "Jane Doe", "credit": "JANE DOE / The Agency"}, "JANE DOE / The Agency"),
        ({"credit": "Jane Doe", "licence": "own-work"}, "Jane Doe"),
        ({"credit": "Jane Doe", "licence": "agency"}, "Jane Doe"),
        ({"credit": "The Navy", "licence": "handout"}, "The Navy, handout"),
        (
            {"author": "Jane Doe", "credit": "The Agency", "licence": "cc-by-4.0"},
            "Jane Doe / The Agency, CC BY 4.0",
        ),
        ({"licence": "public-domain"}, "public domain"),
    ],
)
def test_the_credit_is_printed_with_author_and_licence_once(words, printed):
    assert image(**words).attribution == printed


def test_a_free_licence_has_a_page_to_read():
    assert image(licence="cc-by-sa-4.0").licence_url.endswith("/by-sa/4.0/")
    assert image(licence="agency").licence_url == ""
    assert image().licence_url == ""


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [(1200, 800, "landscape"), (800, 1200, "portrait"), (1000, 960, "square")],
)
def test_the_shape_is_what_the_eye_sees(width, height, shape):
    assert image(width=width, height=height).shape == shape


@pytest.mark.parametrize(
    ("x", "y", "classes"),
    [(0.5, 0.5, "fx-5 fy-5"), (0, 1, "fx-0 fy-10"), (0.26, 0.74, "fx-3 fy-7")],
)
def test_the_focal_point_is_two_classes_in_steps_of_ten_percent(x, y, classes):
    assert image(focal_x=x, focal_y=y).focus_classes == classes


@pytest.mark.parametrize(("wanted", "width"), [(1, 320), (320, 320), (321, 640), (9000, 1280)])
def test_the_smallest_rendition_that_fills_the_place_is_best(wanted, width):
    assert image().best(wanted)["width"] == width
    assert image().url(wanted, "webp") == f"/media/renditions/{'a' * 32}/{width}.webp"


def test_srcset_lists_every_width():
    folder = f"/media/renditions/{'a' * 32}"
    assert image().srcset("jpeg") == (
        f"{folder}/320.jpg 320w, {folder}/640.jpg 640w, {folder}/1280.jpg 1280w"
    )


class Signing(FileSystemStorage):
    """As an S3 bucket with querystring_auth: every address expires."""

    def url(self, name):
        return super().url(name) + "?Expires=1700000000"


def test_a_storage_whose_addresses_expire_is_refused_with_the_setting_to_change(settings):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.Signing"}}
    models._media.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="querystring_auth"):
        image().url(320)


def test_a_picture_without_renditions_shows_nothing_rather_than_fail():
    assert image(renditions=[]).url(320) == ""
    assert image(renditions=[]).picture().srcset_webp == ""


def test_words_given_for_one_use_win_over_those_of_the_library():
    kept = image(alt="A flag", caption="The flag.", credit="Jane Doe")
    assert (kept.picture().alt, kept.picture().caption) == ("A flag", "The flag.")
    shown = kept.picture(alt="Ours", caption="Our flag.", sizes="50vw")
    assert (shown.alt, shown.caption, shown.credit) == ("Ours", "Our flag.", "Jane Doe")
    assert kept.picture(alt="", caption="").alt == "A flag"


def component(name, **context):
    return " ".join(render_to_string(f"images/{name}.html", context).split())


def test_the_component_offers_webp_and_jpeg_with_sizes_and_dimensions():
    html = component("picture", image=image(alt="A flag"), sizes="50vw")
    assert '<source type="image/webp" srcset="' in html
    assert html.count('sizes="50vw"') == 2
    assert 'width="1280" height="640" alt="A flag" class="fx-5 fy-5"' in html
    assert 'loading="lazy" decoding="async"' in html
    assert "fetchpriority" not in html


def test_the_lead_picture_is_fetched_at_once():
    html = component("picture", image=image(), lead=True)
    assert 'fetchpriority="high"' in html
    assert "lazy" not in html
    assert 'alt=""' in html
    assert html.count('sizes="100vw"') == 2


def test_caption_and_credit_are_two_separate_elements():
    shown = image(credit="Jane Doe", licence="own-work").picture(caption="The flag.")
    html = component("figure", picture=shown)
    assert '<span class="caption">The flag.</span>' in html
    assert '<small class="credit">Jane Doe</small>' in html


def test_a_figure_without_words_has_no_caption_element():
    assert "figcaption" not in component("figure", picture=image().picture())


@pytest.mark.parametrize("field", ["alt", "caption", "credit", "author"])
def test_no_word_of_a_picture_becomes_markup(field):
    html = component("figure", picture=image(**{field: '"><script>alert(1)</script>'}).picture())
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_beside_words_that_say_it_all_a_picture_is_silent():
    assert 'alt=""' in component("picture", image=image(alt="Jane Doe"), decorative=True)
