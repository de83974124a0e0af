"""The figures as a table to read and as var/bench.json."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.targets import FAULT_TARGETS, MISSED, TARGETS, Target


def table(figures: Mapping[str, float], spans: Mapping[str, tuple[float, float]], verdicts: Mapping[str, str]) -> str:
    """One line a figure: median, lowest to highest round, must, aim, verdict. Missed ones are there like the others."""
    lines = [f"{'figure':27} {'median':>9} {'min - max':>19} {'must':>8} {'aim':>8}  verdict"]
    for target in TARGETS:
        if target.key not in figures:
            lines.append(f"{target.key:27} {'not run':>9}")
            continue
        low, high = spans.get(target.key, (figures[target.key],) * 2)
        span = f"{_short(low)} - {_short(high)}"
        lines.append(
            f"{target.key:27} {_short(figures[target.key]):>9} {span:>19} {_bound(target, target.must):>8} "
            f"{_bound(target, target.aim):>8}  {verdicts[target.key]:7} {target.unit:3} {target.words}"
        )
    lines += ["", *_faults(figures)]
    missed = [key for key, verdict in verdicts.items() if verdict == MISSED]
    lines.append(f"MISSED: {', '.join(missed)}" if missed else "Every must is reached.")
    return "\n".join(lines)


def write(path: Path, content: Mapping[str, Any]) -> None:
    """The same for programs: every key of the table at the top level."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _faults(figures: Mapping[str, float]) -> Iterator[str]:
    told = [target for target in FAULT_TARGETS if target.key in figures]
    for first in range(0, len(told), 3):
        name = told[first].key.removeprefix("fault_").removesuffix("_doubled")
        counts = ", ".join(f"{t.key.rpartition('_')[2]} {figures[t.key]:g}" for t in told[first : first + 3])
        yield f"fault {name:21} {counts}"


def _bound(target: Target, bound: float) -> str:
    return f"{'<=' if target.most else '>='}{bound:g}"


def _short(figure: float) -> str:
    return f"{figure:.0f}" if figure >= 100 else f"{figure:.3g}"
