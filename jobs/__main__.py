"""`python -m jobs`: the scheduler process. `python -m jobs NAME`: one run, for cron; `tick` is all that are due.

With `--json` a run prints what it counted, as `aspal run NAME --json` does.
"""

import json
import sys
from collections.abc import Sequence

from aspal.bootstrap import House, from_environment
from aspal.records import schema
from aspal.settings import SettingsError
from jobs import once, tick, worker
from jobs.timetable import BY_NAME


def main(words: Sequence[str]) -> int:
    """Returns the exit code: 0 done, 1 done in part, 2 wrong use or configuration."""
    names = [word for word in words if word != "--json"]
    if any(name != "tick" and name not in BY_NAME for name in names):
        sys.stderr.write(f"pilihan: tick, {', '.join(BY_NAME)}\n")
        return 2
    try:
        house = from_environment()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        once.look_at_database(house)
        return _run(house, names, as_json=len(names) < len(words)) if names else worker.run_until_told(house)
    except Exception as error:
        if line := schema.explain(error):
            sys.stderr.write(f"{line}\n")
            return 2
        raise
    finally:
        house.close()


def _run(house: House, names: Sequence[str], *, as_json: bool) -> int:
    with once.stopped_by_signals(house):
        outcomes = [tick.run(house) if n == "tick" else once.run(house, BY_NAME[n], tick.EVERY) for n in names]
    if as_json:
        counts = dict(zip(names, (outcome.counts for outcome in outcomes), strict=True))
        sys.stdout.write(f"{json.dumps(counts if len(counts) > 1 else outcomes[0].counts, default=str)}\n")
    return 0 if all(outcome.ok for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
