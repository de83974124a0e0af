"""The hours an Indonesian government office starts with (Perpres 21/2023): ordinary and Ramadan. Data, no behaviour.

The decree fixes the weekly sum, the start and the break; each region sets the rest, so an admin can change every row.
Monday to Thursday is one block: a message may arrive in the lunch hour. The Friday prayer is left alone.
"""

from datetime import date, time, timedelta

from aspal.core.workdays import Block, HoursPeriod

NORMAL_NAME = "biasa"


def _week(daily: Block, friday: tuple[Block, Block]) -> dict[int, tuple[Block, ...]]:
    return dict.fromkeys(range(4), (daily,)) | {4: friday}


NORMAL = HoursPeriod(
    NORMAL_NAME,
    None,
    None,
    _week((time(7, 30), time(16)), ((time(7, 30), time(11, 30)), (time(13), time(16, 30)))),
)
_RAMADAN = _week((time(8), time(15)), ((time(8), time(11, 30)), (time(12, 30), time(15, 30))))

# Idul Fitri of the years whose first day of Ramadan is known to be thirty days before it.
_KNOWN = {date(2025, 3, 31), date(2026, 3, 21), date(2027, 3, 10)}
_FIRST_HIJRI_DAY = date(622, 7, 19)
_HIJRI_YEAR = 354.36708  # days


def ramadan(idul_fitri: date) -> HoursPeriod:
    """The thirty days before Idul Fitri; one too many when that Ramadan had 29 days."""
    year = int((idul_fitri - _FIRST_HIJRI_DAY).days / _HIJRI_YEAR) + 1
    return HoursPeriod(f"Ramadan {year} H", idul_fitri - timedelta(days=30), idul_fitri - timedelta(days=1), _RAMADAN)


def is_estimate(idul_fitri: date) -> bool:
    """Whether the first day of that Ramadan was only counted back."""
    return idul_fitri not in _KNOWN
