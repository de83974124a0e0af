"""`aspal show` and `aspal why`: what is known, and why a message came or did not."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import click

from aspal.commands.frame import as_json_option, opened, refuse, tell
from aspal.core.delivery import State
from aspal.core.words import ReplyState

_Option = Callable[[Callable[..., None]], Callable[..., None]]
_limit_option = click.option(
    "--limit", type=click.IntRange(1, 10**9), default=10_000, help="Paling banyak sekian, terbaru."
)


def _states_option(known: type[StrEnum]) -> _Option:
    choice = click.Choice([str(state) for state in known])
    return click.option("--state", "states", multiple=True, type=choice, help="Hanya keadaan ini; boleh berulang.")


@click.group()
def show() -> None:
    """Menampilkan apa yang diketahui."""


@show.command("complaint")
@click.argument("number", metavar="ID")
@as_json_option
def show_complaint(number: str, as_json: bool) -> None:
    """Satu laporan: disposisi, pemberitahuan, pesan, catatan."""
    from aspal.core.wording import long_moment
    from aspal.records import casefile

    with opened() as house, house.db.read() as conn:
        found = casefile.complaint(conn, number)
        zone = house.settings.office_time_zone
    if found is None:
        refuse(f"Laporan {number} tidak ada.")
    lines = [f"{number}: {found['title'] or '(tanpa judul)'} [{found['kind']}, {found['status']}]"]
    for part in found["dispositions"]:
        end = f", berakhir {part['ended_at']:%d-%m-%Y}" if part["ended_at"] else ""
        claim = f", pernyataan: {part['claim']}" if part["claim"] else ""
        lines.append(f"  {part['unit'] or 'Verifikasi'}: disposisi {part['disposed_at']:%d-%m-%Y}{end}{claim}")
    lines += [_notice_line(notice) for notice in found["notices"]]
    lines += [_message_line(message) for message in found["messages"]]
    lines += [f"  Catatan {long_moment(n['received_at'], zone)}, {n['by']}: {n['text']}" for n in found["notes"]]
    tell(found, lines, as_json=as_json)


@show.command("outbox")
@_states_option(State)
@_limit_option
@as_json_option
def show_outbox(states: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Pesan keluar dan keadaannya."""
    from aspal.records import casefile

    with opened() as house, house.db.read() as conn:
        found = casefile.outbox(conn, states, limit)
    tell({"messages": found}, [_message_line(m) for m in found] or ["Belum ada pesan."], as_json=as_json)


@show.command("replies")
@_states_option(ReplyState)
@_limit_option
@as_json_option
def show_replies(states: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Balasan yang masuk dan apa yang dipahami darinya."""
    from aspal.core.phone import mask
    from aspal.records import casefile

    with opened() as house, house.db.read() as conn:
        found = casefile.inbox(conn, states, limit)
    lines = [f"{mask(r['from'])}: {r['text']} [{r['state']}, {r['complaint'] or '-'}]" for r in found]
    tell({"replies": found}, lines or ["Belum ada balasan."], as_json=as_json)


def _notice_line(notice: dict[str, Any]) -> str:
    message = f"pesan #{notice['message']}"
    words = {
        "waiting": "menunggu",
        "cancelled": "dibatalkan",
        "bundled": f"menjadi {message}",
        "failed": f"{message} gagal",
    }
    reason = f" ({notice['reason']})" if notice["reason"] and notice["state"] != "bundled" else ""
    return f"  {notice['workday']} {notice['step']} -> {notice['contact']}: {words[notice['state']]}{reason}"


def _message_line(message: dict[str, Any]) -> str:
    reason = f": {message['reason']}" if message["reason"] else ""
    to = message["name"] or "nomor tidak dikenal"
    return f"  #{message['id']} {message['template'] or 'jawaban'} -> {to} ({message['state']}{reason})"


@click.command()
@click.argument("number", metavar="ID")
@as_json_option
def why(number: str, as_json: bool) -> None:
    """Mengapa laporan ini menghasilkan, atau tidak menghasilkan, pesan: hari yang dihitung dan yang dilewati."""
    from aspal.desk import why as explanation

    with opened() as house:
        with house.db.read() as conn:
            calendars = house.calendars(conn)
        found = explanation.explain(house.db, calendars, number, house.clock.now())
    if found is None:
        refuse(f"Laporan {number} tidak ada.")
    lines = []
    for part in found["dispositions"]:
        lines += [part["unit"] or "Verifikasi", *(f"  {line}" for line in part["sentences"])]
        lines += [_notice_line(notice) for notice in part["notices"]]
        lines += [f"  Sekarang: {reason}" for reason in part["now"]]
    tell(found, lines, as_json=as_json)
