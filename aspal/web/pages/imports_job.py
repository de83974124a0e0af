"""The long part of an import, beside the request that asked for it. Whoever looks sees how far it is."""

import logging
from threading import Event, Thread

from aspal.clock import SystemClock
from aspal.flow import upload_shelf, uploads
from aspal.records.uploads import RUNNING, Upload
from aspal.web.house import House

BEAT = 0.7  # seconds between two signs of life
SILENT = 20.0  # so long without one: the process that worked on it has died
SOON = 1.5  # a small file is done before the browser would have shown a progress bar
log = logging.getLogger(__name__)


class Work(Thread):
    """One step of one upload. A daemon: when the process ends, the import's transaction is rolled back with it."""

    def __init__(self, house: House, upload: Upload) -> None:
        super().__init__(name=f"upload-{upload.id}", daemon=True)
        self._house, self._upload = house, upload
        self._shelf = upload_shelf.folder(house.settings.media_dir)
        self._done, self._rows, self._expected = Event(), 0, upload.look.get("expected")

    def begin(self) -> None:
        """Starts, and waits a moment for what is done at once."""
        self._beat()
        self.start()
        self.join(SOON)

    def run(self) -> None:
        """The work, with a sign of life while it lasts."""
        Thread(target=self._live, daemon=True).start()
        try:
            with self._house.db.read() as conn:
                calendars = self._house.calendars(conn)
            uploads.work(self._house.db, self._shelf, self._upload.id, calendars, self._progress)
        except Exception as error:  # how it ended could not be written down: it will show as stopped
            log.error("upload stopped", extra={"upload": self._upload.id, "cause": type(error).__name__})
        finally:
            self._done.set()

    def _progress(self, done: int, expected: int | None) -> None:
        self._rows, self._expected = done, expected or self._expected

    def _live(self) -> None:
        while not self._done.wait(BEAT):
            self._beat()

    def _beat(self) -> None:
        upload_shelf.beat(self._shelf, self._upload.path, self._rows, self._expected)


def is_stopped(house: House, upload: Upload) -> bool:
    """Whether nobody works any more on what says that it is being worked on. Real time, also on a simulated clock."""
    if upload.state not in RUNNING:
        return False
    told = upload_shelf.pulse(upload_shelf.folder(house.settings.media_dir), upload.path)
    return told is None or SystemClock().now().timestamp() - told.at > SILENT
