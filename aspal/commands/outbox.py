"""`aspal outbox`: what an admin decides about messages that wait, failed or are in doubt."""

from datetime import timedelta

import click

from aspal.commands.frame import RowNumber, actor, opened, refuse
from aspal.core.refused import Refused
from aspal.desk import outbox_acts
from aspal.desk.outbox_acts import Decision


@click.group()
def outbox() -> None:
    """Memutuskan pesan yang ditahan, gagal, atau tidak jelas nasibnya."""


@outbox.command()
@click.argument("message_ids", metavar="ID...", type=RowNumber(), nargs=-1, required=True)
def release(message_ids: tuple[int, ...]) -> None:
    """Melepas pesan yang ditahan; terkirim pada jam kerja."""
    _decide(message_ids, outbox_acts.RELEASE)


@outbox.command()
@click.argument("message_ids", metavar="ID...", type=RowNumber(), nargs=-1, required=True)
def cancel(message_ids: tuple[int, ...]) -> None:
    """Membatalkan pesan yang belum keluar."""
    _decide(message_ids, outbox_acts.CANCEL)


@outbox.command()
@click.argument("message_id", metavar="ID", type=RowNumber())
def resend(message_id: int) -> None:
    """Mengirim sekali lagi pesan yang gagal atau tidak jelas nasibnya."""
    _decide((message_id,), outbox_acts.REPEAT)


@outbox.command("release-brake")
@click.option("--hours", type=click.IntRange(1, 24), default=12, show_default=True, help="Berapa lama rem dilepas.")
def release_brake(hours: int) -> None:
    """Melepas rem volume untuk sementara, beserta pesan yang ditahannya."""
    with opened() as house:
        lasts = timedelta(hours=hours)
        released = outbox_acts.release_brake(house.db, now=house.clock.now(), by=actor(), lasts=lasts)
    click.echo(f"Rem volume dilepas {hours} jam; {released} pesan dilepas.")


def _decide(message_ids: tuple[int, ...], decision: Decision) -> None:
    """All of them or none: a number that is not in one of the decision's states is refused before anything changes."""
    with opened() as house:
        now = house.clock.now()
        try:
            done = outbox_acts.decide(house.db, message_ids, decision, now=now, by=actor(), all_or_none=True)
        except Refused as refused:
            refuse(str(refused))
    click.echo(f"{done} pesan: selesai.")
