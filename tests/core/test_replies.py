"""What a reply says: a long table of sentences as officers write them, then what must hold for any text at all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.replies import Command, Intent, Reading, understand
from aspal.core.workdays import Calendar
from tests.core import reply_sentences as said

TODAY = date(2026, 8, 12)  # a Wednesday
CALENDAR = Calendar("Asia/Jakarta", {date(2026, 8, 17): "Hari Kemerdekaan"}, [])


def read(text: str, button: str | None = None, today: date = TODAY) -> Reading:
    return understand(text, today=today, calendar=CALENDAR, button=button)


def lines(block: str) -> list[str]:
    return [line for line in block.split("\n") if line]


@pytest.mark.parametrize(
    ("intent", "block"),
    [
        (Intent.DONE, said.DONE),
        (Intent.IN_PROCESS, said.IN_PROCESS),
        (Intent.NOT_OURS, said.NOT_OURS),
        (Intent.EXTENSION, said.EXTENSION),
        (Intent.NOTE, said.NOTE),
    ],
)
def test_everyday_sentences_mean_what_a_person_would_take_them_for(intent: Intent, block: str) -> None:
    wrong = [(line, str(read(line).intent)) for line in lines(block) if read(line).intent is not intent]
    assert wrong == []
    assert [line for line in lines(block) if read(line).command or read(line).promise_until] == []


def test_a_promise_is_read_with_its_day() -> None:
    wrong = []
    for line in lines(said.PROMISE):
        text, _, day = line.partition(" | ")
        got = read(text)
        fits = got.date_unclear if day == "unclear" else got.promise_until == date.fromisoformat(day)
        if not fits or (got.intent is Intent.PROMISE) != (day != "unclear"):
            wrong.append((text, day, got.intent, got.promise_until, got.date_unclear))
    assert wrong == []


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert sum(len(lines(block)) for block in vars(said).values() if isinstance(block, str)) >= 350
