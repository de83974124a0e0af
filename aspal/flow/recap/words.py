"""What a recap says: the values of its text, by its template. Not a station: the recap station writes with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from aspal.core.ladder import Recap
from aspal.core.rapor.period import Period
from aspal.core.rapor.ranking import ranking
from aspal.core.wording import listed
from aspal.core.words import Role
from aspal.gateways.texts import CAPS
from aspal.records.calendar import Calendars
from aspal.records.figures import counts
from aspal.report import period_report
from aspal.report.period_report import Asked
from aspal.report.sections import decimal

WEEKLY, MONTHLY, RANKING, ARREARS = "rekap_mingguan_opd", "rekap_bulanan", "rekap_peringkat", "tunggakan_tahunan"


@dataclass(frozen=True, slots=True)
class Said:
    """What a recap says, and the cases that it tells one by one."""

    values: Mapping[str, str]
    cases: Sequence[int] = ()  # dispositions; a person hears of each once a day


def misfit(recap: Recap) -> str | None:
    """Why this text cannot say what a recap at that time to those people counts, in Indonesian; None if it can."""
    to_heads, to_others = Role.HEAD in recap.audience, any(role is not Role.HEAD for role in recap.audience)
    on_dates = not recap.when.startswith(("senin", "awal_bulan"))
    if recap.template == WEEKLY:
        return "hanya untuk kepala_opd, pada 'senin' atau 'awal_bulan'" if to_others or on_dates else None
    if recap.template == MONTHLY:
        return (
            "menghitung seluruh kantor, bukan untuk kepala_opd; hanya pada 'awal_bulan'"
            if (to_heads or recap.when != "awal_bulan")
            else None
        )
    if recap.template == RANKING:
        return "menghitung seluruh kantor, bukan untuk kepala_opd" if to_heads else None
    if recap.template == ARREARS:
        return None if on_dates else "hanya pada tanggal tertentu, misalnya '10-01,12-01'"
    return f"bukan rekap; pilih {WEEKLY}, {MONTHLY}, {RANKING}, atau {ARREARS}"


def of_office(
    conn: Connection, template: str, when: str, calendars: Calendars, today: date, now: datetime
) -> Said | None:
    """For Sekda and Bupati: the month before, the quarter's ranking, or what is left of earlier years."""
    if template == RANKING:
        return _ranking(conn, calendars, today, now)
    if when == "awal_bulan":
        return _month(conn, calendars, today, now)
    return arrears(counts.arrears(conn, Asked(Period.of(today.year)).scope)[0])


def arrears(by_year: Mapping[int, int], named: str = "") -> Said | None:
    """Tunggakan by the year of origin, as the rapor counts it."""
    return _counted([f"{year}: {count}" for year, count in sorted(by_year.items())], sum(by_year.values()), named)


def _counted(items: list[str], total: int, named: str = "") -> Said | None:
    """A number and a list; None when there is nothing to say."""
    line = named + listed(items, CAPS["daftar"] - len(named))
    return Said({"jumlah": str(total), "daftar": line}) if total else None


def month_before(today: date) -> Period:
    """The month that is over."""
    last = today.replace(day=1) - timedelta(days=1)
    return Period.of(last.year, month=last.month)


def quarter_before(today: date) -> Period:
    """The quarter that is over."""
    first = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1) - timedelta(days=1)
    return Period.of(first.year, (first.month - 1) // 3 + 1)


def _month(conn: Connection, calendars: Calendars, today: date, now: datetime) -> Said | None:
    found = period_report.one(conn, calendars, Asked(month_before(today)), now)
    tally = found.tally
    named = {
        "selesai": tally.finished, "proses": tally.in_process, "belum ditindaklanjuti": tally.open,
        "belum terverifikasi": tally.unverified, "lainnya": tally.other,
    }  # fmt: skip
    items = [f"{name} {count}" for name, count in named.items() if count]
    items += [f"penyelesaian {decimal(tally.completed)} %", f"tindak lanjut {decimal(tally.followed_up)} %"]
    items += [f"tunggakan seluruhnya {sum(found.overdue.values())}"] if found.overdue else []
    return _counted(items, tally.total)


def _ranking(conn: Connection, calendars: Calendars, today: date, now: datetime) -> Said | None:
    found = period_report.one(conn, calendars, Asked(quarter_before(today), tellable=True), now)
    items = [
        f"{place}. {one.name} {decimal(one.tally.completed)} % dari {one.tally.total}"
        for place, one in ranking(found.units)
    ]
    return _counted(items, len(items))
