"""`aspal templates`."""

import click

from aspal.commands.frame import as_json_option, opened, partly, tell


@click.group()
def templates() -> None:
    """Jenis pesan WhatsApp dan persetujuannya."""


@templates.command("list")
@click.option("--preview", is_flag=True, help="Tampilkan juga teksnya dengan contoh isian.")
@as_json_option
def list_kinds(preview: bool, as_json: bool) -> None:
    """Semua jenis pesan, dengan statusnya di WhatsApp."""
    from aspal.records import templates as stored

    with opened() as house:
        texts = house.texts
        unknown = "belum didaftarkan" if house.gateway.needs_approval else "disetujui simulator"
        with house.db.read() as conn:
            known = stored.known(conn)
    rows, lines = [], []
    for name in texts.kinds():
        kind = texts.kind(name)
        found = known.get((name, kind.fingerprint))
        status = "tidak perlu" if kind.is_session else found.status if found else unknown
        text = texts.preview(name).text if preview else None
        rows.append({"kind": name, "category": kind.category, "status": status, "text": text})
        lines.append(f"{name}: {kind.category}, {status}" + (f"\n{text}\n" if text else ""))
    tell({"templates": rows}, lines, as_json=as_json)


@templates.command()
@as_json_option
def push(as_json: bool) -> None:
    """Mendaftarkan teks yang belum terdaftar ke Twilio dan meminta persetujuan WhatsApp."""
    _run("push", as_json=as_json)


@templates.command()
@as_json_option
def status(as_json: bool) -> None:
    """Menanyakan persetujuan dan kategori setiap teks; yang bermasalah dihentikan."""
    _run("refresh", as_json=as_json)


def _run(what: str, *, as_json: bool) -> None:
    from aspal.flow import templates as station

    with opened() as house:
        proposals = station.look_at_proposals(house.db, house.file_texts, house.gateway, house.clock.now())
        found = getattr(station, what)(house.db, house.texts, house.gateway, house.clock.now())
    found.failed += proposals.failed
    found.taken_over += proposals.taken_over
    lines = [f"{one.kind}: {one.status}" + (f" ({one.reason})" if one.reason else "") for one in found.templates]
    lines += [f"{kind}: gagal, {reason}" for kind, reason in found.failed]
    tell(found.as_json(), lines or ["Tidak ada teks yang terdaftar."], as_json=as_json)
    partly(not found.failed)
