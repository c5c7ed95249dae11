"""What a picture says of itself: what is missing, how it is credited, which rendition fits."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.storage import FileSystemStorage
from django.template.loader import render_to_string

from newsroom.images import digital_source, models, recipes
from newsroom.images.digital_source import DigitalSource
from newsroom.images.models import Image
from tests import factories

FOLDER = "a" * 24
#: The members of https://schema.org/IPTCDigitalSourceEnumeration.
SCHEMA_NAMES = [
    "AlgorithmicMedia",
    "AlgorithmicallyEnhanced",
    "CompositeCapture",
    "Composite",
    "CompositeSynthetic",
    "CompositeWithTrainedAlgorithmicMedia",
    "DataDrivenMedia",
    "DigitalArt",
    "DigitalCapture",
    "MinorHumanEdits",
    "MultiFrameComputationalCapture",
    "NegativeFilm",
    "PositiveFilm",
    "Print",
    "ScreenCapture",
    "TrainedAlgorithmicMedia",
    "VirtualRecording",
]


def image(**fields):
    """A picture without a row behind it: 1280 by 640, with crops in JPEG and WebP."""
    return Image(**({"pk": 12, "width": 1280, "height": 640, "renditions": files()} | fields))


def files(formats=("webp", "jpeg")):
    cuts = recipes.cuts(1280, 640, (0.5, 0.5)).values()
    group = {"folder": FOLDER, "recipe": ""}
    return {
        cut.name: {
            format: {**group, "sizes": [[*size, 1] for size in cut.sizes]} for format in formats
        }
        for cut in cuts
    }


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


@pytest.mark.parametrize(
    ("wanted", "width"), [(1, 320), (320, 320), (321, 640), (1200, 1200), (9000, 1280)]
)
def test_the_smallest_file_that_fills_the_place_is_best(wanted, width):
    assert image().best(wanted).width == width
    assert image().url(wanted, "webp") == f"/media/renditions/{FOLDER}/{width}.webp"


def test_a_crop_has_files_of_its_own_and_stands_for_the_whole_where_there_is_none():
    assert image().url(320, cut="3x2") == f"/media/renditions/{FOLDER}/3x2-320.jpg"
    bare = image(renditions={"whole": files()["whole"]})
    assert bare.best(320, cut="3x2") is None
    assert bare.url(320, cut="3x2") == f"/media/renditions/{FOLDER}/320.jpg"


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
    assert image(renditions={}).url(320) == ""
    assert image(renditions={}).picture().display("3x2").sources == []
    assert 'src=""' in component("picture", image=image(renditions={}))


def test_words_given_for_one_use_win_over_those_of_the_library():
    kept = image(alt="A flag", caption="The flag.", credit="Jane Doe")
    assert (kept.picture().alt, kept.picture().caption) == ("A flag", "The flag.")
    shown = kept.picture(alt="Ours", caption="Our flag.", sizes="50vw")
    assert (shown.alt, shown.caption, shown.credit) == ("Ours", "Our flag.", "Jane Doe")
    assert kept.picture(alt="", caption="").alt == "A flag"


def component(name, **context):
    return " ".join(render_to_string(f"images/{name}.html", context).split())


def test_the_component_offers_the_smallest_format_first_with_sizes_and_dimensions():
    html = component("picture", image=image(alt="A flag"), sizes="50vw")
    sources = re.findall(r'<source type="image/(\w+)" srcset="([^"]+)" sizes="50vw">', html)
    assert [format for format, _srcset in sources] == ["webp"]
    assert sources[0][1].split(", ") == [
        f"/media/renditions/{FOLDER}/{width}.webp {width}w" for width in (320, 640, 960, 1200, 1280)
    ]
    assert f'<img src="/media/renditions/{FOLDER}/960.jpg" width="1280" height="640"' in html
    assert 'alt="A flag" loading="lazy" decoding="async"' in html
    assert "fetchpriority" not in html


def test_avif_is_offered_before_webp_once_it_is_there():
    html = component("picture", image=image(renditions=files(("jpeg", "webp", "avif"))))
    assert re.findall("image/(\\w+)", html) == ["avif", "webp"]


def test_until_there_is_anything_better_the_jpeg_has_every_width():
    html = component("picture", image=image(renditions=files(("jpeg",))), sizes="50vw")
    assert "<source" not in html
    assert html.count(".jpg 1280w") == html.count('sizes="50vw"') == 1


def test_a_crop_is_shown_with_its_own_files_and_dimensions():
    html = component("picture", image=image(focal_x=0.2), cut="3x2")
    assert f"/media/renditions/{FOLDER}/3x2-320.webp 320w" in html
    assert 'width="960" height="640"' in html
    assert 'class="picture landscape"' in html
    assert "fx-" not in html


def test_without_a_crop_the_style_sheet_is_told_the_focal_point():
    whole = image(focal_x=0.2, renditions={"whole": files()["whole"]})
    html = component("picture", image=whole, cut="3x2")
    assert 'width="1280" height="640"' in html
    assert 'class="fx-2 fy-5"' in html


def test_a_picture_that_has_the_shape_already_is_shown_whole_and_needs_no_focal_point():
    fitting = image(width=1200, height=800, renditions={"whole": files()["whole"]})
    assert "fx-" not in component("picture", image=fitting, cut="3x2")


def test_a_licence_without_adaptations_shows_the_whole_picture_in_place_of_a_crop():
    kept = image(licence="cc-by-nd-4.0", renditions={"whole": files()["whole"]})
    html = component("picture", image=kept, cut="1x1")
    assert 'class="picture landscape whole"' in html
    assert 'width="1280" height="640"' in html
    assert "fx-" not in html
    assert {cut for cut, _format in kept.recipes()} == {"whole"}


def test_a_portrait_offers_one_small_file_of_each_format():
    html = component("picture", image=image(), cut="1x1", widest=160, sizes="3rem")
    names = re.findall(r"[\w-]+\.(?:jpg|webp)", html)
    assert names == ["1x1-160.webp", "1x1-160.jpg"]
    assert 'width="160" height="160"' in html


def test_a_picture_that_is_smaller_than_its_place_is_offered_all_the_same():
    tiny = image(
        renditions={"whole": {"jpeg": {"folder": FOLDER, "recipe": "", "sizes": [[300, 150, 1]]}}}
    )
    assert tiny.display(widest=160).src.endswith("/300.jpg")


def test_the_lead_picture_is_fetched_at_once():
    html = component("picture", image=image(), lead=True)
    assert 'fetchpriority="high"' in html
    assert "lazy" not in html
    assert 'alt=""' in html
    assert html.count('sizes="100vw"') == 1


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


# --- How it was made ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "notice"),
    [
        ("", ""),
        ("digitalCapture", ""),
        ("digitalCreation", ""),
        ("compositeCapture", "Composite of photographs"),
        ("compositeWithTrainedAlgorithmicMedia", "Image changed with AI"),
        ("trainedAlgorithmicMedia", "Image made with AI"),
    ],
)
def test_readers_are_told_beside_the_credit_of_composites_and_of_ai(code, notice):
    shown = image(credit="Jane Doe", digital_source=code)
    assert shown.notice == notice
    html = component("figure", picture=shown.picture())
    assert notice in html
    assert shown.attribution == (f"Jane Doe, {notice}" if notice else "Jane Doe")


def test_every_way_of_making_a_picture_has_a_name_in_schema_org():
    assert {digital_source.schema_name(value) for value in DigitalSource.values} <= {
        f"https://schema.org/{name}DigitalSource" for name in SCHEMA_NAMES
    }


def test_a_code_that_is_retired_or_finer_than_ours_is_known_all_the_same():
    assert digital_source.known("computationalCapture") == "digitalCapture"
    assert digital_source.known("digitalArt") == "digitalCreation"
    assert digital_source.known("virtualRecording") == ""


# --- Which files there ought to be ----------------------------------------------------------------


def test_a_picture_without_files_lacks_every_group():
    assert set(image(renditions={}).outdated()) == {
        (cut, format) for cut in recipes.CUTS for format in recipes.FORMATS
    }


@pytest.mark.parametrize("words", [{"credit": "Jane Doe"}, {"digital_source": "composite"}])
def test_words_that_travel_inside_make_every_file_stale(words):
    before, after = image().recipes(), image(**words).recipes()
    assert {group for group in before if before[group] != after[group]} == set(before)


@pytest.mark.parametrize("words", [{"alt": "A flag"}, {"caption": "A flag."}])
def test_other_words_make_no_file_stale(words):
    assert image(**words).recipes() == image().recipes()


def test_a_moved_focal_point_makes_only_crops_stale():
    before, after = image().recipes(), image(focal_x=0.3).recipes()
    stale = {cut for cut, format in before if before[cut, format] != after[cut, format]}
    assert stale == set(recipes.RATIOS)
