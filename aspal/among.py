"""A column is among many numbers: one parameter however many there are, so that the statement stays the same.

SQLAlchemy's own IN writes a new statement for each count of numbers, which costs more than asking the database.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect, Text, TypeDecorator, bindparam, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Numbers(TypeDecorator[Iterable[int]]):
    """Numbers as the text from which each database reads a list."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        first, last = "[]" if dialect.name == "sqlite" else "{}"
        return lambda numbers: first + ",".join(map(str, numbers)) + last


class _Listed(FunctionElement[int]):
    name = "listed"
    type = BigInteger()
    inherit_cache = True


def among(column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
    """Whether the column's value is one of the numbers given as that parameter."""
    return column.op("IN", is_comparison=True)(_Listed(bindparam(parameter, type_=_Numbers)))


def among_these(column: ColumnElement[Any], numbers: Iterable[int]) -> ColumnElement[bool]:
    """The same with the numbers themselves."""
    return column.op("IN", is_comparison=True)(_Listed(literal(numbers, _Numbers)))


@compiles(_Listed, "sqlite")
def _sqlite(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **options)}))"  # nosec B608


@compiles(_Listed, "postgresql")
def _postgresql(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT unnest(CAST({compiler.process(element.clauses, **options)} AS BIGINT[])))"
