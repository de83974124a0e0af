"""The machine under the figures: which core works, how much CPU and memory was used, and what to call it."""

import os
import platform
import re
import resource
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

SENDER_CORE, OTHER_CORE = "0", "1"  # who is measured, and who serves it
_TICK = os.sysconf("SC_CLK_TCK")


def cores() -> list[int]:
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def pin(wanted: Sequence[str]) -> None:
    """Keeps this process on one core (by its place among those we may use); with one core only, nowhere."""
    ours = cores()
    if wanted and wanted[0] and len(ours) >= 2:
        os.sched_setaffinity(0, {ours[int(wanted[0])]})


def peak_mb(pid: int | str = "self") -> float:
    """The most memory a process ever held. From /proc, because ru_maxrss also counts what its parent held."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    return int(found[1]) / 1024 if found else 0.0


def server_seconds(postmaster: int | None) -> float:
    """CPU seconds that a PostgreSQL server with its processes has used so far."""
    if postmaster is None:
        return 0.0
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if stat.parent.name == str(postmaster):
            total += sum(map(int, fields[11:15]))  # itself, and children that have ended
        elif fields[1] == str(postmaster):
            total += sum(map(int, fields[11:13]))
    return total / _TICK


class Neighbours:
    """What other machines on the same iron took of our processors' time since this was made: times rise with it."""

    def __init__(self) -> None:
        self._begun = self._now()

    def percent(self) -> float:
        """Of all processor time that passed, idle or not; 0 where the system does not tell."""
        stolen, every = (now - then for now, then in zip(self._now(), self._begun, strict=True))
        return round(100 * stolen / every, 1) if every else 0.0

    def _now(self) -> tuple[int, int]:
        stat = Path("/proc/stat")
        ticks = [int(word) for word in stat.read_text().split("\n", 1)[0].split()[1:9]] if stat.exists() else []
        return (ticks[7], sum(ticks)) if len(ticks) == 8 else (0, 0)


class Meter:
    """What passed between its making and `read`: wall, CPU of this process, CPU of the database server."""

    def __init__(self, postmaster: int | None = None) -> None:
        self._postmaster = postmaster
        self._begun = self._now()

    def read(self) -> dict[str, float]:
        wall, cpu, server = (now - then for now, then in zip(self._now(), self._begun, strict=True))
        return {"wall_s": wall, "cpu_s": cpu, "server_s": server}

    def _now(self) -> tuple[float, float, float]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return perf_counter(), used.ru_utime + used.ru_stime, server_seconds(self._postmaster)


def describe() -> dict[str, Any]:
    """The machine in a few words, for whoever reads the figures elsewhere."""
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpu": model[1] if model else platform.processor() or platform.machine(),
        "cores": len(cores()) or os.cpu_count(),
        "memory_gb": round(memory, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }
