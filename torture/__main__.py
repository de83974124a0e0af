"""`python -m torture --seconds 120 --db both`: kills, counts, and says what it counted. Exit 1 if anything is wrong."""

import argparse
import json
import random
import signal
import sys
import time
from collections.abc import Iterator
from itertools import chain

from torture import modes
from torture.count import Count
from torture.office import LOADS
from torture.stage import Stage, databases

_COLUMNS = (
    "days", "kills", "accepted", "while_killing", "repeated", "expected", "once", "shown", "in_doubt", "lost",
    "doubled", "stuck", "uninvited", "broken_chains",
)  # fmt: skip
_WIDTH = {name: max(8, len(name) + 2) for name in _COLUMNS}


def main(arguments: list[str]) -> int:
    """Returns the exit code."""
    asked = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no child outlives us
    kinds = ["sqlite", "postgresql"] if asked.db == "both" else [asked.db]
    totals: dict[str, Count] = {}
    with databases(kinds, asked.postgresql_url) as urls:
        for kind, url in urls.items():
            with Stage(url, asked.seed, asked.units if "storm" in asked.mode else len(LOADS)) as stage:
                for mode in asked.mode:
                    totals[f"{kind} {mode}"] = _torture(stage, mode, asked, f"{kind} {mode}")
    _tell(totals, as_json=asked.json)
    return 0 if all(total.is_good for total in totals.values()) else 1


def _torture(stage: Stage, mode: str, asked: argparse.Namespace, title: str) -> Count:
    total = Count()
    for count in _days(stage, mode, asked):
        total.add(count)
        _say(f"\r{title}: day {total.days}, {stage.nursery.kills} kills, {total.accepted} messages ")
        for case in count.cases:
            _say(f"\n  {case}")
    stage.finish(total)
    _say(f"\r{title}: done; the children's log is {stage.log}\n")
    return total


def _days(stage: Stage, mode: str, asked: argparse.Namespace) -> Iterator[Count]:
    dice = random.Random(asked.seed)
    if mode == "storm":
        until = time.monotonic() + asked.seconds
        return modes.storm(stage, dice, until, asked.kills, asked.cases, min(asked.seconds, asked.day))
    first = dice.randint(1, asked.stride)
    if mode == "sleep":
        return modes.oversleeping(stage, dice.randint(1, 9), asked.stride)
    return chain.from_iterable(modes.boundaries(stage, name, first, asked.stride) for name in asked.station)


def _tell(totals: dict[str, Count], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps({name: total.as_json() for name, total in totals.items()}, indent=1) + "\n")
        return
    width = max(map(len, totals), default=0)
    sys.stdout.write(" " * width + "".join(f"{name.replace('_', ' '):>{_WIDTH[name]}}" for name in _COLUMNS) + "\n")
    for name, total in totals.items():
        sys.stdout.write(f"{name:<{width}}" + "".join(f"{getattr(total, c):>{_WIDTH[c]}}" for c in _COLUMNS) + "\n")
        if total.failures:
            sys.stdout.write(f"{'':<{width}}  raised and recovered: {dict(total.failures.most_common(8))}\n")


def _say(words: str) -> None:
    sys.stderr.write(words)
    sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument(
        "--postgresql-url", help="a server to use instead of one of our own; its database is not touched"
    )
    parser.add_argument("--mode", nargs="+", choices=("storm", "boundaries", "sleep"), default=["storm", "boundaries"])
    parser.add_argument("--seconds", type=float, default=60, help="of storm, for each database")
    parser.add_argument("--kills", type=int, default=0, help="the storm lasts at least until so many have died")
    parser.add_argument("--day", type=float, default=14, help="seconds of storm in one day")
    parser.add_argument("--cases", type=int, default=400, help="new cases on each day of the storm")
    parser.add_argument("--units", type=int, default=160)
    parser.add_argument("--station", nargs="+", choices=tuple(modes.VICTIMS), default=list(modes.VICTIMS))
    parser.add_argument("--stride", type=int, default=1, help="boundaries: only every n-th")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
