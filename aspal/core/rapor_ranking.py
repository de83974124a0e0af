"""The order of the units. Pure. An office's own order, not an official rank."""

from collections.abc import Sequence

from aspal.core.rapor import UnitLine

FEWEST = 3  # with fewer complaints one case would decide the place


def ranking(units: Sequence[UnitLine]) -> list[UnitLine]:
    """Units with enough complaints: the larger share finished first, then the larger share followed up, then the
    quicker first follow-up, then by name."""
    able = [one for one in units if one.tally.total >= FEWEST]
    return sorted(
        able,
        key=lambda one: (
            -(one.tally.completed or 0),
            -(one.tally.followed_up or 0),
            one.average_workdays if one.average_workdays is not None else float("inf"),
            one.name,
        ),
    )
