"""A JSON API that is described by configuration only; every address here is invented."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests
import responses
from responses import matchers

from aspal.core.rows import RosterReader, RosterRow
from aspal.core.words import Status
from aspal.gateways.lapor_api import fetch, look_up
from aspal.gateways.lapor_api.config import ApiConfig, ApiProblem

URL = "https://integrasi.contoh.go.id/api/laporan"
SECRET = "kunci-sangat-rahasia"
FIELDS = {
    "tracking_id": "id",
    "status": "status.kode",
    "tgl_masuk": "dibuat",
    "opd": "disposisi.*.instansi",
    "rahasia": "r",
}
EXAMPLE = Path(__file__).parents[2] / "docs" / "lapor-api.example.toml"


def config(**sections: Any) -> ApiConfig:
    request = {"path": "/laporan", "rows": "data"} | sections.pop("request", {})
    data = {"base_url": URL.removesuffix("/laporan"), "fields": FIELDS, "statuses": {"20": "belum_ditindaklanjuti"}}
    return ApiConfig.from_data(data | {"request": request} | sections, SECRET)


def item(number: int = 1916449, **changed: Any) -> dict[str, Any]:
    units = [{"instansi": "Dinas Kesehatan"}, {"instansi": "Dinas Sosial"}]
    row = {"id": number, "status": {"kode": 20}, "dibuat": "2026-08-03T18:00:00Z", "disposisi": units, "r": False}
    return row | {"pelapor": {"nama": "SITI"}} | changed


def numbers(settings: ApiConfig, since: date | None = None) -> list[object]:
    return [cells.values["tracking_id"] for cells in fetch(settings, since, sleep=lambda seconds: None)]


def refusal(settings: ApiConfig) -> str:
    with pytest.raises(ApiProblem) as problem:
        list(fetch(settings, sleep=lambda seconds: None))
    assert SECRET not in str(problem.value)
    return str(problem.value)


@responses.activate
def test_a_row_is_what_a_sheet_would_have_given() -> None:
    responses.get(URL, json={"data": [item()]}, match=[matchers.header_matcher({"Authorization": f"Bearer {SECRET}"})])
    (cells,) = fetch(config())
    assert "SITI" not in repr(cells)
    row = RosterReader(today=date(2026, 8, 10)).read(cells)
    assert isinstance(row, RosterRow)
    assert (row.number, row.tracking_id, row.status, row.confidential) == (1, "1916449", Status.OPEN, False)
    assert row.units == ("Dinas Kesehatan", "Dinas Sosial")
    assert row.received_on == date(2026, 8, 4)  # 01:00 WIB


@responses.activate
@pytest.mark.parametrize(
    ("form", "written", "day"),
    [
        ("epoch", 1785776400, date(2026, 8, 4)),
        ("epoch_ms", "1785776400000", date(2026, 8, 4)),
        ("%d-%m-%Y %H:%M", "03-08-2026 18:00", date(2026, 8, 3)),
        ("auto", "Senin, 3 Agustus 2026", date(2026, 8, 3)),
    ],
)
def test_date_formats(form: str, written: object, day: date) -> None:
    responses.get(URL, json={"data": [item(dibuat=written)]})
    (cells,) = fetch(config(request={"date_format": form}))
    row = RosterReader(today=date(2026, 8, 10)).read(cells)
    assert isinstance(row, RosterRow)
    assert row.received_on == day


@responses.activate
def test_the_secret_may_travel_as_a_parameter_of_a_form() -> None:
    sent = {"KEYTOKEN": SECRET, "sejak": "03/08/2026", "jenis": "semua"}
    responses.post(URL, json={"data": [item()]}, match=[matchers.urlencoded_params_matcher(sent)])
    request = {"method": "POST", "since": "sejak", "since_format": "%d/%m/%Y", "parameters": {"jenis": "semua"}}
    settings = config(request=request, auth={"in": "parameter", "name": "KEYTOKEN"})
    assert numbers(settings, date(2026, 8, 3)) == [1916449]


def serve(pages: dict[str, Any]) -> None:
    """Answers by the value of the parameter `p`."""
    for value, body in pages.items():
        responses.get(URL, json=body, match=[matchers.query_param_matcher({"p": value})])


@responses.activate
def test_pages_until_an_empty_one() -> None:
    serve({"1": {"data": [item(1), item(2)]}, "2": {"data": [item(3)]}, "3": {"data": []}})
    assert numbers(config(paging={"kind": "page", "parameter": "p"})) == [1, 2, 3]


@responses.activate
def test_pages_as_many_as_the_answer_says() -> None:
    serve({"1": {"data": [item(1)], "meta": {"n": 2}}, "2": {"data": [item(2)], "meta": {"n": "2"}}})
    assert numbers(config(paging={"kind": "page", "parameter": "p", "pages": "meta.n"})) == [1, 2]


@responses.activate
def test_offsets_follow_what_really_came() -> None:
    serve({"0": {"data": [item(1), item(2)]}, "2": {"data": [item(3)]}, "3": {"data": []}})
    assert numbers(config(paging={"kind": "offset", "parameter": "p", "first": 0})) == [1, 2, 3]


@responses.activate
def test_a_cursor() -> None:
    responses.get(URL, json={"data": [item(1)], "next": "abc"}, match=[matchers.query_param_matcher({})])
    serve({"abc": {"data": [item(2)], "next": None}})
    assert numbers(config(paging={"kind": "cursor", "parameter": "p", "next": "next"})) == [1, 2]


@responses.activate
def test_a_link_to_the_next_page_on_the_same_host_only() -> None:
    paging = {"kind": "link", "next": "links.next"}
    responses.get(URL, json={"data": [item(1)], "links": {"next": "/api/lagi"}})
    lagi = responses.get(URL.replace("laporan", "lagi"), json={"data": [item(2)], "links": {}})
    assert numbers(config(paging=paging)) == [1, 2]
    assert lagi.call_count == 1
    responses.replace(responses.GET, URL, json={"data": [item(1)], "links": {"next": "https://lain.example/x"}})
    assert "alamat lain" in refusal(config(paging=paging))


@responses.activate
def test_an_api_that_ignores_our_paging_is_not_half_imported() -> None:
    responses.get(URL, json={"data": [item(1)]})
    assert "halaman yang sama" in refusal(config(paging={"kind": "page"}))


@responses.activate
def test_too_many_pages_end_with_an_error_not_silently() -> None:
    serve({"1": {"data": [item(1)]}, "2": {"data": [item(2)]}})
    assert "most_pages" in refusal(config(paging={"kind": "page", "parameter": "p", "most_pages": 2}))


@responses.activate
def test_disturbances_are_waited_out_as_the_server_asks() -> None:
    waits: list[float] = []
    responses.get(URL, body=requests.ConnectionError())
    responses.get(URL, status=429, headers={"Retry-After": "7"})
    later = {"Date": "Mon, 03 Aug 2026 01:00:00 GMT", "Retry-After": "Mon, 03 Aug 2026 01:00:20 GMT"}
    responses.get(URL, status=503, headers=later)
    responses.get(URL, json={"data": [item()]})
    assert len(list(fetch(config(), sleep=waits.append))) == 1
    assert waits == [1.0, 7.0, 20.0]


@responses.activate
def test_a_lasting_disturbance_is_said() -> None:
    failing = responses.get(URL, status=500)
    assert "HTTP 500" in refusal(config(request={"attempts": 3}))
    assert failing.call_count == 3
    responses.replace(responses.GET, URL, body=requests.Timeout(f"…?k={SECRET}"))
    assert "tidak dapat dihubungi" in refusal(config())
    responses.replace(responses.GET, URL, body=requests.exceptions.InvalidHeader(SECRET))
    assert "InvalidHeader" in refusal(config())


@responses.activate
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 401, "json": {}}, "LAPOR_API_SECRET"),
        ({"status": 404, "json": {}}, "request.path"),
        ({"status": 422, "json": {}}, "HTTP 422"),
        ({"body": "<html>Masuk</html>"}, "halaman web"),
        ({"body": '{"data": ['}, "bukan JSON"),
        ({"json": {"hasil": []}}, "request.rows"),
        ({"json": {"data": [{"id": 1, "dibuat": "x"}]}}, "fields.status"),
        ({"json": {"data": [item()], "meta": {}}}, "paging.pages"),
        ({"status": 302, "headers": {"Location": "https://lain.example/masuk"}}, "alamat lain"),
        ({"status": 302, "headers": {"Location": URL}}, "mengalihkan"),
    ],
)
def test_what_is_wrong_is_said_with_the_key_to_look_at(answer: dict[str, Any], words: str) -> None:
    responses.get(URL, **answer)
    assert words in refusal(config(paging={"kind": "page", "pages": "meta.n"}))


@responses.activate
def test_a_redirect_on_the_same_host_is_followed() -> None:
    responses.get(URL, status=307, headers={"Location": "/api/v2"})
    responses.get("https://integrasi.contoh.go.id/api/v2", json={"data": [item()]})
    assert numbers(config()) == [1916449]


def test_the_example_file_is_valid_and_the_secret_never_shows() -> None:
    settings = ApiConfig.from_toml(EXAMPLE, SECRET)
    assert settings.statuses["20"] is Status.OPEN
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("change", "secret", "words"),
    [
        ({"base_url": "http://integrasi.contoh.go.id"}, SECRET, "base_url: harus https"),
        ({"base_url": "https://u:p@contoh.go.id"}, SECRET, "base_url"),
        ({"base_url": "contoh"}, SECRET, "base_url"),
        ({"time_zone": "Asia/Bandung"}, SECRET, "time_zone"),
        ({"base": "x"}, SECRET, "base: tidak dikenal"),
        ({"auth": {"in": "cookie"}}, SECRET, r"auth\.in"),
        ({"request": {"timeout_seconds": "lama"}}, SECRET, r"request\.timeout_seconds"),
        ({"request": {"attempts": 0}}, SECRET, r"request\.attempts"),
        ({"paging": "page"}, SECRET, r"\[paging\]"),
        ({"paging": {"kind": "cursor"}}, SECRET, r"paging\.next"),
        ({"fields": {"status": "s", "tgl_masuk": "t"}}, SECRET, "belum ada tracking_id"),
        ({"fields": FIELDS | {"nik": "x"}}, SECRET, r"fields\.nik"),
        ({"fields": FIELDS | {"judul": "pelapor.nama"}}, SECRET, "data pribadi"),
        ({"statuses": {"30": "jalan"}}, SECRET, 'statuses."30"'),
        ({}, None, "LAPOR_API_SECRET"),
        ({}, "kunci\n", "LAPOR_API_SECRET"),
    ],
)
def test_a_wrong_configuration_names_the_key(change: dict[str, Any], secret: str | None, words: str) -> None:
    with pytest.raises(ApiProblem, match=words):
        ApiConfig.from_data({"base_url": "https://contoh.go.id", "fields": FIELDS} | change, secret)


def test_plain_http_is_for_this_machine_only() -> None:
    for host in ("127.0.0.1:8080", "localhost", "[::1]:1"):
        ApiConfig.from_data({"base_url": f"http://{host}", "fields": FIELDS}, SECRET)


def test_no_file_and_no_toml(tmp_path: Path) -> None:
    with pytest.raises(ApiProblem, match="tidak terbaca"):
        ApiConfig.from_toml(tmp_path / "tidak-ada.toml", SECRET)


@pytest.mark.parametrize(
    ("path", "found"),
    [("a.0.b", 1), ("a.*.b", [1, 2]), ("c", None), ("a.*", [{"b": 1}, {"b": 2}])],
)
def test_paths_into_an_answer(path: str, found: object) -> None:
    assert look_up({"a": [{"b": 1}, {"b": 2}], "c": None}, path) == found
