"""`aspal privacy`: retention, and one person's data."""

import json

import click

from aspal.commands.frame import actor, as_json_option, counted, opened, refuse, tell


@click.group()
def privacy() -> None:
    """Data pribadi: masa simpan, salinan dan penghapusan data satu orang (UU 27/2022)."""


@privacy.command("purge")
@click.option("--apply", "applied", is_flag=True, help="Hapus sungguhan; tanpa ini hanya pratinjau.")
@click.option("--dry-run", is_flag=True, help="Hanya pratinjau (bawaan).")
@as_json_option
def purge(applied: bool, dry_run: bool, as_json: bool) -> None:
    """Menghapus isi balasan, pesan, catatan dan lampiran yang melewati RETENTION_MONTHS."""
    from aspal.desk import privacy as station

    if applied and dry_run:
        refuse("--apply dan --dry-run tidak dapat dipakai bersama; pilih salah satu.")
    with opened() as house:
        now, months = house.clock.now(), house.settings.retention_months
        if applied:
            done = station.purge(house.db, house.settings.media_dir, months, now, actor())
        else:
            done = station.preview(house.db, months, now)
    lines = [
        f"Lebih lama dari {done.before:%d-%m-%Y} ({months} bulan), menurut tabel:",
        *counted({"berkas": done.files, **done.parts}),
        "Sudah dihapus." if done.applied else "Belum ada yang dihapus. Tambahkan --apply untuk menghapus.",
    ]
    tell(done.as_json(), lines, as_json=as_json)


@privacy.command("export")
@click.argument("phone")
def export(phone: str) -> None:
    """Mencetak semua data tentang satu orang sebagai JSON. PHONE: nomor atau ID WhatsApp."""
    from aspal.desk import privacy as station

    with opened() as house:
        found = station.export(house.db, _address(phone), house.clock.now(), actor())
    if found is None:
        refuse("Tidak ada data tentang nomor itu.")
    click.echo(json.dumps(found, ensure_ascii=False, indent=1, default=str))


@privacy.command("erase")
@click.argument("phone")
@click.option("--apply", "applied", is_flag=True, help="Hapus sungguhan; tanpa ini hanya pratinjau.")
@as_json_option
def erase(phone: str, applied: bool, as_json: bool) -> None:
    """Menyamarkan satu orang di semua tabel; catatan laporan dan jurnal tetap utuh."""
    from aspal.desk import privacy as station

    address = _address(phone)
    with opened() as house:
        would = station.would_erase(house.db, address)
        if would is None:
            refuse("Tidak ada data tentang nomor itu.")
        if applied:
            try:
                station.erase(house.db, address, house.clock.now(), actor())
            except station.EraseRefused as refusal:
                refuse(str(refusal))
    rows, duties = would
    payload = {"applied": applied, "rows": rows, "duties": duties}
    tell(payload, _lines(rows, duties, applied), as_json=as_json)


def _lines(rows: dict[str, int], duties: list[str], applied: bool) -> list[str]:
    lines = [f"{table}: {count}" for table, count in rows.items()]
    if duties:
        ended = "berakhir" if applied else "akan berakhir"
        lines.append(f"Penugasan yang {ended}: {', '.join(duties)}. Pastikan ada penggantinya di direktori.")
    return [*lines, "Selesai disamarkan." if applied else "Belum ada yang diubah. Tambahkan --apply."]


def _address(phone: str) -> str:
    from aspal.core.phone import PhoneError, normalise
    from aspal.gateways.whatsapp.forms import BSUID

    if BSUID.fullmatch(phone):
        return phone
    try:
        return normalise(phone)
    except PhoneError as error:
        refuse(f"{phone}: {error}")
