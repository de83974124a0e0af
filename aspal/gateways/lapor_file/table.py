"""Where the table begins and ends on a sheet made for people: letterhead, header, rows, totals, signatures."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from aspal.core.columns import Columns, Reading, fold, read_headers
from aspal.core.rows import Cells
from aspal.core.rows.dates import read_day
from aspal.gateways.lapor_file.lines import Line, is_blank

# A row without any of these is no complaint and no officer; it may still be one that the office forgot to complete.
_KEYS: Mapping[str, tuple[str, ...]] = {"roster": ("tracking_id", "tgl_masuk"), "directory": ("peran", "no_wa")}
_TOTAL = re.compile(r"(grand|sub)?(total|jumlah|rekapitulasi)")
_SIGNATURE = re.compile(
    r"\s*(mengetahui|diketahui|mengesahkan|menyetujui|disetujui|dibuat|dicetak|diunduh|tertanda|ttd|nip\b|catatan\b"
    r"|keterangan\s*:|sumber\b|a\.?n\.|plt\.|plh\.|kepala\b|sekretaris\b|pembina\b|penata\b|halaman\b|[\w\s.]+,"
    r"\s+(\d{1,2}|\.{2,}|…)?\s*[a-z]{3,9}\s+20\d\d\s*$)",
    re.IGNORECASE,
)
_MANY = 60  # a signature block is shorter
_VALUE = re.compile(r"[+\d][\d\s()./:-]{4,}")  # a day, a tracking id, a phone number: no heading


@dataclass(frozen=True)
class Header:
    """The header row that was found, and how it is read."""

    number: int
    cells: Sequence[object]
    reading: Reading

    @property
    def words(self) -> list[str]:
        return [" ".join(str(cell).split()) for cell in self.cells if not is_blank(cell)]

    @cached_property
    def folded(self) -> tuple[str, ...]:
        return tuple(map(fold, self.words))


def find_header(lines: Iterable[Line], columns: Columns, mapping: Mapping[str, str] | None) -> Header | None:
    """The line with the most known words; where none is known, the fullest without data, for an admin to map."""
    found = [
        Header(line.number, line.cells, read_headers(line.cells, columns, mapping))
        for line in lines
        if not line.problem and sum(isinstance(cell, str) and not is_blank(cell) for cell in line.cells) > 1
    ]
    return max(found, key=_promise, default=None)


def _promise(header: Header) -> tuple[int, bool, int]:
    """A row of data may hold a known word by chance ("WhatsApp"); shown as the header it would name who reported."""
    known, is_data = len(header.reading.positions), any(map(_VALUE.fullmatch, header.words))
    return 0 if is_data and known == 1 else known, not is_data, len(header.words)


@dataclass
class Body:
    """The rows below the header. `notes` tells what was left out, once the rows have been read."""

    header: Header
    what: str
    notes: list[str]

    def __post_init__(self) -> None:
        positions = self.header.reading.positions
        self._names, self._width = tuple(positions), len(self.header.cells)
        self._pick = itemgetter(*positions.values())  # the required columns make it several
        numbered = self.header.folded[0][:1].isdigit()  # then a row that begins so may be the header once more
        self._first_plain = sys.maxsize if numbered else self.header.number + 2
        self._keys = [positions[name] for name in _KEYS[self.what] if name in positions]

    def rows(self, lines: Iterable[Line]) -> Iterator[Cells]:
        """Whatever looks like a forgotten row is handed over too: it is refused later, with a reason."""
        unsure: list[Line] = []
        names, pick = self._names, self._pick
        for line in lines:
            if not unsure and self._is_plain(line):
                yield Cells(line.number, names, pick(line.cells))
            elif line.number <= self.header.number or self._is_furniture(line):
                continue
            elif self._has_key(line) or line.problem or len(unsure) > _MANY:
                yield from map(self._cells, unsure)
                unsure.clear()
                yield self._cells(line)
            else:
                unsure.append(line)
        yield from map(self._cells, self._without_signature(unsure))

    def _is_plain(self, line: Line) -> bool:
        """Most rows: as wide as the header, beginning with a number, and not the line "(1) (2) (3)" below the header.

        So they are no furniture, which begins with a word.
        """
        cells = line.cells
        if len(cells) != self._width or line.number < self._first_plain or line.problem or line.inherited:
            return False
        first, key = cells[0], cells[self._keys[0]]
        return type(first) is str and first[:1].isdigit() and type(key) is str and key[:1].isalnum()

    def _is_furniture(self, line: Line) -> bool:
        """Blank lines, a header repeated on each page, the line "(1) (2) (3)" below it, totals."""
        if line.problem:
            return False
        filled = [cell for cell in line.cells if not is_blank(cell)]
        if not filled or line.inherited:
            return True
        first = fold(filled[0])
        if first == self.header.folded[0] and tuple(map(fold, filled)) == self.header.folded:
            return True
        if line.number == self.header.number + 1 and list(map(fold, filled)) == [
            str(n + 1) for n in range(len(filled))
        ]:
            return True
        if _TOTAL.match(first) and not self._has_day(line):
            self.notes.append(f"Baris {line.number} (jumlah) dilewati.")
            return True
        return False

    def _value(self, line: Line, name: str) -> object:
        position = self.header.reading.positions.get(name, len(line.cells))
        return line.cells[position] if position < len(line.cells) else None

    def _has_key(self, line: Line) -> bool:
        cells, width = line.cells, len(line.cells)
        return any(at < width and not is_blank(cells[at]) for at in self._keys)

    def _has_day(self, line: Line) -> bool:
        try:
            return read_day(self._value(line, "tgl_masuk")) is not None
        except ValueError:
            return False

    def _without_signature(self, tail: list[Line]) -> list[Line]:
        for index, line in enumerate(tail):
            if any(isinstance(cell, str) and _SIGNATURE.match(cell) for cell in line.cells):
                last = f" sampai {tail[-1].number}" if tail[-1] is not line else ""
                self.notes.append(f"Baris {line.number}{last} (penutup tabel) dilewati.")
                return tail[:index]
        return tail

    def _cells(self, line: Line) -> Cells:
        width = len(self.header.cells)
        problem = line.problem
        if any(not is_blank(cell) for cell in line.cells[width:]):
            problem = (
                "baris ini punya lebih banyak kolom daripada judul tabel; mungkin ada tanda pemisah di dalam isi sel. "
                "Beri tanda kutip pada sel itu, atau unggah sebagai .xlsx"
            )
        return Cells(line.number, self._names, tuple(self._value(line, name) for name in self._names), problem)
