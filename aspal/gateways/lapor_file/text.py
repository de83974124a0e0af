"""CSV as Indonesian offices save it: `;` `,` or tab, UTF-8, UTF-16 or cp1252. Read line by line, never as a whole."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from aspal.gateways.lapor_file.lines import HEAD, FileProblem, Line

DELIMITERS = (";", ",", "\t")
_CELL_LINES = 200  # a cell with more line breaks than this is a quotation mark that was never closed
_LINE_LENGTH = 1_000_000
_SAMPLE = 65536


@dataclass(frozen=True)
class TextFile:
    """The file cut at one delimiter."""

    path: Path
    encoding: str
    delimiter: str
    skip: int  # lines before the first row: Excel's own "sep=;", which Excel does not show either
    name: str = ""
    expected: int | None = None

    def head(self) -> Sequence[Line]:
        return list(islice(self.lines(), HEAD))

    def lines(self) -> Iterator[Line]:
        # cp1252 leaves five bytes undefined; one odd letter in a title is no reason to refuse a file
        errors = "replace" if self.encoding == "cp1252" else "strict"
        with self.path.open(encoding=self.encoding, errors=errors, newline="") as file:
            for _ in range(self.skip):
                file.readline()
            yield from _records(file, self.delimiter)


def text_sources(path: Path) -> list[TextFile]:
    """The same file cut in each way that is possible; the caller keeps the one whose header it understands.

    Raises FileProblem.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = file.readline(_LINE_LENGTH).strip("\r\n").strip('"')
    if first.casefold().startswith("sep=") and len(first) == 5:
        return [TextFile(path, encoding, first[4], skip=1)]
    return [TextFile(path, encoding, delimiter, skip=0) for delimiter in DELIMITERS]


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if even + odd > len(sample) // 4:  # cp1252 would swallow UTF-16 without a word
        return "utf-16-le" if odd > even else "utf-16-be"
    if even + odd:
        raise FileProblem(
            "Isi berkas bukan teks. Simpan ulang dari Excel atau LibreOffice sebagai .xlsx atau CSV UTF-8."
        )
    return "utf-8-sig" if _is_utf8(path) else "cp1252"


def _is_utf8(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8-sig") as file:
            while file.read(_SAMPLE):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _records(file: TextIO, delimiter: str) -> Iterator[Line]:
    """One line a spreadsheet row. A row with broken quotation marks becomes a problem; the next one is read again."""
    waiting: deque[str] = deque()
    number = 0
    while first := _next(waiting, file):
        number += 1
        if '"' not in first:  # most rows: nothing that the csv module would read in another way
            line = first.rstrip("\r\n")
            yield Line(number, line.split(delimiter) if line else [])
            continue
        taken = [first]
        try:
            cells = next(csv.reader(_feed(taken, waiting, file), delimiter=delimiter, strict=True), [])
        except csv.Error:
            waiting.extendleft(reversed(taken[1:]))
            yield Line(number, [], "tanda kutip di baris ini tidak rapi sehingga kolomnya tidak pasti; perbaiki")
        else:
            yield Line(number, cells)


def _feed(taken: list[str], waiting: deque[str], file: TextIO) -> Iterator[str]:
    """The csv module asks for another line only while a quoted cell is open."""
    yield taken[0]
    while len(taken) < _CELL_LINES and (more := _next(waiting, file)):
        taken.append(more)
        yield more


def _next(waiting: deque[str], file: TextIO) -> str:
    if waiting:
        return waiting.popleft()
    try:
        line = file.readline(_LINE_LENGTH)
    except UnicodeError as error:
        raise FileProblem(
            "Berkas teks ini terpotong atau rusak. Ekspor ulang dari sumbernya sebagai CSV UTF-8 atau .xlsx."
        ) from error
    if len(line) == _LINE_LENGTH:
        raise FileProblem("Ada baris yang terlalu panjang; berkas ini tampaknya bukan CSV. Simpan ulang sebagai .xlsx.")
    return line
