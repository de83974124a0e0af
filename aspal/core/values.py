"""How values are made by the hundred thousand: in an import, in the plan of a morning. Pure."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")
_MOST = 5000


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """A dataclass that nobody may change: mypy sees to it. Making a frozen one would cost six times as much."""
    return dataclass(slots=True, unsafe_hash=True)(cls)


@contextmanager
def many_values() -> Iterator[None]:
    """While many values are made and kept, nobody looks through all of them for cycles again and again.

    There are none; looking takes a fifth of the work of a morning's plan, and half of a large import's.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Remembered(dict[object, T]):
    """What cells mean, one or a few of a row, by their text: a file repeats itself.

    Numbers and such are read each time (1 == True).
    """

    def __init__(self, read: Callable[[object], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: object) -> T:
        found = self._read(cell)
        if all(part is None or type(part) is str for part in (cell if type(cell) is tuple else (cell,))):
            if len(self) >= _MOST:
                self.clear()
            self[cell] = found
        return found
