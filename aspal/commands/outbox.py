"""`aspal outbox`: what an admin decides about messages that wait, failed or are in doubt."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import click

from aspal.commands.frame import actor, opened, refuse
from aspal.core.delivery import State


@click.group()
def outbox() -> None:
    """Memutuskan pesan yang ditahan, gagal, atau tidak jelas nasibnya."""


@outbox.command()
@click.argument("message_ids", metavar="ID...", type=int, nargs=-1, required=True)
def release(message_ids: tuple[int, ...]) -> None:
    """Melepas pesan yang ditahan; terkirim pada jam kerja."""
    from aspal.records import outbox as box

    _decide(message_ids, {State.HELD}, "message.released", lambda conn, i, now: box.release(conn, [i], now))


@outbox.command()
@click.argument("message_ids", metavar="ID...", type=int, nargs=-1, required=True)
def cancel(message_ids: tuple[int, ...]) -> None:
    """Membatalkan pesan yang belum keluar."""
    from aspal.records import outbox as box

    states = {State.WAITING, State.HELD, State.UNKNOWN}
    reason = "Dibatalkan oleh petugas."
    _decide(message_ids, states, "message.cancelled", lambda conn, i, now: box.cancel(conn, {i: reason}))


@outbox.command()
@click.argument("message_id", metavar="ID", type=int)
def resend(message_id: int) -> None:
    """Mengirim sekali lagi pesan yang gagal atau tidak jelas nasibnya."""
    from aspal.records import doubt, resending
    from aspal.records import outbox as box

    def again(conn: Any, number: int, now: datetime) -> None:
        message = box.by_id(conn, number)
        if message and message.state is State.UNKNOWN:
            doubt.again(conn, number, now)
        else:
            try:
                resending.resend(conn, number, now, now, by_hand=True)
            except resending.WordsGone as refusal:
                refuse(f"Pesan {number}: {refusal}")

    _decide((message_id,), {State.UNKNOWN, State.FAILED}, "message.repeated", again)


@outbox.command("release-brake")
@click.option("--hours", type=click.IntRange(1, 24), default=12, show_default=True, help="Berapa lama rem dilepas.")
def release_brake(hours: int) -> None:
    """Melepas rem volume untuk sementara, beserta pesan yang ditahannya."""
    from aspal.flow import outbox_desk

    with opened() as house:
        lasts = timedelta(hours=hours)
        released = outbox_desk.release_brake(house.db, now=house.clock.now(), by=actor(), lasts=lasts)
    click.echo(f"Rem volume dilepas {hours} jam; {released} pesan dilepas.")


def _decide(
    message_ids: tuple[int, ...], states: set[State], action: str, do: Callable[[Any, int, datetime], object]
) -> None:
    """All of them or none: a number that is not in one of those states is refused before anything changes."""
    from aspal.records import journal, spoken
    from aspal.records import outbox as box

    with opened() as house, house.db.write() as conn:
        now = house.clock.now()
        for number in message_ids:
            message = box.by_id(conn, number)
            if message is None or message.state not in states:
                refuse(f"Pesan {number}: {message.state if message else 'tidak ada'}; tidak ada yang diubah.")
        for number in message_ids:
            do(conn, number, now)
        complaint_of = spoken.complaints_of(conn, message_ids)
        entries = [
            journal.Entry(now, actor(), action, f"message:{number}", {}, complaint_of.get(number))
            for number in message_ids
        ]
        journal.append(conn, entries)
    click.echo(f"{len(message_ids)} pesan: selesai.")
