"""A step can be for some cases only: by kind, category, kind of unit, or single units."""

from dataclasses import replace
from typing import Any

import pytest

from aspal.core.escalation import decide
from aspal.core.ladder.data import ladder_data, ladder_from
from aspal.core.words import Kind
from tests.core.test_escalation import CALENDAR, CASE, MONDAY
from tests.core.test_ladder import DEFAULT

HERE = replace(CASE, category="Jalan", unit_kind="kecamatan", unit_id=7)


def due(**scope: Any) -> bool:
    """Whether R0 alone, narrowed so, is due on the day of disposition."""
    data = {**DEFAULT, "langkah": [{**DEFAULT["langkah"][0], **scope}]}
    return bool(decide(HERE, ladder_from(data), [], CALENDAR, CALENDAR.opening(MONDAY)).due)


@pytest.mark.parametrize(
    ("scope", "heard"),
    [
        ({}, True),
        ({"jenis": ["pengaduan"]}, True),
        ({"jenis": ["aspirasi"]}, False),
        ({"kategori": ["JALAN", "air"]}, True),
        ({"kategori": ["air"]}, False),
        ({"unit": ["kecamatan"]}, True),
        ({"unit": ["opd"]}, False),
        ({"id_unit": [3, 7]}, True),
        ({"id_unit": [3]}, False),
    ],
)
def test_a_narrowed_step_speaks_of_its_own_cases_only(scope: dict[str, Any], heard: bool) -> None:
    assert due(**scope) is heard


def test_a_stored_ladder_from_before_single_units_is_read_as_it_was() -> None:
    ladder = ladder_from(DEFAULT)
    assert all(step.unit_ids == () for step in ladder.steps)
    assert "id_unit" not in ladder_data(ladder)["langkah"][0]
    assert Kind.COMPLAINT is HERE.kind
