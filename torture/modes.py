"""The ways to torture: a storm of random kills, a death at each boundary of a station, a sender that oversleeps."""

import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass

from aspal.flow import bundle, scan
from torture import lives
from torture.count import Count
from torture.provider import FAULTS
from torture.stage import Stage

_SPEED = 60.0  # a real second of the storm is a minute of the office
_BATCH = 40  # cases and people of one transaction during the storm: more of them to die in
_STAFF = {"cron": 3, "worker": 2}  # who lives at once during the storm, beside the web
_WEB_DEATHS = 0.05  # of all deaths
_SMALL = 9  # cases of a day on which one station dies once
_LONGEST = 2000  # boundaries: far more than any station has


@dataclass(frozen=True)
class Victim:
    """A station that is killed at each of its boundaries: what ran before it, and what happens to its requests."""

    before: tuple[str, ...]
    job: str
    faults: tuple[str, ...] = ()


VICTIMS = {
    "scan": Victim((), "scan"),
    "bundle": Victim(("scan",), "bundle"),
    "deliver": Victim(("scan", "bundle"), "deliver", ("", "drop-after", "", "429", "drop", "500-after")),
    "reconcile": Victim(("scan", "bundle", "deliver"), "reconcile", ("drop-after", "drop", "500-after", "", "drop")),
}


def storm(stage: Stage, dice: random.Random, until: float, kills: int, cases: int, lasting: float) -> Iterator[Count]:
    """Days on which everybody is killed at random; until the time is over and enough have died."""
    scan.BATCH = bundle.PEOPLE = _BATCH
    while True:
        expected = stage.open_day(cases)
        stage.mood(FAULTS, slowness=0.008, trouble=0.01)
        stage.clock.set(stage.clock.now(), _SPEED)
        _storm_for(stage, dice, lasting)
        while_killing = stage.accepted()
        count = stage.close_day(expected)
        count.while_killing = while_killing
        yield count
        if time.monotonic() >= until and stage.nursery.kills >= kills:
            return


def boundaries(stage: Stage, name: str, first: int, stride: int) -> Iterator[Count]:
    """One day for each boundary of the station: it dies there, once, and the others must cope."""
    victim = VICTIMS[name]
    for fatal in range(first, _LONGEST, stride):
        expected = stage.open_day(_SMALL)
        stage.mood({})
        stage.script(list(victim.faults))
        stage.run(lives.once_until, victim.before, 0)
        if name == "reconcile":  # its time comes when the provider's list can be trusted
            stage.clock.set(stage.clock.now() + lives.UNTIL_ASKED)
        died = stage.run(lives.once_until, (victim.job,), fatal) == -signal.SIGKILL
        stage.nursery.kills += died
        yield stage.close_day(expected)
        if not died:
            return


def oversleeping(stage: Stage, first: int, stride: int) -> Iterator[Count]:
    """A sender stopped after a request (a suspended machine), long enough for the others to take its work over."""
    for place in range(first, _LONGEST, stride):
        expected = stage.open_day(_SMALL)
        stage.mood({})
        stage.run(lives.once_until, ("scan", "bundle"), 0)
        sleeper = stage.nursery.fork("sleeper", lives.oversleep, stage.house, place)
        asleep = stage.nursery.sleeps(sleeper)
        if asleep:
            stage.quiet_down()
            stage.nursery.wake(sleeper)
        yield stage.close_day(expected)
        if not asleep:
            return


def _storm_for(stage: Stage, dice: random.Random, seconds: float) -> None:
    end = time.monotonic() + seconds
    for name, number in _STAFF.items():
        for _ in range(number):
            _hire(stage, name)
    while time.monotonic() < end:
        time.sleep(dice.uniform(0.01, 0.15))
        name = "web" if dice.random() < _WEB_DEATHS else dice.choice(("cron", "cron", "worker"))
        stage.nursery.kill(dice.choice(stage.nursery.named(name)))
        _hire(stage, name)
    for pid in stage.nursery.named(*_STAFF):
        stage.nursery.kill(pid)


def _hire(stage: Stage, name: str) -> None:
    more = (stage.web_port,) if name == "web" else ()
    stage.nursery.fork(name, getattr(lives, name), stage.house, *more)
