"""A short run of the fuzzer; `make fuzz N=100000` runs as many as asked."""

from aspal.db import Database
from tests.security.fuzz import run

EXAMPLES = 150


def test_strange_but_genuine_webhooks_break_nothing_and_write_on_nobody_elses_case(db: Database) -> None:
    counts = run(db, EXAMPLES, derandomize=True)
    assert counts["notes"] > 0, counts
    assert counts["inbound 204"] > EXAMPLES / 4, counts
