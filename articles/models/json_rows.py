"""Rows of a related table as one JSON list: a page needs one query, not one per relation."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, JSONField, Value
from django.db.models.sql.compiler import SQLCompiler


class JSONRows(Func):
    """``json_group_array(json_object(...))`` of SQLite, ``jsonb_agg`` of PostgreSQL."""

    output_field = JSONField()
    contains_aggregate = False

    def __init__(self, **fields: str) -> None:
        pairs: list[Any] = []
        for name, source in fields.items():
            pairs += [Value(name), source]
        super().__init__(*pairs)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        return super().as_sql(
            compiler,
            connection,
            template="json_group_array(json_object(%(expressions)s))",
            **context,
        )

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        return super().as_sql(
            compiler,
            connection,
            template="coalesce(jsonb_agg(jsonb_build_object(%(expressions)s)), '[]'::jsonb)",
            **context,
        )
