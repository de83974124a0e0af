"""`aspal held` and `aspal alias`: what an admin settles about imported rows."""

import click

from aspal.commands.frame import RowNumber, actor, as_json_option, opened, partly, refuse, tell, unit_id
from aspal.core.refused import Refused
from aspal.core.words import Status


@click.group()
def held() -> None:
    """Baris impor yang menunggu keputusan admin."""


@held.command("list")
@as_json_option
def list_held(as_json: bool) -> None:
    """Baris yang ditahan dan alasannya."""
    from aspal.records import imports

    with opened() as house, house.db.read() as conn:
        found = [row for kind in ("roster", "directory") for row in imports.held(conn, kind)]
    payload = [
        {"id": r.id, "batch": r.batch_id, "kind": r.kind, "row": r.row_number, "reason": r.reason, "cells": r.cells}
        for r in found
    ]
    lines = [f"{row.id}: impor {row.batch_id}, baris {row.row_number}: {row.reason}" for row in found]
    tell({"held": payload}, lines or ["Tidak ada baris yang ditahan."], as_json=as_json)


@held.command()
@as_json_option
def settle(as_json: bool) -> None:
    """Membaca ulang baris yang ditahan dan menerapkan yang kini sudah jelas."""
    from aspal.flow import intake

    with opened() as house:
        with house.db.read() as conn:
            calendars = house.calendars(conn)
        reports = intake.settle_held(house.db, now=house.clock.now(), calendars=calendars, by=actor())
    waiting = [problem for report in reports for problem in report.held]
    lines = [f"{sum(report.rows for report in reports)} baris diterapkan, {len(waiting)} masih menunggu."]
    lines += [f"Baris {row}: {reason}" for row, reason in waiting]
    tell({"reports": [report.as_json() for report in reports]}, lines, as_json=as_json)
    partly(not waiting)


@held.command()
@click.argument("row_id", metavar="ID", type=RowNumber())
@click.argument("word")
@click.argument("status", type=click.Choice([status.value for status in Status]))
def status(row_id: int, word: str, status: str) -> None:
    """Menetapkan arti kata status di berkas asal baris ID, sekali untuk seterusnya; lalu jalankan `held settle`."""
    from aspal.flow import intake
    from aspal.records import imports

    with opened() as house:
        with house.db.read() as conn:
            row = next((row for row in imports.held(conn, "roster") if row.id == row_id), None)
        if row is None:
            refuse(f"Baris {row_id} tidak sedang ditahan.")
        intake.explain_status(house.db, row.layout, word, Status(status), now=house.clock.now(), by=actor())
    click.echo(f"“{word}” berarti {status}. Jalankan: aspal held settle")


@click.group()
def alias() -> None:
    """Nama lain untuk satu OPD."""


@alias.command()
@click.argument("name")
@click.argument("unit")
def confirm(name: str, unit: str) -> None:
    """Memastikan bahwa NAME adalah UNIT (nama atau nomornya), sekali untuk seterusnya; lalu `held settle`."""
    from aspal.flow import intake

    with opened() as house:
        try:
            intake.confirm_alias(house.db, name, unit_id(house, unit), now=house.clock.now(), by=actor())
        except Refused as refused:
            refuse(str(refused))
    click.echo(f"“{name}” dikenali. Jalankan: aspal held settle")
