"""What a file really is, from its bytes: an extension is only a claim."""

import zipfile
from pathlib import Path

from aspal.gateways.lapor_file.lines import FileProblem

_SAVE_AGAIN = "Buka di Excel atau LibreOffice, lalu simpan sebagai .xlsx atau CSV UTF-8."
_NOT_A_TABLE = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "gambar"),
    (b"\xff\xd8\xff", "gambar"),
    (b"GIF8", "gambar"),
    (b"{\\rtf", "dokumen RTF"),
    (b"Rar!", "arsip RAR"),
    (b"7z\xbc\xaf", "arsip 7-Zip"),
    (b"\x1f\x8b", "arsip gzip"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, but also .doc, and an .xlsx with a password


def kind_of(path: Path) -> str:
    """ "text" or "workbook"; raises FileProblem for anything else."""
    with path.open("rb") as file:
        start = file.read(2048)
    for magic, name in _NOT_A_TABLE:
        if start.startswith(magic):
            raise FileProblem(f"Berkas ini {name}, bukan tabel. Minta ekspor Excel atau CSV dari sumbernya.")
    if start.startswith(b"PK"):
        return _zip_kind(path)
    if start.startswith(_OLE):
        return "workbook"
    text = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<style", b"<?xml")):
        # Web applications like to call an HTML table .xls
        raise FileProblem(f"Berkas ini halaman web (HTML/XML) yang diberi nama berkas Excel. {_SAVE_AGAIN}")
    return "text"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError) as error:
        raise FileProblem(f"Berkas rusak atau tidak lengkap. {_SAVE_AGAIN}") from error
    if "xl/workbook.xml" in names or mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "workbook"
    if "xl/workbook.bin" in names:
        raise FileProblem(f"Format .xlsb tidak dibaca. {_SAVE_AGAIN}")
    raise FileProblem(f"Berkas ini bukan buku kerja Excel atau ODS. {_SAVE_AGAIN}")
