"""The tree of sections: addresses follow, old ones lead on."""

import pytest
from django.core.exceptions import ValidationError

from newsroom.publication.models import HousePage, Publication
from newsroom.redirects.models import Redirect
from sections import navigation, workflow
from sections.models import Section
from tests import factories

pytestmark = pytest.mark.django_db


def test_descendants_move_with_their_section() -> None:
    city = factories.section("City")
    council = factories.section("Council", parent=city)
    deep = factories.section("Budget", parent=council)
    city.slug = "town"
    workflow.place(city, by=None)
    paths = Section.objects.order_by("path").values_list("path", flat=True)
    assert list(paths) == ["/town/", "/town/council/", "/town/council/budget/"]
    assert dict(Redirect.objects.values_list("old_path", "new_path")) == {
        "/city/": "/town/",
        "/city/council/": "/town/council/",
        "/city/council/budget/": "/town/council/budget/",
    }
    deep.refresh_from_db()
    assert deep.path == "/town/council/budget/"


@pytest.mark.parametrize(
    "slug", ["search", "authors", "admin", "static", "corrections", "about", "2026", "Upper", "a/b"]
)
def test_address_that_somebody_has_is_refused_with_a_sentence(slug: str) -> None:
    HousePage.objects.create(title="About", slug="about")
    with pytest.raises(ValidationError) as refusal:
        Section(name="X", slug=slug).full_clean(exclude=["path"])
    assert refusal.value.message_dict["slug"][0].endswith(".")


def test_section_cannot_be_placed_under_itself() -> None:
    city = factories.section("City")
    city.parent = factories.section("Council", parent=city)
    with pytest.raises(ValidationError):
        city.full_clean(exclude=["path"])


def test_navigation_is_read_once_and_anew_after_a_change(django_assert_num_queries) -> None:
    city = factories.section("City")
    factories.section("Council", parent=city)
    navigation.tree(Publication.current())
    with django_assert_num_queries(1):
        held = navigation.tree(Publication.current())
    assert [child.name for child in held.roots[0].children] == ["Council"]
    city.name = "Town"
    workflow.place(city, by=None)
    assert navigation.tree(Publication.current()).roots[0].name == "Town"


def test_deleted_section_leaves_the_navigation() -> None:
    factories.section("City").delete()
    assert navigation.tree(Publication.current()).roots == ()
