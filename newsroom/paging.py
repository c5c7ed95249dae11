"""Lists at the desk: pages by number, without counting what nobody leafs through."""

from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import QuerySet

#: Rows that are counted, and can be leafed through. What lies further back is found by a search or
#: a filter; counting 100,000 rows takes longer than showing fifty.
COUNTED = 5_000


class BoundedPaginator(Paginator):
    """Django's, with a ``count`` that ends at ``COUNTED``; ``is_bounded`` says that there are more."""

    @cached_property
    def _counted(self) -> int:
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return rows.order_by()[: COUNTED + 1].count()
        return len(rows)

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED)

    @property
    def is_bounded(self) -> bool:
        return self._counted > COUNTED
