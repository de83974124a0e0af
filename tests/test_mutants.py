"""`make mutants` removes guards and runs tests, which takes minutes. This only checks that its edits still fit."""

import ast
from pathlib import Path

import pytest

from mutants.__main__ import main
from mutants.guards import MUTANTS, DoesNotFit, Edit, Mutant, applied

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.guard for mutant in MUTANTS])
def test_every_guard_is_where_its_edit_expects_it(mutant: Mutant) -> None:
    for path, text in applied(mutant, ROOT).items():
        assert text != path.read_text("utf-8")
        ast.parse(text)  # a mutant that does not even start proves nothing


def test_every_test_that_should_notice_exists() -> None:
    for test in {test for mutant in MUTANTS for test in mutant.tests}:
        file, _, name = test.partition("::")
        assert f"def {name}" in (ROOT / file).read_text("utf-8"), test


@pytest.mark.parametrize("text", ["not here", "here here"])
def test_an_edit_that_does_not_fit_exactly_once_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.py").write_text(text.replace("not here", "gone"))
    with pytest.raises(DoesNotFit):
        applied(Mutant("x", (Edit("*.py", "here", ""),), ()), tmp_path)


def test_no_two_mutants_have_one_name() -> None:
    assert len({mutant.guard for mutant in MUTANTS}) == len(MUTANTS) > 50


def test_words_that_no_mutant_has_list_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 2
    said = capsys.readouterr().out
    assert all(mutant.guard in said for mutant in MUTANTS)
