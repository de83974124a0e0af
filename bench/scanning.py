"""Case: an idle scan among few and many open dispositions."""

from statistics import median
from time import perf_counter
from typing import Any

from bench import office


def idle(url: str, times: int) -> dict[str, Any]:
    """Scans with nothing due, as the worker's job does them."""
    from jobs import scan as job

    house = office.house(url)
    now = house.clock.now()
    assert job.run(house, now)["looked_at"] == 0
    job_ms = _median_ms(lambda: job.run(house, now), times)
    house.close()
    return {"job_ms": job_ms}


def _median_ms(work: Any, times: int) -> float:
    taken = []
    for _ in range(times):
        begun = perf_counter()
        work()
        taken.append((perf_counter() - begun) * 1000)
    return median(taken)
