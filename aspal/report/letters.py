"""Surat tindak lanjut hasil monitoring: one page to each unit, on the office's own letterhead. The unit reads it, so
nothing that concerns its own officials is counted or named."""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from aspal.core.addressee import addressee
from aspal.core.rapor import Tally, UnitLine, as_words
from aspal.core.rapor.period import Period
from aspal.core.secrecy import visible_title
from aspal.core.wording import short_date, workdays
from aspal.core.workdays import Calendar
from aspal.db import Database
from aspal.gateways import documents_pdf
from aspal.gateways.documents import Column, Progress, Section, quiet
from aspal.gateways.documents_pdf import Letter, Letterhead
from aspal.records import health, journal, staffing
from aspal.records.calendar import Calendars
from aspal.records.figures import closing
from aspal.records.figures.closing import Closable
from aspal.report import period_report
from aspal.report.period_report import Asked
from aspal.report.sections import decimal
from aspal.settings import Settings

LISTED = 8  # the oldest unfinished cases; more would not fit on the page
_SWITCH = "letterhead"
_LONGEST = 200


def letterhead(conn: Connection, settings: Settings) -> Letterhead:
    """As the office has filled it in; its name from the environment until then."""
    kept = health.get_switch(conn, _SWITCH) or {"office": settings.office_name}
    return Letterhead(**{field.name: str(kept.get(field.name, "")) for field in fields(Letterhead)})


def change_letterhead(db: Database, values: Mapping[str, str], settings: Settings, *, now: datetime, by: str) -> None:
    """Keeps what the office typed, one line each; the journal keeps both what it was and what it became."""
    new = {
        field.name: " ".join(values.get(field.name, "").replace("\0", " ").split())[:_LONGEST]
        for field in fields(Letterhead)
    }
    with db.act() as conn:
        old = asdict(letterhead(conn, settings))
        if old == new:
            return
        health.set_switch(conn, _SWITCH, new, by=by, now=now)
        detail = {"from": old, "to": new}
        journal.append(conn, [journal.Entry(now, by, "letterhead.changed", f"switch:{_SWITCH}", detail)])


def write(
    conn: Connection, calendars: Calendars, settings: Settings, asked: Asked, target: Path | BinaryIO, now: datetime,
    progress: Progress = quiet,
) -> int:  # fmt: skip
    """The letter to one unit, or to each unit that has complaints in the period; how many. Nothing is written where
    there is nobody to write to."""
    calendar, head, asked = calendars.of(None), letterhead(conn, settings), replace(asked, tellable=True)
    units = period_report.of_units(conn, calendars, asked)
    progress(40)
    oldest = closing.oldest_of_units(conn, asked.scope, LISTED)
    progress(80)
    today, kinds = calendar.local_day(now), {unit.id: unit.kind for unit in staffing.all_units(conn)}
    letters = [
        _letter(head, one, addressee(one.name, kinds[one.id]), asked.period, oldest.get(one.id, []), calendar, today)
        for one in units
    ]
    if letters:
        documents_pdf.write_letters(target, head, letters)
    return len(letters)


def _letter(
    head: Letterhead, unit: UnitLine, to: str, period: Period, oldest: list[Closable], calendar: Calendar, today: date
) -> Letter:
    tally = unit.tally
    opening = (
        "Dalam rangka pengelolaan pengaduan pelayanan publik melalui SP4N-LAPOR!, bersama ini kami sampaikan hasil "
        f"monitoring laporan yang didisposisikan kepada {unit.name} untuk {period.label}, keadaan "
        f"{short_date(today)}:",
    )
    unfinished = tally.open + tally.in_process
    wish = (
        f"Sehubungan dengan hal tersebut, mohon Bapak/Ibu memastikan {unfinished} laporan yang belum selesai segera "
        "ditindaklanjuti dan dicatat di SP4N-LAPOR!, dimulai dari yang paling lama sebagaimana daftar di atas."
        if unfinished
        else "Terima kasih atas tindak lanjut yang telah diselesaikan. Mohon kinerja yang baik ini dipertahankan."
    )
    average = unit.average_workdays  # nothing to speak of before the first answer
    first = "" if average is None else f"; tindak lanjut pertama rata-rata {decimal(average)} hari kerja"
    shares = (
        f"Persentase penyelesaian {decimal(tally.completed)} % dan tindak lanjut {decimal(tally.followed_up)} %"
        f"{first}. Angka ini perkiraan internal, bukan penilaian resmi."
    )
    place = f"{head.city}, {short_date(today)}" if head.city else short_date(today)
    return Letter(
        head.number or "…", "Tindak Lanjut Hasil Monitoring SP4N-LAPOR!", place, to, opening,
        (_figures(tally), _cases(oldest, calendar, today)), (shares, wish, "Demikian disampaikan, terima kasih."),
    )  # fmt: skip


def _figures(tally: Tally) -> Section:
    columns = (
        Column("total", "Total"), Column("selesai", "Selesai"), Column("proses", "Proses"),
        Column("belum_ditindaklanjuti", "Belum ditindaklanjuti", 16), Column("lainnya", "Lainnya"),
    )  # fmt: skip
    return Section("Rekap", columns, [as_words(tally)])


def _cases(oldest: list[Closable], calendar: Calendar, today: date) -> Section:
    return Section("Belum selesai", case_columns(), [case_row(one, calendar, today) for one in oldest])


def case_columns() -> tuple[Column, ...]:
    """How documents list unfinished cases."""
    return (
        Column("nomor", "Nomor", 14), Column("judul", "Judul", 50), Column("status", "Status", 20),
        Column("masuk", "Masuk", 20), Column("umur", "Umur", 14),
    )  # fmt: skip


def case_row(one: Closable, calendar: Calendar, today: date) -> dict[str, str]:
    """One unfinished case as a document shows it; a confidential one by its number and dates."""
    return {
        "nomor": one.number,
        "judul": visible_title(one.title, one.secret, False) or "(tidak ditampilkan)",
        "status": one.status.replace("_", " "),
        "masuk": short_date(one.received_on),
        "umur": workdays(calendar.workdays_between(one.received_on, today)),
    }
