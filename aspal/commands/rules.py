"""`aspal ladder` and `aspal calendar`: the rules, and the days they count."""

import json
from datetime import datetime
from pathlib import Path

import click

from aspal.commands.files import table_from
from aspal.commands.frame import actor, as_json_option, counted, opened, refuse, tell

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def ladder() -> None:
    """Aturan pengingat dan eskalasi."""


@ladder.command()
@as_json_option
def show(as_json: bool) -> None:
    """Aturan yang berlaku untuk disposisi baru."""
    from aspal.core.ladder import ladder_data
    from aspal.records import ladders

    with opened() as house, house.db.read() as conn:
        found = ladders.in_force(conn)
    lines = [f"Aturan versi {found.version or 'bawaan'}"]
    for step in found.steps:
        people = ", ".join(step.audience)
        when = f"{round(step.share * 100)} % batas" if step.share is not None else f"{step.days} hari kerja"
        lines.append(f"{step.id}: {step.basis}, {when}, {step.repeat}, {step.template} -> {people}")
    tell({"version": found.version, **ladder_data(found)}, lines, as_json=as_json)


@ladder.command()
def export() -> None:
    """Mencetak aturan yang berlaku sebagai JSON, untuk diubah lalu diterbitkan."""
    from aspal.core.ladder import ladder_data
    from aspal.records import ladders

    with opened() as house, house.db.read() as conn:
        found = ladders.in_force(conn)
    click.echo(json.dumps(ladder_data(found), ensure_ascii=False, indent=2))


@ladder.command()
@click.argument("file", type=_FILE)
@click.option("--note", help="Mengapa aturan diubah; tersimpan bersama versinya.")
def publish(file: Path, note: str | None) -> None:
    """Menerbitkan aturan dari TOML atau JSON sebagai versi baru; rantai yang berjalan memakai versinya sendiri."""
    from aspal.core.ladder import LadderProblem
    from aspal.records import journal, ladders

    data = table_from(file)
    with opened() as house, house.db.write() as conn:
        now = house.clock.now()
        try:
            found = ladders.publish(conn, data, now=now, by=actor(), note=note)
        except LadderProblem as problem:
            refuse(str(problem))
        detail = {"version": found.version}
        journal.append(conn, [journal.Entry(now, actor(), "ladder.published", f"ladder:{found.id}", detail)])
    click.echo(f"Aturan versi {found.version} berlaku untuk disposisi baru.")


@ladder.command()
@click.argument("file", type=_FILE)
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="Berapa hari ke belakang.")
@as_json_option
def replay(file: Path, days: int, as_json: bool) -> None:
    """Apa yang akan dikirim seandainya aturan lain berlaku; tidak mengubah dan tidak mengirim apa pun."""
    from aspal.core.ladder import LadderProblem
    from aspal.flow import replay as station

    with opened() as house:
        with house.db.read() as conn:
            calendars = house.calendars(conn)
        try:
            found = station.run(house.db, calendars, table_from(file), days=days, now=house.clock.now()).as_json()
        except LadderProblem as problem:
            refuse(str(problem))
    tell(found, counted(found), as_json=as_json)


@click.group()
def calendar() -> None:
    """Hari libur dan cuti bersama."""


@calendar.command("list")
@click.option("--year", type=click.IntRange(2000, 2100), help="Hanya tahun ini.")
@as_json_option
def list_days(year: int | None, as_json: bool) -> None:
    """Hari libur yang tersimpan; yang diberi tanda * belum ditetapkan."""
    from aspal.records import calendar as stored

    with opened() as house, house.db.read() as conn:
        found = stored.days(conn, year)
    payload = {
        "days": [
            {
                "day": day.day,
                "name": day.name,
                "kind": day.kind,
                "source": day.source,
                "estimated": day.estimated,
                "observed": day.observed,
            }
            for day in found
        ]
    }
    lines = [f"{d.day:%Y-%m-%d} {d.name} ({d.kind}){' *' if d.estimated else ''}" for d in found if d.observed]
    tell(payload, lines or ["Belum ada hari libur. Jalankan: aspal db upgrade"], as_json=as_json)


@calendar.command("add")
@click.argument("day", type=_DAY)
@click.argument("name")
@click.option("--kind", type=click.Choice(["national", "collective", "local"]), default="local", show_default=True)
@click.option("--source", help="Dasar penetapannya, misalnya nomor SKB.")
def add_day(day: datetime, name: str, kind: str, source: str | None) -> None:
    """Menambah hari libur; umur semua disposisi dihitung ulang."""
    from aspal.records import calendar as stored
    from aspal.records import journal

    with opened() as house, house.db.write() as conn:
        now = house.clock.now()
        stored.put_day_off(conn, day.date(), name, kind, source or actor(), now)
        entry = journal.Entry(now, actor(), "calendar.added", f"day:{day:%Y-%m-%d}", {"kind": kind})
        journal.append(conn, [entry])
    click.echo(f"{day:%Y-%m-%d} libur: {name}.")


@calendar.command("remove")
@click.argument("day", type=_DAY)
def remove_day(day: datetime) -> None:
    """Menyatakan satu hari libur tetap hari kerja; umur semua disposisi dihitung ulang."""
    from aspal.records import calendar as stored
    from aspal.records import journal

    with opened() as house, house.db.write() as conn:
        now = house.clock.now()
        if not stored.remove_day_off(conn, day.date(), actor(), now):
            refuse(f"{day:%Y-%m-%d} bukan hari libur.")
        journal.append(conn, [journal.Entry(now, actor(), "calendar.removed", f"day:{day:%Y-%m-%d}", {})])
    click.echo(f"{day:%Y-%m-%d} hari kerja.")
