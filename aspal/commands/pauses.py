"""`aspal pause` and `aspal resume`: silence for the whole office or one unit. Ages go on being counted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from aspal.commands.frame import actor, opened, refuse, unit_id
from aspal.core.refused import Refused
from aspal.core.switches import LAPOR_DOWN, OFFICE_PAUSE

_DAY = click.DateTime(["%Y-%m-%d"])
_until_option = click.option("--until", type=_DAY, help="Hari terakhir jeda; tanpa ini sampai `aspal resume`.")
_reason_option = click.option("--reason", required=True, help="Alasannya, untuk jurnal.")
SWITCHES = {"office": OFFICE_PAUSE, "lapor": LAPOR_DOWN}


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
    from aspal.desk import case_acts

    _at_desk(unit, lambda house, n, **now: case_acts.pause_unit(house.db, n, until.date(), reason=reason, **now))
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
    from aspal.desk import case_acts

    _at_desk(unit, lambda house, n, **now: case_acts.resume_unit(house.db, n, **now))
    click.echo(f"Jeda {unit} diakhiri.")


def _pause(what: str, until: datetime | None, reason: str) -> None:
    from aspal.desk import office_acts

    with opened() as house:
        zone, day = house.settings.office_time_zone, until.date() if until else None
        try:
            office_acts.pause(
                house.db, SWITCHES[what], day, now=house.clock.now(), zone=zone, by=actor(), reason=reason
            )  # fmt: skip
        except Refused as refused:
            refuse(str(refused))
    click.echo(f"Pesan dijeda{f' sampai {until:%d-%m-%Y}' if until else ''}.")


def _resume(what: str) -> None:
    from aspal.desk import office_acts

    with opened() as house:
        try:
            office_acts.resume(house.db, SWITCHES[what], now=house.clock.now(), by=actor())
        except Refused as refused:
            refuse(str(refused))
    click.echo("Jeda diakhiri.")


def _at_desk(unit: str, do: Callable[..., Any]) -> None:

    with opened() as house:
        try:
            do(house, unit_id(house, unit), now=house.clock.now(), zone=house.settings.office_time_zone, by=actor())
        except Refused as refused:
            refuse(str(refused))
