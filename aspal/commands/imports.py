"""`aspal import`: what comes in from files and from LAPOR's API."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from aspal.commands.files import GivenFile, table_from
from aspal.commands.frame import RowNumber, actor, as_json_option, opened, partly, refuse, tell
from aspal.core.placing import BLANK_DAY
from aspal.core.refused import Refused
from aspal.settings import SettingsError

_FILE = GivenFile()
_STEPS = {"reading": "baris dibaca", "writing": "laporan ditulis", "undoing": "baris dikembalikan"}
_apply_option = click.option("--apply", "applied", is_flag=True, help="Terapkan; tanpa ini hanya pratinjau.")


@click.group("import")
def group() -> None:
    """Impor direktori pejabat dan roster LAPOR; tanpa --apply hanya pratinjau yang tidak mengubah apa pun."""


@group.command()
@click.argument("file", type=_FILE)
@_apply_option
@as_json_option
def directory(file: Path, applied: bool, as_json: bool) -> None:
    """OPD, pejabat dan penugasan dari CSV, XLSX, XLS atau ODS."""
    _import("directory", file, {}, applied=applied, as_json=as_json)


@group.command()
@click.argument("file", type=_FILE)
@click.option("--mapping", type=_FILE, help="Berkas TOML atau JSON: judul kolom = nama kolom ASPAL.")
@click.option("--disposed-on", type=click.Choice(["received", "import"]), help="Arti tanggal disposisi yang kosong.")
@click.option("--secrecy", type=click.Choice(["open", "confidential"]), help="Arti kolom rahasia yang tidak ada.")
@_apply_option
@as_json_option
def roster(
    file: Path, mapping: Path | None, disposed_on: str | None, secrecy: str | None, applied: bool, as_json: bool
) -> None:
    """Laporan dan disposisi dari ekspor LAPOR."""
    answers = {"disposed_on": disposed_on, "secrecy": secrecy, "mapping": table_from(mapping) if mapping else None}
    _import("roster", file, answers, applied=applied, as_json=as_json)


@group.command()
@click.argument("batch", type=RowNumber())
@as_json_option
def undo(batch: int, as_json: bool) -> None:
    """Membatalkan satu impor seutuhnya."""
    from aspal.flow import intake

    with opened() as house, _progress(f"Impor {batch}", shown=not as_json) as progress:
        try:
            found = intake.undo(house.db, batch, house.clock.now(), actor(), progress).as_json()
        except Refused as refused:
            refuse(str(refused))
    tell(found, [f"Impor {batch} dibatalkan."], as_json=as_json)


@group.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Hanya yang berubah sejak tanggal ini.")
@as_json_option
def api(since: datetime | None, as_json: bool) -> None:
    """Laporan dari API yang diatur di LAPOR_API_CONFIG; langsung diterapkan."""
    from aspal.flow import intake
    from aspal.gateways.lapor_api import fetch
    from aspal.gateways.lapor_api.config import ApiConfig, ApiProblem

    with opened() as house:
        settings = house.settings
        if not settings.lapor_api_config:
            raise SettingsError("LAPOR_API_CONFIG", "belum diisi; lihat README")
        with house.db.read() as conn:
            calendars = house.calendars(conn)
        try:
            config = ApiConfig.from_toml(Path(settings.lapor_api_config), settings.lapor_api_secret)
            rows = fetch(config, since.date() if since else None)
            found = intake.apply_rows(
                house.db, rows, source="api", now=house.clock.now(), calendars=calendars, by=actor()
            )
        except (ApiProblem, Refused) as problem:
            refuse(str(problem))
    tell(found.as_json(), _lines(found.as_json()), as_json=as_json)
    partly(not (found.rejected or found.held))


def _import(kind: str, file: Path, answers: dict[str, Any], *, applied: bool, as_json: bool) -> None:
    from aspal.flow import intake

    with opened() as house, _progress(file.name, shown=not as_json) as progress:
        with house.db.read() as conn:
            calendars = house.calendars(conn)
        station = getattr(intake, f"{'apply' if applied else 'preview'}_{kind}")
        answers |= {"settings": house.settings} if kind == "roster" else {}
        try:
            found = station(
                house.db, file, now=house.clock.now(), calendars=calendars, by=actor(), progress=progress, **answers
            )
        except Refused as refused:
            refuse(str(refused))
    tell(found.as_json(), _lines(found.as_json()), as_json=as_json)
    partly(not applied or not (found.rejected or found.held))


def _lines(found: dict[str, Any]) -> Iterator[str]:
    what = f"Impor {found['batch']} diterapkan" if found["applied"] else "Pratinjau, belum ada yang berubah"
    yield f"{what}: {found['rows']} baris, {found['new']} baru, {found['changed']} berubah, {found['unchanged']} tetap."
    yield from (f"Ditahan, baris {row['row']}: {row['reason']}" for row in found["held"])
    if any(row["reason"] == BLANK_DAY for row in found["held"]):
        yield "Jawab dengan --disposed-on received (tanggal laporan) atau --disposed-on import (hari impor)."
    yield from (f"Ditolak, baris {row['row']} ({row['column'] or '-'}): {row['reason']}" for row in found["rejected"])
    if found["dropped_columns"]:
        yield f"Kolom pribadi dibuang: {', '.join(found['dropped_columns'])}."
    yield from found["consequences"]
    yield from (f"{one['what']}: {'; '.join(one['who'])}." for one in found["named"])
    if not found["applied"]:
        yield "Ulangi dengan --apply untuk menerapkan."


@contextmanager
def _progress(name: str, *, shown: bool) -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar on stderr for somebody who watches; nothing for cron."""
    if not (shown and sys.stderr.isatty()):
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(name, total=None)
        yield lambda step, done, total: bars.update(
            task, description=f"{name}: {_STEPS[step]}", completed=done, total=total
        )
