"""`aspal pause` and `aspal resume`: silence for the whole office or one unit. Ages go on being counted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from aspal.bootstrap import House
from aspal.commands.frame import actor, opened, refuse, unit_id

_DAY = click.DateTime(["%Y-%m-%d"])
_until_option = click.option("--until", type=_DAY, help="Hari terakhir jeda; tanpa ini sampai `aspal resume`.")
_reason_option = click.option("--reason", required=True, help="Alasannya, untuk jurnal.")
SWITCHES = {"office": "office_pause", "lapor": "lapor_down"}


@click.group()
def pause() -> None:
    """Menghentikan pesan untuk sementara; umur laporan tetap dihitung."""


@pause.command("office")
@_until_option
@_reason_option
def pause_office(until: datetime | None, reason: str) -> None:
    """Semua pesan, misalnya karena keadaan darurat."""
    _pause("office", until, reason)


@pause.command("lapor")
@_until_option
@_reason_option
def pause_lapor(until: datetime | None, reason: str) -> None:
    """Semua pesan karena LAPOR tidak dapat dibuka."""
    _pause("lapor", until, reason)


@pause.command("unit")
@click.argument("unit")
@click.option("--until", type=_DAY, required=True, help="Hari terakhir jeda.")
@_reason_option
def pause_unit(unit: str, until: datetime, reason: str) -> None:
    """Pesan tentang laporan satu OPD."""
    from aspal.flow import desk

    _at_desk(unit, lambda house, n, **now: desk.pause_unit(house.db, n, until.date(), reason=reason, **now))
    click.echo(f"Pesan tentang {unit} dijeda sampai {until:%d-%m-%Y}.")


@click.group()
def resume() -> None:
    """Mengakhiri jeda; laporan langsung dilihat lagi."""


@resume.command("office")
def resume_office() -> None:
    """Jeda kantor."""
    _resume("office")


@resume.command("lapor")
def resume_lapor() -> None:
    """Jeda karena LAPOR."""
    _resume("lapor")


@resume.command("unit")
@click.argument("unit")
def resume_unit(unit: str) -> None:
    """Jeda satu OPD."""
    from aspal.flow import desk

    _at_desk(unit, lambda house, n, **now: desk.resume_unit(house.db, n, **now))
    click.echo(f"Jeda {unit} diakhiri.")


def _pause(what: str, until: datetime | None, reason: str) -> None:
    from aspal.records import health, journal

    with opened() as house, house.db.write() as conn:
        now = house.clock.now()
        end = _end_of(house, until) if until else None
        value = {"until": end.isoformat() if end else None}
        health.set_switch(conn, SWITCHES[what], value, by=actor(), now=now, until=end, reason=reason)
        detail = value | {"reason": reason}
        journal.append(conn, [journal.Entry(now, actor(), "pause.set", f"switch:{SWITCHES[what]}", detail)])
    click.echo(f"Pesan dijeda{f' sampai {until:%d-%m-%Y}' if until else ''}.")


def _resume(what: str) -> None:
    from aspal.records import calendar, health, journal

    with opened() as house, house.db.write() as conn:
        now = house.clock.now()
        if not health.clear_switch(conn, SWITCHES[what]):
            refuse("Tidak sedang dijeda.")
        calendar.reconsider_all(conn, now)
        journal.append(conn, [journal.Entry(now, actor(), "pause.lifted", f"switch:{SWITCHES[what]}", {})])
    click.echo("Jeda diakhiri.")


def _at_desk(unit: str, do: Callable[..., Any]) -> None:
    from aspal.flow import desk

    with opened() as house:
        try:
            do(house, unit_id(house, unit), now=house.clock.now(), zone=house.settings.office_time_zone, by=actor())
        except desk.Refused as refused:
            refuse(str(refused))


def _end_of(house: House, day: datetime) -> datetime:
    """The end of that day at the office."""
    return (day + timedelta(days=1)).replace(tzinfo=ZoneInfo(house.settings.office_time_zone))
