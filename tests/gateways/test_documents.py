"""Documents hold values only: nothing that somebody wrote becomes a formula or markup."""

from pathlib import Path

import openpyxl
import pytest

from aspal.gateways.documents import Section, write_pdf, write_xlsx

NASTY = ("=HYPERLINK('http://x')", "+62", "@cmd", "-1+1", "<b>&amp;</b>", "http://contoh.go.id")
SECTIONS = (
    Section("Menurut OPD: 1/2 [a]*?", ("OPD", "Jumlah"), [(text, number) for number, text in enumerate(NASTY)]),
    Section("Kosong", ("A",), []),
    Section("Angka", ("Nama", "Nilai"), [("rata-rata", 68.3), ("tidak ada", None)]),
)


def test_the_workbook_opens_again_with_the_same_values(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", "Rapor", SECTIONS)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert len(book.sheetnames) == 3
    first = book.worksheets[0]
    rows = list(first.iter_rows(min_row=4, max_row=3 + len(NASTY)))
    assert [row[0].value for row in rows] == list(NASTY)
    assert all(row[0].data_type == "s" and row[0].hyperlink is None for row in rows)
    assert book.worksheets[2]["B4"].value == pytest.approx(68.3)
    book.close()


def test_the_pdf_is_one(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", "Rapor <2026> & lain", SECTIONS)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
