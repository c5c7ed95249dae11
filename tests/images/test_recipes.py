"""Which files a picture ought to have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.images import recipes

CENTER = (0.5, 0.5)


def box(name, width, height, focal):
    return tuple(round(edge, 4) for edge in recipes.cuts(width, height, focal)[name].box)


@pytest.mark.parametrize(
    ("focal", "expected"),
    [
        (CENTER, (0.25, 0, 0.75, 1)),
        ((0.3, 0.9), (0.05, 0, 0.55, 1)),
        ((0.1, 0.5), (0, 0, 0.5, 1)),
        ((0.9, 0.5), (0.5, 0, 1, 1)),
    ],
)
def test_a_crop_lies_around_the_focal_point_and_inside_the_picture(focal, expected):
    assert box("1x1", 1600, 800, focal) == expected


def test_a_tall_picture_is_cut_at_top_and_bottom():
    assert box("1x1", 800, 1600, (0.5, 0.25)) == (0, 0, 1, 0.5)


@pytest.mark.parametrize(
    ("size", "absent"),
    [((1920, 1080), "16x9"), ((6000, 4000), "3x2"), ((6000, 4003), "3x2"), ((80, 100), "4x5")],
)
def test_no_crop_is_made_in_the_shape_that_the_picture_has(size, absent):
    assert set(recipes.CUTS) - set(recipes.cuts(*size, CENTER)) == {absent}


def test_a_square_picture_has_the_widths_of_a_square_crop_too():
    whole = recipes.cuts(800, 800, CENTER)["whole"]
    assert [width for width, _height in whole.sizes] == [160, 320, 640, 800]


sides = st.integers(16, 12_000)
shares = st.floats(0, 1)


@given(sides, sides, shares, shares)
def test_every_cut_lies_inside_holds_the_focal_point_and_asks_for_no_more_pixels_than_there_are(
    width, height, x, y
):
    for name, cut in recipes.cuts(width, height, (x, y)).items():
        left, top, right, bottom = cut.box
        assert -1e-9 <= left <= x + 1e-9
        assert x - 1e-9 <= right <= 1 + 1e-9
        assert -1e-9 <= top <= y + 1e-9
        assert y - 1e-9 <= bottom <= 1 + 1e-9
        widths = [size[0] for size in cut.sizes]
        assert widths == sorted(set(widths))
        assert widths[-1] <= max(1, round(width * (right - left)))
        alike = recipes.RATIOS if name == "whole" else ()
        shapes = [name, *(one for one in alike if recipes.has_shape(width, height, one))]
        assert set(widths[:-1]) <= {px for shape in shapes for px in recipes.WIDTHS_PX[shape]}
        assert min(min(size) for size in cut.sizes) >= 1


@given(sides, sides)
def test_the_working_size_has_the_pixels_for_each_cut_and_none_beyond_the_picture(width, height):
    cuts = list(recipes.cuts(width, height, CENTER).values())
    across, down = recipes.working_size(width, height, cuts)
    assert across <= width
    assert down <= height
    assert across * down <= recipes.MAX_WORKING_PIXELS * 1.01
    for cut in cuts:
        assert across * (cut.box[2] - cut.box[0]) >= cut.sizes[-1][0] - 1


def of(focal=CENTER, *, name="1x1", original="originals/a", words=b"", size=(1600, 800)):
    return recipes.fingerprint(original, recipes.cuts(*size, focal)[name], words)


def test_a_fingerprint_changes_with_the_file_the_part_shown_and_the_words():
    assert len({of(), of(original="originals/b"), of((0.3, 0.5)), of(words=b"Jane Doe")}) == 4
    assert of() == of()


def test_a_move_that_changes_no_pixel_of_a_crop_is_none():
    assert of((0.5, 0.1)) == of((0.5, 0.9))
    assert of((0.0, 0.5)) == of((0.2, 0.5))
    assert of((0.3, 0.5), name="whole") == of(name="whole")


def test_a_new_version_of_the_pipeline_makes_everything_stale(monkeypatch):
    before = of()
    monkeypatch.setattr(recipes, "VERSION", recipes.VERSION + 1)
    assert of() != before
