"""Old addresses lead on in one hop, and a path in use is never a redirect."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from newsroom.redirects import paths
from newsroom.redirects.models import Redirect

names = st.sampled_from(["/a/", "/b/", "/c/", "/d/"])


class Moves(TestCase):
    @settings(max_examples=80, deadline=None)
    @given(moves=st.lists(names, min_size=1, max_size=8))
    def test_every_old_address_leads_to_the_present_one_in_one_hop(self, moves: list[str]) -> None:
        Redirect.objects.all().delete()
        now = "/start/"
        seen = {now}
        for new in moves:
            paths.moved(now, new, owner="article:1")
            seen.add(new)
            now = new
        table = dict(Redirect.objects.values_list("old_path", "new_path"))
        assert table == dict.fromkeys(seen - {now}, now)


@pytest.mark.django_db
def test_owner_may_take_an_old_address_back_and_nobody_else() -> None:
    paths.moved("/old/", "/new/", owner="article:1")
    assert paths.taken("/old/", owner="article:1") == ""
    assert paths.taken("/old/", owner="article:2").endswith("Choose another.")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/admin/", "/search/", "/2026/", "/2026/11/22/", "/livez"])
def test_fixed_addresses_are_taken(path: str) -> None:
    assert "address of the site itself" in paths.taken(path)
