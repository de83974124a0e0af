"""Cases run in child processes, so that none inherits another's memory, caches or threads."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from bench.machine import OTHER_CORE, SENDER_CORE

ROOT = Path(__file__).parents[1]


class CaseFailed(Exception):
    """A case ended badly; its figures would mean nothing."""


def start(case: str, core: str = SENDER_CORE, **given: Any) -> subprocess.Popen[str]:
    """The case in a process of its own, still running."""
    command = [sys.executable, "-m", "bench.case", case, json.dumps(given)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"BENCH_CORE": core}, text=True, **pipes)


def finish(process: subprocess.Popen[str], say: str | None = None) -> dict[str, Any]:
    """What the case found."""
    out, err = process.communicate(say)
    if process.returncode:
        raise CaseFailed(f"{process.args!r}\n{err[-3000:]}")
    result: dict[str, Any] = json.loads(out.splitlines()[-1])
    return result


def run(case: str, core: str = SENDER_CORE, **given: Any) -> dict[str, Any]:
    """The case from beginning to end."""
    return finish(start(case, core, **given))


class Provider:
    """The provider's process, seen from outside."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.process = process
        self.url = f"http://127.0.0.1:{process.stdout.readline().strip()}"

    def ask(self, path: str, told: Any = None) -> dict[str, Any]:
        """One of the provider's own questions: reset, faults, stats."""
        request = Request(self.url + path, data=json.dumps(told or {}).encode(), method="POST")
        with urlopen(request, timeout=30) as answer:
            found: dict[str, Any] = json.loads(answer.read())
        return found


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider for the time of a run."""
    command = [sys.executable, "-m", "bench.provider", OTHER_CORE]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield Provider(process)
    finally:
        process.kill()
        process.wait()
