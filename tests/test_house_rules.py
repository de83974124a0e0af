"""Rules of the house that no feature test would notice being broken."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from aspal.core.ladder.data import ladder_from
from aspal.gateways import texts
from aspal.records.ladders import default_data
from aspal.settings import Settings

ROOT = Path(__file__).parents[1]
VARIABLES = {field.metadata["variable"] for field in fields(Settings)}
IMPURE = {"os", "time", "random", "logging", "pathlib"}
VAGUE = {"utils", "helpers", "manager", "service", "handler", "base", "common"}


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each (module, name) that a file imports; the name is empty for a bare `import module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)


def test_imports_only_go_the_way_of_the_house() -> None:
    """The contracts stand in pyproject.toml, with their reasons."""
    lint = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)
    assert lint.returncode == 0, lint.stdout


def test_the_core_is_pure() -> None:
    for path, tree in sources("aspal/core"):
        for module, _ in imported(tree):
            top = module.partition(".")[0]
            assert top not in IMPURE, f"{path} imports {module}"
            assert top in sys.stdlib_module_names or module.startswith("aspal.core"), f"{path} imports {module}"


def test_outside_records_sqlalchemy_is_only_a_connection_that_is_handed_on() -> None:
    for path, tree in sources("aspal/desk", "aspal/flow", "aspal/report", "aspal/web", "aspal/commands"):
        names = {name for module, name in imported(tree) if module.partition(".")[0] == "sqlalchemy"}
        assert names <= {"Connection"}, f"{path} imports {names} from sqlalchemy"


def test_no_package_gives_a_name_of_its_own_files_to_something_else() -> None:
    """Whoever imports that file first would put it in the other's place, without a word."""
    for path, tree in sources("aspal"):
        file = ROOT / path
        if file.name != "__init__.py":
            continue
        own = {one.stem for one in file.parent.iterdir()} - {"__init__"}
        package = ".".join(file.relative_to(ROOT).parent.parts)
        bound = [
            f"{node.module}.{alias.name}"
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if (alias.asname or alias.name) in own
        ]
        bound += [
            node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) if node.name in own
        ]
        assert [name for name in bound if not name.startswith(f"{package}.")] == [], path


def test_no_file_has_a_name_that_says_nothing() -> None:
    for path, _ in sources("aspal", "jobs"):
        assert not VAGUE & set(Path(path).stem.split("_")), path


def test_the_example_of_the_environment_documents_exactly_the_settings() -> None:
    named = re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(VARIABLES)


def test_the_example_of_the_environment_is_itself_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    from aspal.settings import load

    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    assert load(dotenv=str(ROOT / ".env.example")) == Settings()


def test_the_documents_name_every_setting() -> None:
    told = "".join(path.read_text("utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    assert {variable for variable in VARIABLES if variable not in told} == set()


TOP = ("aspal", "bench", "docs", "jobs", "migrations", "mutants", "templates_msg", "tests", "torture")
FLOORS = tuple(path.name for path in (ROOT / "aspal").iterdir() if path.is_dir())  # documents leave "aspal/" out
TO_BE_MADE = {"templates_msg/pengingat_teknis.toml"}  # the example of README's "Adding a kind of message"


@pytest.mark.parametrize("document", ["README.md", *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md")))])
def test_every_file_that_a_document_names_is_there(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    paths = set(re.findall(rf"(?<![\w/.-])((?:{'|'.join(TOP + FLOORS)})/[\w*][\w/*.-]*\w)", text)) - TO_BE_MADE
    lost = {path for path in paths if not any(list((ROOT / place).glob(path)) for place in (".", "aspal"))}
    known = {path.name for folder in TOP for path in (ROOT / folder).rglob("*.py")}
    lost |= set(re.findall(r"`(\w+\.py)`", text)) - known - {"app.py"}
    assert {path for path in lost if not (ROOT / "aspal" / path).with_suffix(".py").is_file()} == set()


def test_every_rule_of_the_ladder_has_its_text() -> None:
    ladder, kinds = ladder_from(default_data()), set(texts.load().kinds())
    wanted = {step.template for step in ladder.steps} | {recap.template for recap in ladder.recaps}
    assert wanted <= kinds


PREPARE = """
from aspal.bootstrap import from_environment
from aspal.records import health
from aspal.tables import metadata
from jobs.timetable import TIMETABLE
house = from_environment()
metadata.create_all(house.db.engine)
with house.db.write() as conn:
    for job in TIMETABLE:
        health.beat(conn, job.name, house.clock.now(), 60)
house.close()
"""
TICK = """
import sys
from aspal import cli
sys.argv = ["aspal", "run", "tick", "--json"]
try:
    cli.main()
except SystemExit as end:
    assert not end.code, end.code
print(*sys.modules, file=sys.stderr)
"""
HEAVY = {"flask", "twilio", "apscheduler", "python_calamine", "holidays", "phonenumbers", "requests", "alembic"} | {
    "rich", "xlsxwriter", "reportlab", "argon2", "sqlalchemy.orm"
}  # fmt: skip


def test_an_idle_tick_imports_nothing_heavy(tmp_path: Path) -> None:
    """Cron pays for every import, every minute."""
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/aspal.db",
        "ASPAL_CLOCK": "2026-08-03T07:00+07:00",
        "PYTHONPATH": str(ROOT),
    }
    for script in (PREPARE, TICK):
        done = subprocess.run([sys.executable, "-c", script], env=environment, cwd=tmp_path, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
    loaded = set(done.stderr.decode().split())
    assert not HEAVY & loaded
    assert not [name for name in loaded if name.startswith(("aspal.desk", "aspal.flow.", "aspal.report"))]
