"""Complaints from a JSON API whose every word is configuration: the same canonical cells as from a file.

There is no public LAPOR API to promise; this speaks whatever `config` describes. Only mapped fields are read,
so that nothing about a reporter comes in.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urljoin

import requests

from aspal.core.columns import ROSTER, fold
from aspal.core.rows import Cells
from aspal.gateways.lapor_api.call import Caller
from aspal.gateways.lapor_api.config import ApiConfig, ApiProblem

_ABSENT = object()


def fetch(
    config: ApiConfig,
    since: date | None = None,
    session: requests.Session | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Cells]:
    """Every complaint that the API gives, page by page; the session is closed at the end.

    Raises ApiProblem, possibly after some rows have come: apply nothing before the last one.
    """
    with requests.Session() if session is None else session as used:
        number = 0
        for page in _pages(config, since, Caller(config, used, sleep)):
            if page:
                _check_fields(config, page)
            for row in page:
                number += 1
                yield Cells.of(number, _cells(config, row))


def _pages(config: ApiConfig, since: date | None, caller: Caller) -> Iterator[list[Any]]:
    """A page that repeats the one before means that the API ignores our paging: better no import than half of one."""
    paging, url = config.paging, config.base_url + config.request["path"]
    parameters, position, before = _parameters(config, since), paging["first"], None
    if paging["kind"] in ("page", "offset"):
        parameters[paging["parameter"]] = position
    for number in range(1, paging["most_pages"] + 1):
        answer = caller.get(url, parameters)
        page = _rows(config, answer)
        if page and page == before:
            raise ApiProblem(
                "API LAPOR mengirim halaman yang sama dua kali. Periksa [paging]; isi paging.pages bila ada."
            )
        yield page
        before = page
        following = look_up(answer, paging["next"]) if paging["next"] else None
        if paging["kind"] == "none" or (paging["kind"] in ("cursor", "link") and following in (None, "", _ABSENT)):
            return
        if paging["kind"] in ("page", "offset") and (not page or _is_last(config, answer, number)):
            return
        if paging["kind"] == "link":
            url, parameters = caller.same_host(urljoin(url, str(following))), {}
        elif paging["kind"] == "cursor":
            parameters[paging["parameter"]] = following
        else:
            position += 1 if paging["kind"] == "page" else len(page)
            parameters[paging["parameter"]] = position
    raise ApiProblem(f"Masih ada data setelah {paging['most_pages']} halaman. Naikkan paging.most_pages.")


def _parameters(config: ApiConfig, since: date | None) -> dict[str, Any]:
    parameters = dict(config.request["parameters"])
    if config.request["since"] and since is not None:
        parameters[config.request["since"]] = since.strftime(config.request["since_format"])
    if config.paging["size_parameter"]:
        parameters[config.paging["size_parameter"]] = config.paging["size"]
    return parameters


def _is_last(config: ApiConfig, answer: Any, number: int) -> bool:
    if not config.paging["pages"]:
        return False
    try:
        return number >= int(look_up(answer, config.paging["pages"]))
    except (TypeError, ValueError) as error:
        raise ApiProblem(f'paging.pages: "{config.paging["pages"]}" tidak berisi jumlah halaman.') from error


def _rows(config: ApiConfig, answer: Any) -> list[Any]:
    path = config.request["rows"]
    rows = look_up(answer, path) if path else answer
    if not isinstance(rows, list):
        where = f'"{path}"' if path else "tingkat teratas"
        raise ApiProblem(f"Daftar laporan tidak ada di {where} jawaban API LAPOR. Periksa request.rows.")
    return rows


def _check_fields(config: ApiConfig, page: list[Any]) -> None:
    for name in ROSTER.required:
        path = config.fields[name]
        if all(look_up(row, path) is _ABSENT for row in page):
            raise ApiProblem(f'Tidak satu pun laporan dari API LAPOR memiliki "{path}". Periksa fields.{name}.')


def _cells(config: ApiConfig, row: Any) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, path in config.fields.items():
        value: object = _plain(look_up(row, path))
        if name.startswith("tgl_"):
            value = _moment(value, config)
        elif name == "status":
            value = config.statuses.get(fold(value), value)
        values[name] = value
    return values


def look_up(data: Any, path: str) -> Any:
    """ "a.b.0.c" inside decoded JSON; "*" stands for every item of a list."""
    for position, part in enumerate(parts := path.split(".")):
        if part == "*" and isinstance(data, list):
            rest = ".".join(parts[position + 1 :])
            return [look_up(item, rest) if rest else item for item in data]
        if isinstance(data, Mapping) and part in data:
            data = data[part]
        elif isinstance(data, list) and part.isascii() and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            return _ABSENT
    return data


def _plain(value: Any) -> str | int | float | bool | None:
    """Several units become lines of one cell; anything else that is not a plain value is as good as blank."""
    if isinstance(value, list):
        return "\n".join(str(found) for item in value if (found := _plain(item)) not in (None, ""))
    return value if isinstance(value, str | int | float | bool) else None


def _moment(value: object, config: ApiConfig) -> object:
    """A moment with an offset becomes the office's local one; what cannot be read is left for core.rows to refuse."""
    form = config.request["date_format"]
    try:
        if form in ("epoch", "epoch_ms") and isinstance(value, int | float | str) and value != "":
            moment = datetime.fromtimestamp(float(value) / (1000 if form == "epoch_ms" else 1), UTC)
        elif isinstance(value, str) and value:
            moment = _parse(value, form)
        else:
            return value
    except (ValueError, OverflowError, OSError):
        return value
    return moment.astimezone(config.zone).replace(tzinfo=None) if moment.tzinfo else moment


def _parse(text: str, form: str) -> datetime:
    return datetime.fromisoformat(text) if form == "auto" else datetime.strptime(text, form)  # noqa: DTZ007 - as given
