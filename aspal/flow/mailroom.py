"""Writes that come at the same moment share one transaction. Not a station: the web hands in here what Twilio told it.

Whoever finds nobody at the desk carries everything that waits to the database, commits, and tells each one how it went;
meanwhile the next batch gathers. So nobody returns before the commit of their own letter, one process is one writer
(SQLite makes several wait in sleeps), and a busy moment costs one commit instead of many. There is no thread of its own
that would have to be started, stopped or survive a fork.
"""

from collections import deque
from collections.abc import Callable, Sequence
from itertools import groupby, islice
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection

from aspal.db import UNAVAILABLE, Crowded, Database, is_dead

T = TypeVar("T")
Put = Callable[[Connection, Sequence[Any]], None]

BATCH = 100  # in one transaction, so that the worker beside us gets its turn soon
MOST = 1000  # waiting at once; the server's threads stay far below
PATIENCE = 10.0  # seconds; by then Twilio has hung up


class _Letter:
    """What one caller hands in, and the bell that calls them back."""

    __slots__ = ("bell", "carries", "content", "error", "put")

    def __init__(self, put: Put, content: Any) -> None:
        self.put, self.content, self.carries = put, content, False
        self.error: Exception | None = Crowded()  # until the commit says otherwise
        self.bell = Lock()
        self.bell.acquire()


class Mailroom:
    """The only writer of this process for what comes in."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = Lock()
        self._waiting: deque[_Letter] = deque()
        self._busy = False  # somebody is on the way to the database

    def post(self, put: Callable[[Connection, Sequence[T]], None], content: T) -> None:
        """Returns once `put` has written it and that is committed. Raises what kept it out, or Crowded.

        `put` is one statement for all it is given, and harmless when it comes again: PostgreSQL commits it by itself.
        """
        mine = _Letter(put, content)
        with self._lock:
            if len(self._waiting) >= MOST:
                raise Crowded
            self._waiting.append(mine)
            mine.carries, self._busy = not self._busy, True
        if not mine.carries and not mine.bell.acquire(timeout=PATIENCE):
            self._give_up(mine)
        if mine.carries:
            self._carry()
        if mine.error:
            raise mine.error

    def post_alone(self, put: Callable[[Connection, Sequence[T]], None], content: T) -> None:
        """For what takes locks that others take in another order: on PostgreSQL in a transaction of its own.

        Raises what post raises.
        """
        if self._db.is_sqlite:
            self.post(put, content)
            return
        with self._db.write() as conn:
            put(conn, [content])

    def _give_up(self, mine: _Letter) -> None:
        """Waited too long. If somebody has it in hand it may still be stored; whoever sends it again stores it once."""
        with self._lock:
            if not mine.carries:  # the last moment may have made us the next to go
                if mine in self._waiting:
                    self._waiting.remove(mine)
                raise Crowded

    def _carry(self) -> None:
        """Takes what waits, our own letter first, and calls the next one to the desk."""
        with self._lock:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        try:
            self._write(batch)
        finally:
            with self._lock:
                following = next(iter(self._waiting), None)
                self._busy = following is not None
                if following:
                    following.carries = True
                    following.bell.release()
            for letter in islice(batch, 1, None):
                letter.bell.release()

    def _write(self, batch: list[_Letter], *, again: bool = False) -> None:
        try:
            self._commit(batch)
        except Exception as error:
            if is_dead(error) and not again:
                self._write(batch, again=True)
            elif len(batch) == 1 or isinstance(error, UNAVAILABLE):
                for letter in batch:
                    letter.error = error
            else:  # one that cannot be stored must not keep the others out
                for letter in batch:
                    self._write([letter])

    def _commit(self, batch: list[_Letter]) -> None:
        with self._db.single() as conn:
            for put, letters in groupby(batch, key=lambda letter: letter.put):
                put(conn, [letter.content for letter in letters])
        for letter in batch:
            letter.error = None
