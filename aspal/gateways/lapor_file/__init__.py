"""A LAPOR export or a directory as an office has it, opened: CSV, XLSX, XLS or ODS to numbered, canonical cells.

Values of personal columns never leave these modules.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aspal.core.columns import FILES, IGNORE, Columns, fold, layout, read_headers
from aspal.core.rows import Cells
from aspal.gateways.lapor_file.kind import kind_of
from aspal.gateways.lapor_file.lines import FileProblem, Source
from aspal.gateways.lapor_file.table import Body, Header, find_header

_WORDS = {"roster": "ekspor LAPOR", "directory": "direktori pejabat"}
LARGEST = {"text": 300_000_000, "workbook": 60_000_000}


@dataclass(frozen=True)
class Sheet:
    """One opened table. `rows()` may be called again; each call reads the file anew and keeps nothing of it."""

    source: Source
    header: Header
    what: str
    layout: str  # sha256 of the set of headers
    columns: Mapping[str, str]  # header as written -> canonical column
    unknown_columns: tuple[str, ...]
    dropped_columns: tuple[str, ...]  # personal; their values are not read
    notes: list[str] = field(default_factory=list)  # for the preview: which sheet, what was skipped

    @property
    def expected(self) -> int | None:
        """About how many rows there are, for a progress bar; None when only reading would tell."""
        return None if self.source.expected is None else max(self.source.expected - self.header.number, 0)

    def rows(self) -> Iterator[Cells]:
        skipped = Body(self.header, self.what, [])
        yield from skipped.rows(self.source.lines())
        self.notes.extend(note for note in skipped.notes if note not in self.notes)


def open_sheet(path: Path, *, mapping: Mapping[str, str] | None = None, what: str = "roster") -> Sheet:
    """Opens a "roster" or a "directory". `mapping` is an admin's answer: header -> canonical column, "-" to ignore.

    Raises FileProblem with a message for the office.
    """
    columns = FILES[what]
    _check_mapping(mapping, columns)
    found = [(source, find_header(source.head(), columns, mapping)) for source in _sources(path)]
    tables = [(source, header) for source, header in found if header is not None]
    if not tables:
        raise FileProblem("Berkas kosong: tidak ada baris judul tabel. Pastikan tabelnya ada, lalu unggah lagi.")
    source, header = max(tables, key=_promise)
    _check_header(header, columns)
    reading = header.reading
    others = [other.name for other, its in tables if other is not source and not its.reading.missing(columns)]
    return Sheet(
        source=source,
        header=header,
        what=what,
        layout=layout(header.cells),
        columns=reading.columns,
        unknown_columns=reading.unknown,
        dropped_columns=reading.dropped,
        notes=_about_sheets(source, others, several=len(found) > 1) + _about_mapping(header, mapping),
    )


def _promise(table: tuple[Source, Header]) -> tuple[int, int, int]:
    source, header = table
    return len(header.reading.positions), len(header.words), source.expected or 0


def _sources(path: Path) -> Sequence[Source]:
    if not path.is_file():
        raise FileProblem(f"Berkas {path.name} tidak ditemukan.")
    size = path.stat().st_size
    if size == 0:
        raise FileProblem("Berkas kosong (0 byte). Ekspor ulang, lalu unggah lagi.")
    kind = kind_of(path)
    if size > LARGEST[kind]:
        raise FileProblem("Berkas terlalu besar. Pecah menjadi beberapa berkas, misalnya per tahun, lalu unggah lagi.")
    if kind == "text":
        from aspal.gateways.lapor_file.text import text_sources

        return text_sources(path)
    from aspal.gateways.lapor_file.workbook import workbook_sheets

    return workbook_sheets(path)


def _check_mapping(mapping: Mapping[str, str] | None, columns: Columns) -> None:
    for header, name in (mapping or {}).items():
        if name.strip() not in (*columns.aliases, *IGNORE):
            known = ", ".join(columns.aliases)
            raise FileProblem(f'Pemetaan kolom "{header}" menunjuk "{name}" yang tidak dikenal. Pilih dari: {known}.')


def _check_header(header: Header, columns: Columns) -> None:
    fingerprint = layout(header.cells)
    missing = header.reading.missing(columns)
    if missing:
        for what, other in FILES.items():
            if not read_headers(header.cells, other).missing(other):
                raise FileProblem(f"Berkas ini tampaknya {_WORDS[what]}. Impor sebagai {_WORDS[what]}.")
        wanted = ", ".join(columns.aliases[name][0] for name in missing)
        seen = "; ".join(header.words[:30])
        raise FileProblem(
            f"Kolom wajib tidak ditemukan: {wanted}. Judul kolom yang terbaca di baris {header.number}: {seen}. "
            "Ubah judul kolomnya, atau simpan pemetaan kolom untuk bentuk berkas ini.",
            headers=header.words,
            layout=fingerprint,
        )
    if header.reading.repeated:
        twice = ", ".join(header.reading.repeated)
        message = f"Kolom ini ada dua kali: {twice}. Hapus salah satu, lalu unggah lagi."
        raise FileProblem(message, headers=header.words, layout=fingerprint)


def _about_mapping(header: Header, mapping: Mapping[str, str] | None) -> list[str]:
    absent = [word for word in mapping or {} if fold(word) not in header.folded]
    names = ", ".join(f'"{word}"' for word in absent)
    return [f"Pemetaan menyebut kolom yang tidak ada di berkas: {names}. Periksa ejaannya."] if absent else []


def _about_sheets(source: Source, others: Sequence[str], *, several: bool) -> list[str]:
    if not source.name or not several:
        return []
    notes = [f'Lembar yang dibaca: "{source.name}".']
    if others:
        names = ", ".join(f'"{name}"' for name in others)
        notes.append(f"Lembar {names} juga berisi tabel dan TIDAK dibaca; unggah sebagai berkas tersendiri.")
    return notes
