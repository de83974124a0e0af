"""`aspal complaint`: what an admin does by hand about one complaint."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from aspal.bootstrap import House
from aspal.commands.frame import actor, opened, refuse, unit_id
from aspal.core.refused import Refused
from aspal.core.words import Kind

_DAY = click.DateTime(["%Y-%m-%d"])
_case_argument = click.argument("case", metavar="LAPORAN")
_reason_option = click.option("--reason", required=True, help="Alasannya, untuk jurnal.")
_until_option = click.option("--until", type=_DAY, required=True, help="Hari terakhirnya.")


@click.group()
def complaint() -> None:
    """Laporan yang belum atau sudah bernomor LAPOR."""


@complaint.command()
@click.argument("title")
@click.option("--unit", help="OPD tujuan (nama atau nomornya); tanpa ini menunggu verifikasi.")
@click.option("--received", type=_DAY, required=True, help="Tanggal laporan diterima.")
@click.option("--disposed", type=_DAY, help="Tanggal disposisi; bawaan: hari ini.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), default=Kind.COMPLAINT.value)
@click.option("--supervised", is_flag=True, help="Berkadar pengawasan.")
@click.option("--open", "is_open", is_flag=True, help="Tidak rahasia; tanpa ini laporan dianggap rahasia.")
@click.option("--category", help="Kategori.")
@click.option("--channel", help="Kanal asal, misalnya media sosial atau e-Sukma.")
@click.option("--location", help="Lokasi kejadian.")
def add(
    title: str, unit: str | None, received: datetime, disposed: datetime | None, kind: str, is_open: bool, **more: Any
) -> None:
    """Mencatat laporan yang belum ada di LAPOR. Jangan menulis data pelapor."""
    from aspal.flow import intake
    from aspal.flow.intake.typed import Typed

    with opened() as house:
        typed = Typed(
            title=title,
            unit_id=unit_id(house, unit) if unit else None,
            received_on=received.date(),
            disposed_on=disposed.date() if disposed else None,
            kind=Kind(kind),
            confidential=not is_open,
            **more,
        )
        try:
            number = intake.type_in(
                house.db, typed, now=house.clock.now(), zone=house.settings.office_time_zone, by=actor()
            )
        except Refused as refused:
            refuse(str(refused))
    click.echo(number)


@complaint.command()
@click.argument("provisional_id")
@click.argument("tracking_id")
def merge(provisional_id: str, tracking_id: str) -> None:
    """Menggabungkan laporan MAN-… dengan nomor LAPOR-nya; rantai pengingatnya berlanjut."""
    from aspal.flow import intake
    from aspal.records import cases

    with opened() as house:
        with house.db.read() as conn:
            known = cases.complaint_id(conn, tracking_id) is not None
        try:
            intake.merge(house.db, provisional_id, tracking_id, now=house.clock.now(), by=actor())
        except Refused as refused:
            refuse(str(refused))
    click.echo(f"{provisional_id} kini {tracking_id}.")
    if not known:
        click.echo("Nomor itu belum ada dalam data LAPOR yang diimpor: periksa angkanya.", err=True)


@complaint.command()
@_case_argument
@click.argument("unit")
@_reason_option
def redispose(case: str, unit: str, reason: str) -> None:
    """Memindahkan ke OPD lain; jam OPD itu mulai hari ini. LAPORAN: kode pendek, tracking ID, atau MAN-…"""
    from aspal.desk import case_acts

    def do(house: House, number: int, **now: Any) -> None:
        case_acts.redispose(house.db, number, unit_id(house, unit), reason=reason, **now)

    _decide(case, do)
    click.echo(f"{case} dipindahkan ke {unit}.")


@complaint.command()
@_case_argument
@_until_option
@_reason_option
def extend(case: str, until: datetime, reason: str) -> None:
    """Memberi waktu sampai suatu hari; rantai berlanjut di tingkat yang sama sesudahnya."""
    from aspal.desk import case_acts

    _decide(case, lambda house, n, **now: case_acts.grant_extension(house.db, n, until.date(), reason=reason, **now))
    click.echo(f"{case} diperpanjang sampai {until:%d-%m-%Y}.")


@complaint.command("end-extension")
@_case_argument
def end_extension(case: str) -> None:
    """Mencabut perpanjangan yang masih berlaku."""
    from aspal.desk import case_acts

    _decide(case, lambda house, n, **now: case_acts.end_extension(house.db, n, **now))
    click.echo(f"Perpanjangan {case} dicabut.")


@complaint.command("refuse-extension")
@_case_argument
@_reason_option
def refuse_extension(case: str, reason: str) -> None:
    """Menolak permintaan perpanjangan."""
    from aspal.desk import case_acts

    _decide(case, lambda house, n, **now: case_acts.refuse_extension(house.db, n, reason=reason, **now))
    click.echo(f"Perpanjangan {case} ditolak.")


@complaint.command("reject-not-ours")
@_case_argument
@_reason_option
def reject_not_ours(case: str, reason: str) -> None:
    """Menyatakan laporan tetap kewenangan OPD itu; jamnya berlanjut."""
    from aspal.desk import case_acts

    _decide(case, lambda house, n, **now: case_acts.reject_not_ours(house.db, n, reason=reason, **now))
    click.echo(f"{case} tetap pada OPD-nya.")


@complaint.command()
@_case_argument
@_until_option
@_reason_option
def pause(case: str, until: datetime, reason: str) -> None:
    """Menghentikan pesan dan jam satu laporan sampai suatu hari."""
    from aspal.desk import case_acts

    _decide(case, lambda house, n, **now: case_acts.pause(house.db, n, until.date(), reason=reason, **now))
    click.echo(f"{case} dijeda sampai {until:%d-%m-%Y}.")


@complaint.command()
@_case_argument
def resume(case: str) -> None:
    """Mengakhiri jeda satu laporan."""
    from aspal.desk import case_acts

    _decide(case, lambda house, n, **now: case_acts.resume(house.db, n, **now))
    click.echo(f"Jeda {case} diakhiri.")


def _decide(case: str, do: Callable[..., object]) -> None:
    """Carries a decision out on the one open disposition that the name fits."""
    from aspal.records import casefile

    with opened() as house:
        with house.db.read() as conn:
            found = casefile.open_cases(conn, case)
        if len(found) != 1:
            codes = ", ".join(f"#{code}" for code in found.values())
            refuse(f"Sebutkan kode pendeknya: {codes}" if found else f"{case}: tidak ada disposisi yang terbuka.")
        try:
            do(house, *found, now=house.clock.now(), zone=house.settings.office_time_zone, by=actor())
        except Refused as refused:
            refuse(str(refused))
