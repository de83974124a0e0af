"""How far the work on an import has come, for whoever watches.

It is told while the import's transaction runs, so it must not be written to the database: nobody else can write there.
"""

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """What is being done."""

    READING = "reading"  # counted in rows of the file
    WRITING = "writing"  # counted in complaints
    UNDOING = "undoing"  # counted in rows of tables


Progress = Callable[[Step, int, int | None], None]  # the step, how many are done, of how many where that is known


def unwatched(_step: Step, _done: int, _of: int | None) -> None:
    """Nobody watches."""
