"""The long part of an import, and of taking one back, beside the request that asked for it.

Whoever looks sees how far it is.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from aspal.clock import SystemClock
from aspal.desk import uploads
from aspal.flow import upload_shelf
from aspal.flow.intake.progress import Progress, Step
from aspal.flow.upload_shelf import Pulse
from aspal.records.uploads import RUNNING, Upload
from aspal.web.house import House

BEAT = 0.7  # seconds between two signs of life
SILENT = 20.0  # so long without one: the process that worked on it has died
SOON = 1.5  # a small file is done before the browser would have shown a progress bar
log = logging.getLogger(__name__)


class Work(Thread):
    """One long step. A daemon: when the process ends, the step's transaction is rolled back with it."""

    def __init__(self, house: House, name: str, first: Step, expected: int | None, do: Callable[[Progress], None]):
        """`name`: under which its signs of life lie on the shelf."""
        super().__init__(name=f"work-{name}", daemon=True)
        self._shelf, self._name, self._do = upload_shelf.folder(house.settings.media_dir), name, do
        self._step, self._rows, self._expected = first, 0, expected
        self._read = expected  # what was known before; only a file's own reader counts better
        self._done = Event()

    def begin(self) -> None:
        """Starts, and waits a moment for what is done at once."""
        self._beat()
        self.start()
        self.join(SOON)

    def run(self) -> None:
        """The work, with a sign of life while it lasts."""
        Thread(target=self._live, daemon=True).start()
        try:
            self._do(self._progress)
        except Exception as error:  # how it ended could not be written down: it will show as stopped
            log.error("work on an import stopped", extra={"work": self._name, "cause": type(error).__name__})
        finally:
            self._done.set()

    def _progress(self, step: Step, done: int, expected: int | None) -> None:
        self._step, self._rows = step, done
        self._expected = expected or (self._read if step is Step.READING else None)

    def _live(self) -> None:
        while not self._done.wait(BEAT):
            with suppress(OSError):  # a full disk takes no sign of life; the work itself may have room
                self._beat()

    def _beat(self) -> None:
        upload_shelf.beat(self._shelf, self._name, self._step, self._rows, self._expected)


def begin(house: House, upload: Upload) -> None:
    """Works on the step of an upload that was claimed."""

    def do(progress: Progress) -> None:
        with house.db.read() as conn:
            calendars = house.calendars(conn)
        shelf = upload_shelf.folder(house.settings.media_dir)
        uploads.work(house.db, shelf, upload.id, calendars, house.settings, progress)

    Work(house, upload.path, Step.READING, upload.look.get("expected"), do).begin()


def pulse(house: House, name: str) -> Pulse | None:
    """The newest sign of life of a work."""
    return upload_shelf.pulse(upload_shelf.folder(house.settings.media_dir), name)


def is_silent(told: Pulse | None) -> bool:
    """Whether nobody works any more. Real time, also on a simulated clock."""
    return told is None or SystemClock().now().timestamp() - told.at > SILENT


def is_stopped(house: House, upload: Upload) -> bool:
    """Whether nobody works any more on what says that it is being worked on."""
    return upload.state in RUNNING and is_silent(pulse(house, upload.path))
