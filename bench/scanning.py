"""Cases: an idle scan among few and many open dispositions, and an idle cron run against a bare import."""

from statistics import median
from time import perf_counter
from typing import Any

from bench import office


def idle(url: str, times: int) -> dict[str, Any]:
    """Scans with nothing due, as the worker's job does them: with the calendars read anew."""
    from aspal.flow import scan as station
    from jobs import scan as job

    house = office.house(url)
    with house.db.read() as conn:
        calendars = house.calendars(conn)
    now = house.clock.now()
    assert job.run(house, now)["looked_at"] == 0
    scan_ms = _median_ms(lambda: station.run(house.db, calendars, now), times)
    job_ms = _median_ms(lambda: job.run(house, now), times)
    house.close()
    return {"scan_ms": scan_ms, "job_ms": job_ms}


def _median_ms(work: Any, times: int) -> float:
    taken = []
    for _ in range(times):
        begun = perf_counter()
        work()
        taken.append((perf_counter() - begun) * 1000)
    return median(taken)
