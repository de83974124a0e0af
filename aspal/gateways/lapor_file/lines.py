"""What every way of reading a file hands over: numbered lines of cells, and one kind of problem."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from aspal.core.values import value

HEAD = 40  # the header stands within so many lines, below letterhead and title


class FileProblem(Exception):
    """The file as a whole cannot be used; the message tells the office what to do.

    Where a header row was seen, `headers` and `layout` let an admin save a mapping for this kind of file.
    """

    def __init__(self, message: str, *, headers: Sequence[str] = (), layout: str | None = None) -> None:
        super().__init__(message)
        self.headers, self.layout = tuple(headers), layout


@value
class Line:
    """One row of the spreadsheet. `number` counts from 1, as the office sees it."""

    number: int
    cells: Sequence[object]
    problem: str | None = None
    inherited: bool = False  # nothing of its own: all that stands in it comes from merged cells above


class Source(Protocol):
    """One table-like part of a file: a sheet of a workbook, or a text file cut at one delimiter."""

    @property
    def name(self) -> str: ...  # of the sheet; "" for a text file

    @property
    def expected(self) -> int | None: ...  # number of lines, where it is known beforehand

    def head(self) -> Sequence[Line]: ...

    def lines(self) -> Iterator[Line]: ...


def is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
