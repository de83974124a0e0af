"""The order of the units. Pure. An office's own order, not an official rank."""

from collections.abc import Sequence

from aspal.core.rapor import UnitLine

FEWEST = 3  # with fewer complaints one case would decide the place


def ranking(units: Sequence[UnitLine]) -> list[tuple[int, UnitLine]]:
    """Units with enough complaints, each with its place: the larger share finished first, then the larger share
    followed up, then the quicker first follow-up. Units alike in all three share a place, and stand by name."""
    able = sorted((one for one in units if one.tally.total >= FEWEST), key=lambda one: (_figures(one), one.name))
    figures = [_figures(one) for one in able]
    return [(figures.index(own) + 1, one) for own, one in zip(figures, able, strict=True)]


def _figures(one: UnitLine) -> tuple[float, float, float]:
    """What the order goes by, the best smallest."""
    days = one.average_workdays if one.average_workdays is not None else float("inf")
    return -(one.tally.completed or 0), -(one.tally.followed_up or 0), days
