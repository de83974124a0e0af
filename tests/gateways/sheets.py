"""Files as offices send them, written by the tests: CSV, XLSX, ODS and the old binary XLS."""

import csv
import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

Rows = Sequence[Sequence[object]]

ROSTER_LINE = (
    "Tracking ID;Judul Laporan;Klasifikasi;Kategori;Kadar Pengawasan;Instansi Terdisposisi;Status Laporan;"
    "Tanggal Laporan;Tanggal Disposisi;Tanggal Tindak Lanjut;Tanggal Selesai;Rahasia;Anonim"
)
DIRECTORY_LINE = "OPD;Singkatan;Jenis;Nama;Jabatan;Peran;No WA;Nomor SK;Berlaku Mulai;Berlaku Sampai"
ROSTER, DIRECTORY = ROSTER_LINE.split(";"), DIRECTORY_LINE.split(";")
SHORT = ["Tracking ID", "Instansi", "Status", "Tanggal Laporan"]


def complaint(number: object = "1916449", unit: str = "Dinas Kesehatan", day: object = "03/08/2026") -> list[object]:
    """A row below SHORT."""
    return [number, unit, "Belum Ditindaklanjuti", day]


def write_csv(path: Path, rows: Rows, *, delimiter: str = ";", encoding: str = "utf-8", before: str = "") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes((before + out.getvalue()).encode(encoding))
    return path


def write_xlsx(
    path: Path, sheets: dict[str, Rows], *, merged: Sequence[tuple[int, int, int, int, object]] = (), hidden: str = ""
) -> Path:
    """`merged`: first row, first column, last row, last column, value; on the first sheet."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date | datetime):
                        sheet.write_datetime(number, column, value)
                    elif isinstance(value, str):
                        sheet.write_string(number, column, value)
                    elif value is not None:
                        sheet.write(number, column, value)
            if name == hidden:
                sheet.hide()
        for span in merged:
            book.worksheets()[0].merge_range(*span)
    return path


def write_ods(path: Path, rows: Rows) -> Path:
    def cell(value: object) -> str:
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        if value in (None, ""):
            return "<table:table-cell/>"
        return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    uris = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{uris} office:version="1.2"><office:body>'
            f'<office:spreadsheet><table:table table:name="Data">{body}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def write_xls(
    path: Path, rows: Rows, *, merged: Sequence[tuple[int, int, int, int]] = (), locked: bool = False
) -> Path:
    """BIFF8: the fewest records that make a workbook, in the smallest possible compound file."""

    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def cell(row: int, column: int, value: object) -> bytes:
        place = struct.pack("<HHH", row, column, 0)
        if isinstance(value, int | float):
            return record(0x203, place + struct.pack("<d", value))
        return record(0x204, place + struct.pack("<HB", len(str(value)), 1) + str(value).encode("utf-16-le"))

    cells = b"".join(
        cell(number, column, value)
        for number, row in enumerate(rows)
        for column, value in enumerate(row)
        if value not in (None, "")
    )
    spans = b"".join(struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in merged)
    start = record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0))
    lock = record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) if locked else b""
    name = b"\x04\x00Data"
    position = len(start) + len(lock) + 4 + 6 + len(name) + 4
    bounds = record(0x85, struct.pack("<IH", position, 0) + name)
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells
    sheet += record(0xE5, struct.pack("<H", len(merged)) + spans) if merged else b""
    path.write_bytes(_compound_file(start + lock + bounds + record(0x0A) + sheet + record(0x0A)))
    return path


def _compound_file(stream: bytes) -> bytes:
    """One stream called Workbook: header, FAT in sector 0, directory in sector 1, the stream from sector 2."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    assert sectors <= 126, "one FAT sector"
    free, end, fat_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    fat = [fat_sector, end, *range(3, sectors + 2), end]
    fat += [free] * (128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<108I", *[free] * 108)

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        label = (name + "\0").encode("utf-16-le") if name else b""
        links = struct.pack("<BBIII", kind, 1, free, free, child) + bytes(16 + 4 + 16)
        return label.ljust(64, b"\0") + struct.pack("<H", len(label)) + links + struct.pack("<IQ", first, size)

    directory = (
        entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream)) + entry("", 0, free, 0, 0) * 2
    )
    return header + struct.pack("<128I", *fat) + directory + stream
