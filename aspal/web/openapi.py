"""The description of /api/v1 in OpenAPI 3.1, as data; a test keeps it and the routes equal."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from aspal.core.delivery import State
from aspal.core.words import ReplyState, Status
from aspal.records.feeds import MOST


def _paged(summary: str, filter_name: str, known: type[StrEnum]) -> dict[str, Any]:
    """A list that is read page by page."""
    return {
        "summary": summary,
        "parameters": [
            _query("after", "integer", "Lanjutkan sesudah kunci ini; pakai `next` dari jawaban sebelumnya."),
            _query("limit", "integer", f"Banyaknya baris, paling banyak {MOST}."),
            _query(filter_name, "string", f"Hanya {filter_name} ini.", among=known),
        ],
        "responses": _answers("Satu halaman: `rows`, dan `next` bila masih ada."),
    }


def _query(name: str, kind: str, words: str, *, required: bool = False, among: Iterable[str] = ()) -> dict[str, Any]:
    schema = {"type": kind} | ({"enum": [str(value) for value in among]} if among else {})
    return {"name": name, "in": "query", "required": required, "schema": schema, "description": words}


def _path(name: str, words: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "description": words}


def _answers(good: str) -> dict[str, Any]:
    words = {"200": good, "400": "Permintaan salah; `error` menyebut yang harus diperbaiki."}
    words |= {"401": "Token tidak ada, salah, dicabut, atau kedaluwarsa.", "403": "Token ini tidak berhak."}
    body = {"application/json": {"schema": {"type": "object"}}}
    return {code: {"description": text, "content": body} for code, text in words.items()}


_FILE = {"type": "string", "format": "binary", "description": "CSV, XLSX, XLS atau ODS, paling besar 20 MB."}
_IMPORT = {
    "file": _FILE,
    "apply": {"type": "boolean", "description": "true menerapkan; tanpa ini hanya pratinjau."},
    "disposed_on": {"enum": ["received", "import"], "description": "Arti tanggal disposisi yang kosong."},
    "secrecy": {"enum": ["open", "confidential"], "description": "Arti kolom rahasia yang tidak ada."},
}  # fmt: skip

DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "ASPAL",
        "version": "1",
        "description": "Untuk program kantor. Token dibuat admin di halaman Pengguna dan dikirim sebagai Bearer.",
    },
    "servers": [{"url": "/api/v1"}],
    "security": [{"token": []}],
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/openapi.json": {"get": {"summary": "Halaman ini.", "responses": _answers("OpenAPI 3.1.")}},
        "/complaints": {
            "get": _paged("Laporan dan disposisinya; judul laporan rahasia tidak disertakan.", "status", Status)
        },
        "/complaints/{number}": {
            "get": {
                "summary": "Satu laporan dengan disposisinya.",
                "parameters": [_path("number", "Nomor LAPOR, atau nomor sementara seperti MAN-2026-0001.")],
                "responses": _answers("Laporan itu.") | {"404": {"description": "Tidak ada laporan dengan nomor itu."}},
            }
        },
        "/messages": {"get": _paged("Pesan keluar: penerima, jenis, dan keadaannya.", "state", State)},
        "/replies": {"get": _paged("Balasan: pengirim dan apa yang dipahami darinya.", "state", ReplyState)},
        "/reports/rapor": {
            "get": {
                "summary": "Indikator setahun: perkiraan internal, bukan kategori resmi.",
                "parameters": [_query("year", "integer", "Tahun laporan masuk.", required=True)],
                "responses": _answers("Sama dengan `aspal report rapor --json`."),
            }
        },
        "/health": {"get": {"summary": "Keadaan sistem, bagian demi bagian.", "responses": _answers("Daftar bagian.")}},
        "/imports/{kind}": {
            "post": {
                "summary": "Impor roster atau direktori; perlu token yang boleh mengimpor.",
                "parameters": [_path("kind", "roster atau directory.")],
                "requestBody": {
                    "required": True,
                    "content": {
                        "multipart/form-data": {
                            "schema": {"type": "object", "required": ["file"], "properties": _IMPORT}
                        }
                    },
                },
                "responses": _answers("Sama dengan `aspal import … --json`."),
            }
        },
    },
}


def parameters(path: str, method: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that an operation reads: in the address, and in a form."""
    described = DESCRIPTION["paths"][path][method]
    asked = tuple(one["name"] for one in described.get("parameters", ()) if one["in"] == "query")
    return asked, tuple(_IMPORT) if "requestBody" in described else ()
