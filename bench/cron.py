"""An idle cron run as cron starts it, next to a bare import: two processes, wall time."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from bench.children import ROOT

MOMENT = "2026-08-04T08:00+07:00"  # the office's first moment: nothing of the seed is due


def measure(url: str, times: int) -> Iterator[tuple[float, float]]:
    """Seconds of an idle tick and of `import sqlalchemy`, one after the other."""
    environment = os.environ | {"DATABASE_URL": url, "ASPAL_CLOCK": MOMENT, "WHATSAPP_GATEWAY": "simulator"}
    script = Path(sys.executable).with_name("aspal")
    tick = [str(script)] if script.exists() else [sys.executable, "-m", "aspal"]
    tick += ["run", "tick", "--json"]
    bare = [sys.executable, "-c", "import sqlalchemy"]
    _seconds(tick, environment)  # the first one of an hour also does what is due by the clock
    _seconds(bare, environment)
    for _ in range(times):
        yield _seconds(tick, environment), _seconds(bare, environment)


def _seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    begun = perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return perf_counter() - begun
