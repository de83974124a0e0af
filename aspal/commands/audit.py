"""`aspal journal verify` and `aspal doctor`."""

import click

from aspal.commands.frame import as_json_option, opened, partly, tell


@click.group()
def journal() -> None:
    """Jurnal: siapa atau apa melakukan apa, dan mengapa."""


@journal.command()
@as_json_option
def verify(as_json: bool) -> None:
    """Memeriksa rantai hash dari awal; menyebut mata rantai pertama yang putus."""
    from aspal.records import journal as chain

    with opened() as house, house.db.read() as conn:
        broken = chain.verify(conn)
        newest = next(iter(chain.recent(conn, 1)), None)
    payload = {
        "ok": broken is None,
        "entries": newest.id if newest else 0,
        "first_broken": broken.id if broken else None,
        "reason": broken.reason if broken else None,
    }
    line = f"Jurnal utuh: {payload['entries']} catatan."
    tell(payload, [f"Jurnal putus di catatan {broken.id}: {broken.reason}." if broken else line], as_json=as_json)
    partly(broken is None)


@click.command()
@as_json_option
def doctor(as_json: bool) -> None:
    """Memeriksa konfigurasi, basis data, hari libur, templat, direktori, detak pekerjaan dan alamat publik."""
    from aspal.commands.checks import examine

    with opened() as house:
        checks = examine(house)
    ok = all(check.level != "red" for check in checks)
    payload = {"ok": ok, "checks": [{"name": c.name, "level": c.level, "text": c.text} for c in checks]}
    signs = {"ok": "✓", "warning": "!", "red": "✗"}
    tell(payload, [f"{signs[c.level]} {c.name}: {c.text}" for c in checks], as_json=as_json)
    partly(ok)
