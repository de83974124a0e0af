"""docs/security.md is complete, and names only tests that exist; logins and refusals leave their line in the log."""

import logging
import re
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from tests.security.test_people import log_in
from tests.web.conftest import Browser, add_user, token_of
from tests.world import World

ROOT = Path(__file__).parents[2]
SECURITY = (ROOT / "docs" / "security.md").read_text("utf-8")

# ASVS 5.0.0: how many requirements of level 1 and 2 each section begins with (level 3 ones come last in each).
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1,
    "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4,
    "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip
PERSONAL = (
    "contacts", "appointments", "absences", "messages", "replies", "notes", "media", "reports", "users", "sessions",
    "login_failures", "journal", "held_rows", "batch_changes", "uploads", "confirmations",
)  # fmt: skip
WANTED = {f"{section}.{n}" for section, count in SECTIONS.items() for n in range(1, count + 1)}


def test_every_requirement_of_asvs_level_two_has_one_verdict() -> None:
    rows = re.findall(r"^\| ([\d., ]+) \| (yes|partly|no|office|n/a) \| (.+) \|$", SECURITY, re.MULTILINE)
    named = Counter(number for numbers, *_ in rows for number in numbers.split(", "))
    assert {number: count for number, count in named.items() if count > 1} == {}
    assert set(named) == WANTED
    assert all(f"V{chapter} (whole" in SECURITY or f"V{chapter}, V17 (whole" in SECURITY for chapter in (9, 10))


@pytest.mark.parametrize("name", ["security.md", "reliability.md"])
def test_every_test_that_a_document_names_exists(name: str) -> None:
    document = (ROOT / "docs" / name).read_text("utf-8")
    written = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    made = set(re.findall(r"def (test_\w+)", written))
    named = set(re.findall(r"`(test_\w+)`", document))
    assert named - made == set()
    assert len(named) > 50
    for path in re.findall(r"`(tests/[\w/]+\.py)`", document):
        assert (ROOT / path).is_file(), path


def test_the_privacy_sheet_names_every_table_that_holds_people() -> None:
    told = (ROOT / "docs" / "privasi.md").read_text("utf-8")
    for table in PERSONAL:
        assert f"`{table}`" in told, table


def test_logins_and_refusals_are_logged_by_id(
    app: Flask, world: World, browser_of: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    add_user(world.db, "admin")
    client = app.test_client()
    for _ in range(5):
        log_in(client, password="salah-sama-sekali")
    log_in(client)
    log_in(client, email="entah@kantor.test")
    viewer = browser_of("viewer")
    viewer.post("/pesan/1/lepas", data={"csrf_token": token_of(viewer)})
    viewer.post("/logout", data={"csrf_token": token_of(viewer)})
    add_user(world.db, "approver")
    log_in(client, email="approver@kantor.test")
    told = [record for record in caplog.records if record.name in ("aspal.web.auth", "aspal.web.login_forms")]
    words = Counter(record.getMessage() for record in told)
    assert words == {"login refused": 6, "login throttled": 1, "not allowed": 1, "logout": 1, "login": 1}
    assert "kantor.test" not in str([record.__dict__ for record in told])
