"""Days too far away to be meant: somebody mistyped the year. Generous, and pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from aspal.core.wording import short_date

LEAVE_YEARS = 4  # before and after today; the longest leave there is lasts three years and may be prolonged by one
SK_YEARS = 20  # after today
SK_SINCE = 2000  # as in files (core.rows.dates): older than LAPOR itself
TYPED_YEARS = 5  # before today; a complaint so old would be overdue at once, and told to everybody above
_YEAR = timedelta(days=366)


def of_leave(days: Iterable[date], today: date) -> str | None:
    """What is wrong with one of the days of a leave, as a sentence; None when all can be meant."""
    far = next((day for day in days if abs(day - today) > LEAVE_YEARS * _YEAR), None)
    if far is None:
        return None
    return f"{short_date(far)} lebih dari {LEAVE_YEARS} tahun dari hari ini, terlalu jauh untuk cuti; periksa tahunnya."


def of_sk(days: Iterable[date | None], today: date) -> str | None:
    """What is wrong with one of the days of an appointment, as a sentence; None when all can be meant."""
    given = [day for day in days if day is not None]
    far = next((day for day in given if day.year < SK_SINCE or day - today > SK_YEARS * _YEAR), None)
    if far is None:
        return None
    if far < today:
        return f"{short_date(far)} terlalu lama berlalu untuk sebuah SK; periksa tahunnya."
    return (
        f"{short_date(far)} lebih dari {SK_YEARS} tahun lagi, terlalu jauh untuk sebuah SK; periksa tahunnya, atau "
        "kosongkan “Berlaku sampai” bila tanpa batas waktu."
    )


def of_typed(received_on: date, today: date) -> str | None:
    """What is wrong with the day on which a complaint that is typed in was received; None when it can be meant."""
    if today - received_on <= TYPED_YEARS * _YEAR:
        return None
    return f"{short_date(received_on)} lebih dari {TYPED_YEARS} tahun lalu; periksa tahunnya."
