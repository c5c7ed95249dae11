"""The library as the desk lists it: tiles or a table, in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils import timezone

from newsroom.images import library
from newsroom.images.models import Image

#: The parameter of the list that says how it is shown, and under which the session keeps it.
VIEW, KEPT = "as", "pictures_as"
GRID, TABLE = "grid", "table"
#: What a tile says of something that is missing.
IN_A_WORD = {
    "alt": "alternative text",
    "credit": "credit",
    "licence": "licence",
    "author": "author",
    "source_url": "source address",
    "rights_until": "last day",
}


@dataclass(frozen=True)
class Tile:
    """A picture in the grid. ``missing`` and ``marks`` are a few words each; ``is_over``: its
    rights do not allow another use."""

    image: Image
    name: str
    src: str
    missing: list[str]
    marks: list[str]
    is_over: bool
    places: int


class Pictures(ChangeList):
    """A page of the library; each picture knows as ``places`` in how many places it is used."""

    model_admin: Any

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.as_grid = _shown_as(request) == GRID
        super().__init__(request, *args, **kwargs)

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        found.pop(VIEW, None)
        return found

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        places = library.count_uses(self.result_list)
        for image in self.result_list:
            image.places = places.get(image.pk, 0)

    def tiles(self) -> list[Tile]:
        now = timezone.now()
        return [
            Tile(
                image=image,
                name=str(image),
                src=image.url(320),
                missing=[f"No {IN_A_WORD[name]}" for name in image.lacks()],
                marks=image.marks(now=now),
                is_over=image.is_over(now=now),
                places=image.places,
            )
            for image in self.result_list
        ]

    def views(self) -> list[tuple[str, str, bool]]:
        """The ways to show it: name, address, whether it is shown so."""
        ways = [("Grid", GRID, self.as_grid), ("Table", TABLE, not self.as_grid)]
        return [(name, self.get_query_string({VIEW: way}), here) for name, way, here in ways]


def _shown_as(request: HttpRequest) -> str:
    """As it is asked for now, or was before; a window that something is picked in has a table."""
    if "_popup" in request.GET:
        return TABLE
    asked = request.GET.get(VIEW)
    if asked in {GRID, TABLE} and asked != request.session.get(KEPT, GRID):
        request.session[KEPT] = asked
    return str(request.session.get(KEPT, GRID))
