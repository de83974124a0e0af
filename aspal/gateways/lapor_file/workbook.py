"""XLSX, XLS and ODS, through `reader` in a process of its own."""

import pickle
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aspal.gateways.lapor_file.lines import HEAD, FileProblem, Line, is_blank

_READER = Path(__file__).with_name("reader.py")
_UNPACKED = 500_000_000  # a hundred times a year of complaints; a zip bomb claims more
_PARTS = 10_000
_PROBLEMS = {
    "password": "Berkas dikunci dengan kata sandi. Buka di Excel atau LibreOffice, hapus kata sandinya, "
    "lalu unggah lagi.",
    "corrupt": "Berkas rusak atau tidak lengkap. Buka di Excel atau LibreOffice dan simpan ulang sebagai .xlsx.",
    "died": "Berkas tidak dapat dibaca: rusak, atau jauh terlalu besar (sering karena ada sel terisi jauh di luar "
    "tabel). Salin tabelnya saja ke berkas baru, lalu unggah lagi.",
}


@dataclass(frozen=True)
class WorkbookSheet:
    """One sheet; its rows are streamed from the reader whenever they are asked for."""

    path: Path
    index: int
    name: str
    expected: int | None
    first_rows: Sequence[Sequence[object]]
    merged: Sequence[tuple[int, int, int]]

    def head(self) -> Sequence[Line]:
        """A header in two rows, most of its cells merged downwards, is whole in its second one."""
        return list(_fill_merged(self.first_rows, self.merged))

    def lines(self) -> Iterator[Line]:
        parts = _read(self.path, str(self.index))
        _, merged = next(parts)
        rows = (row for part in parts if part[0] == "rows" for row in part[1])
        yield from _fill_merged(rows, merged)


def workbook_sheets(path: Path) -> list[WorkbookSheet]:
    """The sheets that a person sees in this workbook. Raises FileProblem."""
    if zipfile.is_zipfile(path):
        _check_zip(path)
    ((_, sheets),) = _read(path, "all")
    visible = [
        WorkbookSheet(path, index, name, height, rows, merged)
        for index, (name, shown, height, rows, merged) in enumerate(sheets)
        if shown
    ]
    if not visible:
        raise FileProblem(
            "Buku kerja ini tidak berisi lembar data yang tampak. Pastikan tabelnya ada, lalu unggah lagi."
        )
    return visible


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise FileProblem(_PROBLEMS["corrupt"]) from error
    if sum(part.file_size for part in parts) > _UNPACKED or len(parts) > _PARTS:
        raise FileProblem(
            "Isi berkas terlalu besar setelah dibuka. Pecah menjadi beberapa berkas, lalu unggah satu per satu."
        )


def _read(path: Path, sheet: str) -> Iterator[Any]:
    """What the reader says, part by part. However it ends, its process ends with us."""
    command = [sys.executable, "-I", str(_READER), str(path.resolve()), sheet, str(HEAD)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:
        assert reader.stdout is not None
        try:
            while (said := pickle.load(reader.stdout))[0] != "end":  # our own child process  # nosec B301
                if said[0] == "problem":
                    raise FileProblem(_PROBLEMS[said[1]])
                yield said
                if said[0] == "sheets":
                    return
        except (EOFError, pickle.UnpicklingError) as error:
            raise FileProblem(_PROBLEMS["died"]) from error
        finally:
            reader.kill()


def _fill_merged(rows: Iterable[Sequence[object]], merged: Iterable[tuple[int, int, int]]) -> Iterator[Line]:
    """A cell merged over several rows holds its value for each of them, as the eye reads it."""
    spans = {(top, column): bottom for top, column, bottom in merged}
    open_spans: dict[int, tuple[int, object]] = {}  # column -> last row, value
    for index, row in enumerate(rows):
        own, cells = not all(map(is_blank, row)), row
        open_spans = {column: span for column, span in open_spans.items() if span[0] >= index}
        if open_spans:
            cells = [open_spans[column][1] if column in open_spans else cell for column, cell in enumerate(row)]
        for column, cell in enumerate(row):
            if (index, column) in spans:
                open_spans[column] = (spans[index, column], cell)
        yield Line(index + 1, cells, inherited=not own and bool(open_spans))
