"""CSV in every spelling that Indonesian offices use, and with the mistakes that they make."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.gateways.lapor_file import FileProblem, open_sheet
from aspal.gateways.lapor_file.text import _records
from tests.gateways.sheets import SHORT, complaint, write_csv

UNIT = "Dinas Komunikasi, Informatika; Persandian – “Statistik”"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ekspor.csv"


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_and_delimiter(path: Path, delimiter: str, encoding: str) -> None:
    write_csv(path, [SHORT, complaint(unit=UNIT)], delimiter=delimiter, encoding=encoding)
    (cells,) = open_sheet(path).rows()
    assert list(cells.values.values()) == complaint(unit=UNIT)


@pytest.mark.parametrize("delimiter", ["|", "\t", ";"])
def test_excels_own_first_line_is_no_row(path: Path, delimiter: str) -> None:
    write_csv(path, [SHORT, complaint()], delimiter=delimiter, before=f"sep={delimiter}\r\n")
    assert [cells.number for cells in open_sheet(path).rows()] == [2]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings(path: Path, ending: str) -> None:
    path.write_bytes(
        ending.join(";".join(map(str, row)) for row in (SHORT, complaint(), complaint("1916450"))).encode()
    )
    assert [cells.number for cells in open_sheet(path).rows()] == [2, 3]


def test_a_cell_may_go_on_in_the_next_line_and_counts_as_one_row(path: Path) -> None:
    write_csv(path, [SHORT, complaint(unit='Dinas "A"\nDinas B;C'), complaint("1916450")])
    first, second = open_sheet(path).rows()
    assert (first.values["opd"], first.number, second.number) == ('Dinas "A"\nDinas B;C', 2, 3)


def test_a_quotation_mark_that_is_never_closed_costs_one_row_not_the_file(path: Path) -> None:
    lines = [";".join(SHORT), '1916449;"Dinas Kesehatan;Proses;03/08/2026']
    lines += [f"{1916450 + n};Dinas Sosial;Proses;03/08/2026" for n in range(300)]
    path.write_text("\n".join(lines))
    broken, *good = open_sheet(path).rows()
    assert "tanda kutip" in (broken.problem or "")
    assert [cells.values["tracking_id"] for cells in good] == [str(1916450 + n) for n in range(300)]


def test_a_quotation_mark_in_the_wrong_place(path: Path) -> None:
    path.write_text(
        ";".join(SHORT) + '\n1916449;"Dinas" Kesehatan;Proses;03/08/2026\n1916450;Jalan 5";Proses;03/08/2026\n'
    )
    broken, good = open_sheet(path).rows()
    assert "tanda kutip" in (broken.problem or "")
    assert good.values["opd"] == 'Jalan 5"'


def test_odd_bytes_cost_a_letter_not_the_file(path: Path) -> None:
    path.write_bytes(";".join(SHORT).encode() + b"\n1916449;Dinas \x81\xe9;Proses;03/08/2026\n")
    (cells,) = open_sheet(path).rows()
    assert cells.values["opd"] == "Dinas \ufffdé"


def test_a_line_without_end_is_no_csv(path: Path) -> None:
    path.write_text(";".join(SHORT) + "\n" + "x" * 1_000_001)
    with pytest.raises(FileProblem, match="terlalu panjang"):
        open_sheet(path)


def test_short_rows_are_filled_with_blanks(path: Path) -> None:
    path.write_text(";".join([*SHORT, "Rahasia"]) + "\n1916449;Dinas Kesehatan;Proses;03/08/2026\n")
    (cells,) = open_sheet(path).rows()
    assert (cells.values["rahasia"], cells.problem) == (None, None)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(str.strip).filter(lambda t: t[:1] not in "'\""),
        min_size=1,
    )
)
def test_what_a_csv_writer_wrote_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, units: list[str]) -> None:
    path = write_csv(tmp_path_factory.mktemp("csv") / "x.csv", [SHORT, *(complaint(unit=unit) for unit in units)])
    assert [cells.values["opd"] for cells in open_sheet(path).rows()] == units


@given(
    st.lists(
        st.lists(st.text(st.sampled_from("ab1 ,;.-'\t\x00é\u2028\u0085"), max_size=5), min_size=1, max_size=4),
        max_size=5,
    ),
    st.sampled_from([";", ",", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_rows_without_quotes_are_cut_as_the_csv_module_cuts_them(rows: list[list[str]], cut: str, end: str) -> None:
    text = end.join(cut.join(cells) for cells in rows) + end
    ours = [list(line.cells) for line in _records(StringIO(text, newline=""), cut)]
    assert ours == list(csv.reader(StringIO(text, newline=""), delimiter=cut, strict=True))
