"""How an office's JSON API is spoken to, from one TOML file; docs/lapor-api.example.toml explains every key."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aspal.core.columns import ROSTER, fold
from aspal.core.rows.words import STATUSES
from aspal.core.words import Status

_KEYS: Mapping[str, Mapping[str, Any]] = {
    "": {"base_url": "", "time_zone": "Asia/Jakarta"},
    "auth": {"in": "header", "name": "Authorization", "prefix": "Bearer "},
    "request": {
        "path": "",
        "method": "GET",
        "rows": "",
        "parameters": {},
        "since": "",
        "since_format": "%Y-%m-%d",
        "date_format": "auto",
        "timeout_seconds": 30,
        "attempts": 4,
    },
    "paging": {
        "kind": "none",
        "parameter": "page",
        "first": 1,
        "size_parameter": "",
        "size": 100,
        "next": "",
        "pages": "",
        "most_pages": 1000,
    },
}
_CHOICES = {
    ("auth", "in"): ("header", "parameter", "none"),
    ("request", "method"): ("GET", "POST"),
    ("paging", "kind"): ("none", "page", "offset", "cursor", "link"),
}
_AT_LEAST_ONE = (("request", "timeout_seconds"), ("request", "attempts"), ("paging", "size"), ("paging", "most_pages"))


class ApiProblem(Exception):
    """The API cannot be used as configured, or did not answer as promised; the message tells what to do."""


@dataclass(frozen=True)
class ApiConfig:
    """Checked; the names are those of the TOML file. The secret never shows in a repr."""

    base_url: str
    zone: ZoneInfo
    auth: Mapping[str, Any]
    request: Mapping[str, Any]
    paging: Mapping[str, Any]
    fields: Mapping[str, str]  # canonical column -> dotted path inside one row
    statuses: Mapping[str, Status]  # the API's word, folded
    secret: str = field(repr=False)

    @classmethod
    def from_toml(cls, path: Path, secret: str | None) -> "ApiConfig":
        """Raises ApiProblem, naming the key that is wrong."""
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ApiProblem(f"{path.name}: tidak terbaca sebagai TOML ({error})") from error
        return cls.from_data(data, secret)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], secret: str | None) -> "ApiConfig":
        """From what the file says. Raises ApiProblem."""
        top = _section({k: v for k, v in data.items() if k not in (*_KEYS, "fields", "statuses")}, "")
        parts = {name: _section(data.get(name, {}), name) for name in ("auth", "request", "paging")}
        if parts["auth"]["in"] != "none" and not secret:
            raise ApiProblem('LAPOR_API_SECRET: wajib diisi, kecuali auth.in = "none"')
        if secret and not (secret.isascii() and secret.isprintable() and secret == secret.strip()):
            raise ApiProblem("LAPOR_API_SECRET: hanya huruf, angka dan tanda baca biasa, tanpa spasi di tepi")
        if parts["paging"]["kind"] in ("cursor", "link") and not parts["paging"]["next"]:
            raise ApiProblem('paging.next: wajib diisi untuk kind = "cursor" dan "link"')
        return cls(
            base_url=_safe_url(top["base_url"]),
            zone=_zone(top["time_zone"]),
            fields=_fields(data.get("fields", {})),
            statuses=_statuses(data.get("statuses", {})),
            secret=secret or "",
            **parts,
        )


def _section(given: Any, section: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise ApiProblem(f"[{section}]: harus berupa bagian TOML")
    dot = f"{section}." if section else ""
    for key, value in given.items():
        if key not in _KEYS[section]:
            raise ApiProblem(f"{dot}{key}: tidak dikenal; yang ada: {', '.join(_KEYS[section])}")
        if type(value) is not type(_KEYS[section][key]):
            raise ApiProblem(f"{dot}{key}: harus seperti {_KEYS[section][key]!r}")
        allowed = _CHOICES.get((section, key), (value,))
        if value not in allowed:
            raise ApiProblem(f"{dot}{key}: harus salah satu dari {', '.join(allowed)}")
        if (section, key) in _AT_LEAST_ONE and value < 1:
            raise ApiProblem(f"{dot}{key}: harus 1 atau lebih")
    return {**_KEYS[section], **given}


def _safe_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or parts.username:
        raise ApiProblem("base_url: harus alamat https tanpa ? dan #, misalnya https://integrasi.contoh.go.id/api")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ApiProblem("base_url: harus https; http hanya boleh untuk komputer ini sendiri (127.0.0.1)")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except Exception as error:
        raise ApiProblem("time_zone: pakai Asia/Jakarta, Asia/Makassar atau Asia/Jayapura") from error


def _fields(given: Any) -> dict[str, str]:
    fields = dict(given) if isinstance(given, dict) else {}
    for name, path in fields.items():
        if name not in ROSTER.aliases or not isinstance(path, str) or not path:
            raise ApiProblem(f"fields.{name}: tidak dikenal; yang ada: {', '.join(ROSTER.aliases)}")
        first, *inner = map(fold, path.split("."))
        if any(map(ROSTER.personal.search, (first, *(part for part in inner if part != "nama")))):  # "kategori.nama"
            raise ApiProblem(f'fields.{name}: "{path}" data pribadi pelapor atau isi laporan; ASPAL tidak membacanya')
    missing = [name for name in ROSTER.required if name not in fields]
    if missing:
        raise ApiProblem(f"[fields]: belum ada {', '.join(missing)}")
    return fields


def _statuses(given: Any) -> dict[str, Status]:
    statuses = {}
    for word, meaning in (given if isinstance(given, dict) else {}).items():
        status = STATUSES.get(fold(meaning))
        if status is None:
            raise ApiProblem(f'statuses."{word}": harus salah satu dari {", ".join(Status)}')
        statuses[fold(word)] = status
    return statuses
