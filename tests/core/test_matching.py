"""A reply reaches exactly the case it means, or a question; never another unit's case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.matching import Ask, Candidate, Match, NoCase, match
from aspal.core.replies import Intent, Reading

A = Candidate(1, "1916449", None, "7KX", True)
B = Candidate(2, "1916450", None, "7KY", True)
C = Candidate(3, None, "MAN-2026-0001", "8AB", True)
CLOSED = Candidate(4, "1900001", None, "2ZZ", False)


def reading(*numbers: str, codes: tuple[str, ...] = (), possible: tuple[str, ...] = ()) -> Reading:
    return Reading(Intent.DONE, case_numbers=numbers, codes=codes, possible_numbers=possible)


PLAIN = reading()


def test_the_quoted_message_decides() -> None:
    assert match(PLAIN, [2], None, [A, B]) == Match(2, "quote")


def test_quoting_a_closed_case_still_means_that_case() -> None:
    assert match(PLAIN, [4], None, [A, CLOSED]) == Match(4, "quote")


def test_a_button_carries_its_case() -> None:
    assert match(PLAIN, None, 2, [A, B]) == Match(2, "button")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (reading("1916450"), Match(2, "id")),
        (reading("MAN-2026-0001"), Match(3, "id")),
        (reading("1900001"), Match(4, "id")),
        (reading(possible=("1916450",)), Match(2, "id")),
        (reading(codes=("7KY",)), Match(2, "code")),
        (reading("1916450", codes=("7KY",)), Match(2, "id")),
        (reading(codes=("SEMANGAT",)), Ask((A, B, C))),
        (reading(possible=("12500",)), Ask((A, B, C))),
    ],
)
def test_a_number_or_code_in_the_text_decides(said: Reading, expected: Match | Ask) -> None:
    assert match(said, None, None, [A, B, C, CLOSED]) == expected


def test_the_only_open_case_is_meant_when_nothing_else_is_said() -> None:
    assert match(PLAIN, None, None, [A, CLOSED]) == Match(1, "only_case")


def test_an_only_case_that_is_not_certain_is_asked_about() -> None:
    assert match(PLAIN, None, None, [A, CLOSED], uncertain=True) == Ask((A,))
    assert match(reading("1916449"), None, None, [A, CLOSED], uncertain=True) == Match(1, "id")


def test_quote_and_text_that_differ_are_asked_about() -> None:
    assert match(reading("1916450"), [1], None, [A, B, C]) == Ask((A, B))


def test_quote_and_text_that_agree_are_one_sign() -> None:
    assert match(reading("1916449"), [1], None, [A, B]) == Match(1, "quote")


def test_a_digest_needs_a_number_of_its_own() -> None:
    assert match(PLAIN, [1, 2], None, [A, B, C]) == Ask((A, B))
    assert match(reading("1916450"), [1, 2], None, [A, B, C]) == Match(2, "id")
    assert match(reading("MAN-2026-0001"), [1, 2], None, [A, B, C]) == Ask((A, B, C))
    assert match(reading("1999999"), [1, 2], None, [A, B, C]) == NoCase(foreign=True)


@pytest.mark.parametrize("said", [reading("1999999"), reading(codes=("9ZZ",))])
def test_who_names_what_is_not_theirs_is_not_asked_about_the_others(said: Reading) -> None:
    """Their answer would file those words under another complaint."""
    assert match(said, None, None, [A]) == NoCase(foreign=True)
    assert match(said, None, None, [A, B]) == NoCase(foreign=True)
    assert match(said, None, None, [CLOSED]) == NoCase(foreign=True)


def test_a_quoted_case_of_someone_else_never_falls_back_either() -> None:
    assert match(PLAIN, [99], None, [A]) == NoCase(foreign=True)
    assert match(PLAIN, None, 99, [A, B]) == NoCase(foreign=True)
    assert match(reading("1916449"), [99], None, [A, B]) == Ask((A, B))


def test_several_numbers_are_asked_about() -> None:
    assert match(reading("1916449", "1916450"), None, None, [A, B, C]) == Ask((A, B))
    assert match(reading("1916449", "1999999"), None, None, [A, B]) == Ask((A, B))


def test_one_complaint_at_two_units_of_the_same_person_is_asked_about() -> None:
    twin = Candidate(9, "1916449", None, "9AA", True)
    assert match(reading("1916449"), None, None, [A, twin]) == Ask((A, twin))
    assert match(reading("1916449"), None, None, [A, Candidate(9, "1916449", None, "9AA", False)]) == Match(1, "id")


def test_nobody_s_cases_are_no_case() -> None:
    assert match(PLAIN, None, None, []) == NoCase()
    assert match(PLAIN, None, None, [CLOSED]) == NoCase()


NUMBERS = st.sampled_from(["1916449", "1916450", "1916451", "1999999", "MAN-2026-0001"])
CODES = st.sampled_from(["7KX", "7KY", "8AB", "9ZZ", "SEMANGAT"])
CASES = st.lists(
    st.builds(
        Candidate, st.integers(1, 6), NUMBERS, st.none(), CODES.filter(lambda code: code != "SEMANGAT"), st.booleans()
    ),
    max_size=6,
    unique_by=lambda case: case.disposition_id,
)
READINGS = st.builds(
    Reading,
    st.just(Intent.DONE),
    case_numbers=st.lists(NUMBERS, max_size=2, unique=True).map(tuple),
    possible_numbers=st.lists(NUMBERS, max_size=1).map(tuple),
    codes=st.lists(CODES, max_size=2, unique=True).map(tuple),
)
IDS = st.integers(1, 8)


@given(READINGS, st.none() | st.lists(IDS, max_size=3), st.none() | IDS, CASES)
def test_the_answer_is_always_one_of_this_person_s_cases(
    said: Reading, quoted: list[int] | None, button: int | None, cases: list[Candidate]
) -> None:
    result = match(said, quoted, button, cases)
    if isinstance(result, Match):
        assert result.disposition_id in {case.disposition_id for case in cases}
    if isinstance(result, Ask):
        assert result.options
        assert set(result.options) <= set(cases)


@given(CASES)
def test_two_open_cases_and_no_sign_always_ask(cases: list[Candidate]) -> None:
    still_open = [case for case in cases if case.open]
    if len(still_open) >= 2:
        assert match(PLAIN, None, None, cases) == Ask(tuple(still_open))


@given(READINGS, CASES)
def test_a_number_of_nobody_here_is_never_a_certain_match(said: Reading, cases: list[Candidate]) -> None:
    strangers = [n for n in said.case_numbers if n not in {case.tracking_id for case in cases}]
    if strangers:
        assert not isinstance(match(said, None, None, cases), Match)
