"""The benchmark itself, at the smallest size: right and complete. How fast anything is, is not asked here."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import children
from bench.faults import judged
from bench.targets import COUNTED, FAULT_TARGETS, FAULTS, MISSED, TARGETS, Target, verdicts

ROOT = Path(__file__).parents[1]
PARTS = {
    "send": ["send_cpu_ratio_sqlite", "send_cpu_ratio_postgres", "send_rate_one_core"],
    "faults": [target.key for target in FAULT_TARGETS],
}


@pytest.fixture(scope="module")
def measured(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """The sending path and its faults; the other parts need servers and minutes."""
    out = tmp_path_factory.mktemp("bench") / "var" / "bench.json"
    command = [sys.executable, "-m", "bench", "--size", "tiny", "--out", str(out)]
    for part in PARTS:
        command += ["--only", part]
    environment = os.environ | {"TEST_POSTGRES_URL": postgres_url}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return found, done.stdout


def test_every_figure_is_a_number_under_its_own_key(measured: tuple[dict[str, Any], str]) -> None:
    found, _ = measured
    for key in [key for keys in PARTS.values() for key in keys]:
        assert isinstance(found[key], int | float), key
    assert found["machine"]["cores"] >= 1
    assert 0 <= found["machine"]["stolen_percent"] < 100
    assert found["date"].startswith("20")


def test_faults_neither_double_nor_lose_nor_strand_a_message(measured: tuple[dict[str, Any], str]) -> None:
    found, _ = measured
    assert {key: found[key] for key in found if key.startswith("fault_")} == {
        f"fault_{fault}_{what}": 0 for fault in FAULTS for what in COUNTED
    }


def test_the_table_names_every_figure_also_those_that_were_not_run(measured: tuple[dict[str, Any], str]) -> None:
    found, table = measured
    for target in TARGETS:
        assert target.key in table
    assert "page_p95_ms" in table
    assert found["missed"] == []


def test_every_page_of_the_menu_and_below_is_walked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/pages.db"
    children.run("pages.seed", url=url, cases=1_000)
    found = children.run("pages.walk", url=url, times=1, cases=1_000)["pages"]
    assert {"/", "/aduan/", "/pesan/", "/kotak-masuk/", "/aturan/", "/kalender/", "/aduan/996"} <= set(found)
    assert max(page["queries"] for page in found.values()) <= 30


def test_every_report_and_document_is_asked_for(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/reports.db"
    children.run("reports.seed", url=url, complaints=300)
    found = children.run("reports.every", url=url)
    assert {"rapor", "unit", "month", "reminders", "outlook", "xlsx", "pdf", "letters", "csv"} <= set(found["seconds"])
    assert found["total"] == 300


def test_a_missed_must_is_said() -> None:
    higher = Target("rate", "", "/s", 1000, 2500, most=False)
    assert [higher.verdict(figure) for figure in (3000, 1500, 900)] == ["aim", "must", MISSED]
    lower = Target("ratio", "", "x", 1.0, 0.5)
    assert [lower.verdict(figure) for figure in (0.4, 0.9, 1.2)] == ["aim", "must", MISSED]
    assert lower.verdict(1.2, slack=1.5) == "must"


def test_a_doubled_message_is_missed_even_in_a_short_run() -> None:
    assert verdicts({"fault_kill_doubled": 1}, slack=1000) == {"fault_kill_doubled": MISSED}


def test_whoever_was_told_twice_not_at_all_or_is_still_in_doubt_is_counted() -> None:
    stats = {"accepted": 9, "distinct": 8, "duplicates": 1}
    assert judged({"accepted": 8, "held": 1, "unknown": 1}, stats, 10) == {"doubled": 1, "lost": 2, "stuck": 2}
