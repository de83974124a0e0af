"""`aspal ladder` and `aspal calendar`: the rules, and the days they count."""

import json
from datetime import datetime
from pathlib import Path

import click

from aspal.commands.files import GivenFile, table_from
from aspal.commands.frame import actor, as_json_option, opened, refuse, tell

_FILE = GivenFile()
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def ladder() -> None:
    """Aturan pengingat dan eskalasi."""


@ladder.command()
@as_json_option
def show(as_json: bool) -> None:
    """Aturan yang berlaku untuk disposisi baru."""
    from aspal.core.ladder.data import ladder_data
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
@click.option("--toml", "as_toml", is_flag=True, help="Sebagai TOML, bukan JSON.")
def export(as_toml: bool) -> None:
    """Mencetak aturan yang berlaku, untuk diubah lalu diterbitkan."""
    from aspal.core.ladder.data import ladder_data
    from aspal.core.ladder.toml import to_toml
    from aspal.records import ladders

    with opened() as house, house.db.read() as conn:
        found = ladders.in_force(conn)
    data = ladder_data(found)
    click.echo(to_toml(data) if as_toml else json.dumps(data, ensure_ascii=False, indent=2))


@ladder.command()
@click.argument("file", type=_FILE)
@click.option("--note", help="Mengapa aturan diubah; tersimpan bersama versinya.")
@click.option("--running", is_flag=True, help="Juga untuk disposisi yang sedang berjalan.")
def publish(file: Path, note: str | None, running: bool) -> None:
    """Menerbitkan aturan dari TOML atau JSON sebagai versi baru; rantai yang berjalan memakai versinya sendiri.

    Perintah ini milik pengelola server: orang kedua hanya diminta menyetujui lewat halaman Aturan.
    """
    from aspal.core.ladder.data import LadderProblem
    from aspal.desk import rule_publishing

    data = table_from(file)
    with opened() as house:
        try:
            found = rule_publishing.from_file(
                house.db, house.texts, data, now=house.clock.now(), by=actor(), why=note, running=running
            )
        except LadderProblem as problem:
            refuse(str(problem))
    whom = "semua disposisi" if running else "disposisi baru"
    click.echo(f"Aturan versi {found.version} berlaku untuk {whom}.")


@ladder.command()
@click.argument("file", type=_FILE)
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="Berapa hari ke belakang.")
@as_json_option
def replay(file: Path, days: int, as_json: bool) -> None:
    """Apa yang akan dikirim seandainya aturan lain berlaku; tidak mengubah dan tidak mengirim apa pun."""
    from aspal.core.ladder.data import LadderProblem
    from aspal.core.replay.words import summary
    from aspal.desk import replay as station
    from aspal.desk import rule_drafts

    data = table_from(file)
    with opened() as house:
        with house.db.read() as conn:
            calendars = house.calendars(conn)
        try:
            rule_drafts.checked(data, house.texts)  # figures of rules that cannot be published would mislead
            found = station.run(house.db, calendars, data, days=days, now=house.clock.now())
        except LadderProblem as problem:
            refuse(str(problem))
    payload = found.as_json()
    lines = [
        f"{found.cases} disposisi, {found.days} hari terakhir; tidak ada yang dikirim.",
        *summary(found.messages_now, found.messages_draft, {}),
        *(f"  {step}: {difference:+} pemberitahuan" for step, difference in payload["difference"].items()),
    ]
    tell(payload, lines, as_json=as_json)


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
@click.argument("day", metavar="DAY", type=_DAY)
@click.argument("name")
@click.option("--kind", type=click.Choice(["national", "collective", "local"]), default="local", show_default=True)
@click.option("--source", help="Dasar penetapannya, misalnya nomor SKB.")
def add_day(day: datetime, name: str, kind: str, source: str | None) -> None:
    """Menambah hari libur; umur semua disposisi dihitung ulang."""
    from aspal.desk import calendar_changes
    from aspal.records.calendar import DayOff

    name = " ".join(name.split())
    if not name:
        refuse("Nama hari libur belum ditulis; ia dibaca orang di kalender dan di penjelasan batas waktu.")
    off = DayOff(day.date(), name, kind, source or actor())
    with opened() as house:
        calendar_changes.save(house.db, calendar_changes.Change(days=(off,)), None, now=house.clock.now(), by=actor())
    click.echo(f"{day:%Y-%m-%d} libur: {name}.")


@calendar.command("remove")
@click.argument("day", metavar="DAY", type=_DAY)
def remove_day(day: datetime) -> None:
    """Menyatakan satu hari libur tetap hari kerja; umur semua disposisi dihitung ulang."""
    from dataclasses import replace

    from aspal.desk import calendar_changes

    with opened() as house:
        with house.db.read() as conn:
            row = calendar_changes.Stored.read(conn).days.get(day.date())
        if row is None or not row.observed:
            refuse(f"{day:%Y-%m-%d} bukan hari libur.")
        worked = replace(row, observed=False, source=actor())
        calendar_changes.save(
            house.db, calendar_changes.Change(days=(worked,)), None, now=house.clock.now(), by=actor()
        )
    click.echo(f"{day:%Y-%m-%d} hari kerja.")
