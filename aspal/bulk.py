"""Many rows in one statement, the same on both databases.

SQLite takes rows one after the other, for it there is no way to go; PostgreSQL takes each column as one array, because
every statement costs it a round trip. Rows are plain tuples in the order of the columns that are named.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property, lru_cache
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, String, Table, TypeDecorator
from sqlalchemy.dialects import postgresql

Row = tuple[Any, ...]
_WORD = postgresql.dialect()  # type: ignore[no-untyped-call]  # only its words for types are asked for


class Bulk:
    """A statement for many rows, made once; nothing happens for none."""

    def __init__(
        self,
        table: Table,
        columns: Sequence[str],
        sqlite: str,
        postgres: str,
        ready: str = "",
        same: Sequence[str] = (),
    ) -> None:
        """`sqlite` takes a row as ?1, ?2, …; `postgres` all of them as the table `new` in place of {rows}.

        `ready`: the column whose values come as JSON texts already. `same`: columns with one value for all rows, which
        stands in place of {same}; said in the statement, it need not be bound for each row.
        """
        self._columns = [table.c[name] for name in columns]
        self._ready = ready
        self._same = [table.c[name] for name in same]
        self._sqlite = sqlite
        arrays = ", ".join(f"%b::{_array_of(column)}" for column in self._columns)
        self._postgres = postgres.replace("{rows}", f"unnest({arrays}) AS new({', '.join(columns)})")

    def __call__(self, conn: Connection, rows: Iterable[Row], same: Row = ()) -> None:
        """Carries it out for each row."""
        given = list(rows)
        if not given:
            return
        if conn.dialect.name == "sqlite":
            spoken = ", ".join(_spoken(column, value) for column, value in zip(self._same, same, strict=True))
            conn.exec_driver_sql(self._sqlite.replace("{same}", spoken), self._bound(given))
        else:
            casts = ", ".join(f"%s::{column.type.compile(_WORD)}" for column in self._same)
            shared = [json.dumps(value) if isinstance(value, list) else value for value in same]
            conn.exec_driver_sql(self._postgres.replace("{same}", casts), (*shared, *self._as_arrays(given)))

    def _bound(self, rows: list[Row]) -> list[Row]:
        """By columns: most of them need nothing done."""
        columns = zip(*rows, strict=True)
        bound = [map(bind, column) if bind else column for bind, column in zip(self._binds, columns, strict=True)]
        return list(zip(*bound, strict=True))

    def _as_arrays(self, rows: list[Row]) -> Iterator[list[Any]]:
        for column, values in zip(self._columns, zip(*rows, strict=True), strict=True):
            is_ready = not isinstance(column.type, JSON) or column.name == self._ready
            yield list(values) if is_ready else [None if value is None else json.dumps(value) for value in values]

    @cached_property
    def _binds(self) -> list[Callable[[Any], Any] | None]:
        return [None if column.name == self._ready else _bind(column) for column in self._columns]


# Only names of tables and columns of ours go into these texts; values are bound.
def bulk_insert(
    table: Table, columns: Sequence[str], tail: str = "", ready: str = "", same: Sequence[str] = ()
) -> Bulk:
    """Adds rows. `tail`: what to do about one that is there already. `ready` and `same`: see Bulk."""
    into = f"INSERT INTO {table.name} ({', '.join((*columns, *same))})"
    shared = ", {same}" if same else ""
    names = ", ".join(_new(table.c[name]) for name in columns) + shared
    places = ", ".join(f"?{n}" for n in range(1, len(columns) + 1)) + shared
    return Bulk(
        table,
        columns,
        f"{into} VALUES ({places}) {tail}",
        f"{into} SELECT {names} FROM {{rows}} {tail}",  # nosec B608
        ready,
        same,
    )


def bulk_update(table: Table, key: str, columns: Sequence[str], also: str = "", where: str = "") -> Bulk:
    """Sets columns of the rows with these keys, the first of each row. `also` and `where` are the same for all."""
    every = [key, *columns]
    sqlite = ", ".join([*(f"{name} = ?{n}" for n, name in enumerate(columns, 2)), *([also] if also else [])])
    postgres = ", ".join([*(f"{name} = {_new(table.c[name])}" for name in columns), *([also] if also else [])])
    guard = f" AND {where}" if where else ""
    own = f"{table.name}.{key}"
    return Bulk(
        table,
        every,
        f"UPDATE {table.name} SET {sqlite} WHERE {own} = ?1{guard}",  # nosec B608
        f"UPDATE {table.name} SET {postgres} FROM {{rows}} WHERE {own} = new.{key}{guard}",  # nosec B608
    )


def _array_of(column: Column[Any]) -> str:
    """PostgreSQL's type for many values. Words come as plain text: a cast to a length would cut them off unheard."""
    is_text = isinstance(column.type, JSON | String)
    return "text[]" if is_text else f"{column.type.compile(_WORD)}[]"


def _new(column: Column[Any]) -> str:
    return f"new.{column.name}::json" if isinstance(column.type, JSON) else f"new.{column.name}"


@cache
def _bind(column: Column[Any]) -> Callable[[Any], Any] | None:
    """What SQLite needs done to the values of a column."""
    from sqlalchemy.dialects import sqlite

    dialect = sqlite.dialect()
    kind = column.type.dialect_impl(dialect)
    if isinstance(kind, JSON):
        return _json
    bind = kind.bind_processor(dialect)
    if bind is not None and isinstance(kind, Boolean | Date | TypeDecorator):
        return lru_cache(maxsize=5000)(bind)  # the rows of one statement share their days and moments
    return bind


def _spoken(column: Column[Any], value: Any) -> str:
    """A value of ours as a literal of SQLite."""
    bind = _bind(column)
    bound = bind(value) if bind else value
    return str(int(bound)) if isinstance(bound, int) else "'" + str(bound).replace("'", "''") + "'"


def _json(value: Any) -> str | None:
    return None if value is None else "[]" if value == [] else json.dumps(value)
