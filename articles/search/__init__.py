"""The search index: two back ends, one interface."""

from collections.abc import Iterable


def index(pks: Iterable[int]) -> None: ...


def remove(pks: Iterable[int]) -> None: ...
