"""`aspal run`, `aspal worker`, `aspal serve`, `aspal demo`."""

import logging

import click

from aspal.commands.frame import as_json_option, counted, opened, partly, tell
from jobs.timetable import BY_NAME


@click.command()
@click.argument("station", metavar="NAME", type=click.Choice([*BY_NAME, "tick"]))
@as_json_option
def run(station: str, as_json: bool) -> None:
    """Menjalankan satu stasiun sekali; `tick` menjalankan semua yang sudah waktunya (untuk cron)."""
    from jobs import once, tick

    with opened() as house, once.stopped_by_signals(house):
        once.look_at_database(house)
        outcome = tick.run(house) if station == "tick" else once.run(house, BY_NAME[station], tick.EVERY)
    tell(outcome.counts, counted(outcome.counts), as_json=as_json)
    partly(outcome.ok)


@click.command()
def worker() -> None:
    """Proses penjadwal. SIGTERM menyelesaikan pekerjaan di tangan, lalu berhenti."""
    from jobs import once
    from jobs.worker import run_until_told

    with opened() as house:
        _name_strangers()
        once.look_at_database(house)
        house.claim_media_dir()
        run_until_told(house)


@click.command()
def serve() -> None:
    """Proses web."""
    from aspal.training import TrainingRoom
    from aspal.web.factory import create_app
    from aspal.web.server import serve as answer
    from aspal.web.watchman import on_watch

    with opened() as house:
        _name_strangers()
        house.secret_key()
        house.claim_media_dir()
        room = TrainingRoom(house.settings)
        try:
            with on_watch(house):
                answer(create_app(house, room), house.settings.host, house.settings.port)
        finally:
            room.end()


@click.command()
def demo() -> None:
    """Data contoh, simulator telepon, web dan worker dalam satu proses. Ctrl-C untuk berhenti."""
    from aspal.demo import run as run_demo
    from aspal.settings import load

    run_demo(load())


def _name_strangers() -> None:
    """Once, where a process begins that stays: a name that was mistyped in `.env` leaves its default in force."""
    from aspal.settings import strangers

    for stranger in strangers():
        logging.getLogger("aspal.settings").warning(".env: %s", stranger)
