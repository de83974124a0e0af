"""The demo as one process: web, worker and phone network, until somebody ends it."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import NoReturn

import click
from flask import Flask

from aspal.bootstrap import House, log_to_stderr
from aspal.clock import RunningClock
from aspal.demo import banner, exports, stage
from aspal.demo.people import People
from aspal.settings import Settings
from aspal.web.server import serve
from jobs.timetable import TIMETABLE
from jobs.worker import Worker

PULSE = 1.0  # seconds of real time
BRISK = tuple(replace(job, every=1) for job in TIMETABLE)  # on a clock that runs fast, nobody wants to wait for a job
log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Lives the days before, then answers until Ctrl-C or SIGTERM. Raises SettingsError."""
    settings = stage.of_demo(settings)
    _claim_port(settings)
    log_to_stderr("warning" if settings.log_level == "info" else settings.log_level)
    start, factor = stage.beginning(settings)
    with _ended_by_signals():
        click.echo("Menyiapkan demo: hari-hari kerja sebelumnya dijalani dahulu …", err=True)
        house, app, clock = stage.build(settings, start)
        try:
            _play(house, app, clock, start, factor)
        finally:
            house.close()


def _play(house: House, app: Flask, clock: RunningClock, start: datetime, factor: float) -> None:
    stop, worker = threading.Event(), Worker(house, timetable=BRISK)
    clock.set(moment=start, factor=factor)
    _keep_up(house)  # before the banner: its commands read both files
    threads = [
        threading.Thread(target=worker.run, daemon=True),
        threading.Thread(target=_network, args=(house, app, stop), daemon=True),
        threading.Thread(target=_announce, args=(house, start, stop), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        serve(app, house.settings.host, house.settings.port, stop=stop)
    except OSError:  # somebody else took the port while the days were lived
        _refuse_port(house.settings)
    finally:
        stop.set()
        worker.stop()
        for thread in threads:
            thread.join(timeout=10)


def _network(house: House, app: Flask, stop: threading.Event) -> None:
    """Messages reach the phones also while nobody looks; the demo's files keep up."""
    people = People(house, app)
    while not stop.wait(PULSE):
        try:
            people.receive()
            _keep_up(house)
        except Exception:  # the show goes on
            log.exception("phone network hiccup")


def _keep_up(house: House) -> None:
    """The time for other processes, in a file that is never half written, and LAPOR's next export."""
    folder, now = stage.folder_of(house.settings), stage.local(house.settings, house.clock.now())
    partial = folder / f"{banner.TIME}.baru"
    partial.write_text(now.isoformat(timespec="seconds"))
    partial.replace(folder / banner.TIME)
    exports.newer_export(house, folder, now.date())


def _announce(house: House, start: datetime, stop: threading.Event) -> None:
    """Tells the address once somebody answers there."""
    address = (stage.reachable(house.settings.host), house.settings.port)
    while not stop.is_set():
        try:
            socket.create_connection(address, timeout=1).close()
        except OSError:
            stop.wait(0.1)
        else:
            return click.echo(banner.text(house, start, sys.argv[0]))


def _claim_port(settings: Settings) -> None:
    """Before the old demo's files are cleared away: they may belong to one that still runs there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            _refuse_port(settings)


def _refuse_port(settings: Settings) -> NoReturn:
    other = settings.port + 1 if settings.port < 65535 else 8000
    click.echo(f"Port {settings.port} sudah dipakai. Pilih yang lain: PORT={other} make demo", err=True)
    raise SystemExit(2)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Also before the web answers, Ctrl-C and SIGTERM are a clean end.

    At once: the demo begins from nothing each time, and an exception that is raised while a destructor runs would be
    swallowed, and the signal with it.
    """

    def end(_number: int, _frame: object) -> NoReturn:
        os._exit(0)

    told = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, end) for number in told}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
