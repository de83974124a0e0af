"""Processes that live to be killed: forked from a parent that has everything imported, so that a birth costs little."""

import logging
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Nursery:
    """Every child, by process id. The parent has no threads and no open database while it forks."""

    kills: int = 0
    children: dict[int, str] = field(default_factory=dict)

    def fork(self, name: str, work: Callable[..., Any], *args: Any) -> int:
        """A child that does `work` and ends; its exit code tells whether it raised."""
        pid = os.fork()
        if pid == 0:
            _live(name, work, args)
        self.children[pid] = name
        return pid

    def kill(self, pid: int) -> None:
        """SIGKILL, as a power cut or the OOM killer would; counted."""
        os.kill(pid, signal.SIGKILL)
        self.wait(pid)
        self.kills += 1

    def wait(self, pid: int) -> int:
        """The exit code of a child that ends by itself; negative: the signal that ended it."""
        self.children.pop(pid)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def sleeps(self, pid: int) -> bool:
        """Waits until the child is stopped (True) or ends (False)."""
        if os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1]):
            return True
        self.children.pop(pid)
        return False

    def wake(self, pid: int) -> int:
        """Lets a stopped child go on to its end."""
        os.kill(pid, signal.SIGCONT)
        return self.wait(pid)

    def named(self, *names: str) -> list[int]:
        """The living children of these names."""
        return [pid for pid, name in self.children.items() if name in names]

    def stop(self, *names: str) -> None:
        """Ends children without counting it as torture."""
        for pid in self.named(*names) if names else list(self.children):
            os.kill(pid, signal.SIGKILL)
            self.wait(pid)


def _live(name: str, work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        work(*args)
        code = 0
    except BaseException:
        logging.getLogger("torture").exception("%s died by itself", name)
    finally:
        logging.shutdown()
        os._exit(code)


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Waits for something to become true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False
