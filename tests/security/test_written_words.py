"""Words from outside stay words: on pages, in exports, in logs, metrics and error pages."""

import json
import logging
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import insert

from aspal import tables as t
from aspal.bootstrap import _OneLine, log_to_stderr
from aspal.commands.checks import examine
from aspal.core.rapor.period import Period
from aspal.core.words import Role
from aspal.db import Database
from aspal.gateways.documents_pdf import Letterhead
from aspal.report import period_report, rapor_documents
from aspal.web.factory import create_app
from tests.flow.phone import understand, writes
from tests.security.addresses import addresses
from tests.security.route_matrix import ADMINS, DECIDERS, INSIDE
from tests.web.conftest import Browser, token_of
from tests.web.test_webhooks import TWILIO
from tests.world import World

EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(2)>{{7*7}}"
PHONE, NIK = "+6281200000001", "3201010101010001"


@pytest.fixture
def poisoned(world: World) -> World:
    """Every text that comes from outside is an attack."""
    unit = world.unit(f"Dinas {EVIL}")
    sari = world.person(f"Sari {EVIL}", Role.LIAISON, unit, phone=PHONE, position=EVIL)
    complaint = world.complaint("1916449", unit, disposed="2026-07-30", title=EVIL, category=EVIL)
    world.complaint("1916450", unit, disposed="2026-07-30", title="javascript:alert(1)", link="javascript:alert(1)")
    world.tick()
    sid = world.rows(t.messages)[0].provider_sid
    writes(world, sari, f"1916449 sudah {EVIL}", ProfileName=EVIL, ButtonText=EVIL, photos=1, MediaContentType0=EVIL)
    writes(world, sari, f'*{EVIL}* https://x/"onmouseover=alert(1) {EVIL}', OriginalRepliedMessageSid=sid)
    writes(world, "+6281288887777", EVIL, ProfileName=EVIL)
    with world.db.write() as conn:
        conn.execute(insert(t.alarms).values(key="x", text=EVIL, raised_at=world.clock.now()))
        batch = {"kind": EVIL[:20], "source": EVIL, "sha256": "0" * 64, "applied_at": world.clock.now()}
        conn.execute(insert(t.batches).values(**batch, applied_by=EVIL))
        conn.execute(t.media.update().values(state="refused", reason=EVIL))
        conn.execute(t.contacts.update().values(unreachable_at=world.clock.now(), unreachable_reason=EVIL))
    world.phones.inbound_form(PHONE, EVIL, profile_name=EVIL)
    assert complaint == world.rows(t.complaints)[0].id
    return world


def test_nothing_written_outside_becomes_markup_on_any_page(poisoned: World, browser_of: Browser, app: Flask) -> None:
    browser, shown = browser_of("admin"), set()
    found = [*addresses(app, poisoned, INSIDE | DECIDERS | ADMINS), ("complaints.index", f"/aduan/?cari={EVIL}")]
    for endpoint, path in [*found, ("security.login", f"/login?next={EVIL}")]:
        with (app.test_client() if path.startswith("/login") else browser).get(path) as answer:
            if answer.mimetype != "text/html":
                continue
            html = answer.text.lower()
        for attack in ("<script>alert", "<img src=x", "<svg/onload", 'href="javascript:', "href='javascript:", "49}}"):
            assert attack not in html, (path, attack)
        assert " onmouseover=alert" not in html.replace("&#34;onmouseover", ""), path
        if "&lt;script&gt;" in html:
            shown.add(endpoint)
    assert len(shown) >= 15  # the words themselves are there, as words


def test_the_simulated_phone_shows_markup_of_others_as_text(poisoned: World, browser_of: Browser) -> None:
    browser = browser_of("admin")
    contact = poisoned.rows(t.contacts)[0].id
    browser.post(f"/simulator/hp/{contact}", data={"teks": EVIL, "csrf_token": token_of(browser, "/simulator/")})
    html = browser.get(f"/simulator/hp/{contact}").text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


FORMULAS = ('=HYPERLINK("http://x")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "<b>x</b>")


def test_no_export_turns_a_units_name_into_a_formula(world: World, tmp_path: Path) -> None:
    for n, name in enumerate(FORMULAS):
        world.complaint(f"19164{n:02d}", world.unit(name), disposed="2026-07-30")
    with world.db.read() as conn:
        asked, now = period_report.Asked(Period.of(2026)), world.clock.now()
        found = period_report.compared(conn, world.house.calendars(conn), asked, now)
        effects = period_report.reminders(conn, world.house.calendars(conn), asked, now)
    rapor_documents.rapor_xlsx(found, effects, tmp_path / "rapor.xlsx")
    rapor_documents.rapor_pdf(found, effects, tmp_path / "rapor.pdf", Letterhead())
    book = openpyxl.load_workbook(tmp_path / "rapor.xlsx")
    every = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    ours = ("=IF(", "=SUBTOTAL(")  # the workbook's own formulas
    cells = [cell for cell in every if cell.data_type != "f" or not cell.value.startswith(ours)]
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)
    written = {str(cell.value).strip() for cell in cells}
    assert {name.strip() for name in FORMULAS} <= written
    book.close()


# --- logs, metrics, errors, doctor ------------------------------------------------------------------------------------

SECRETS = {
    "secret_key": "kunci-rahasia-kantor-yang-panjang-sekali-42",
    "twilio_auth_token": "token-rahasia-twilio",
    "twilio_auth_token_secondary": "token-kedua-twilio",
    "metrics_token": "token-rahasia-ukuran",
    "lapor_api_secret": "rahasia-lapor-api",
    "demo_password": "sandi-rahasia-demo",
}


@pytest.fixture
def guarded(sqlite: Database) -> World:
    return World(sqlite, "2026-08-12 09:00", **(TWILIO | SECRETS))


@pytest.mark.parametrize(
    "text",
    [PHONE, "6281200000001", "081200000001", "0812-0000-0001", "+62 812-0000-0001", "+62 812 0000 0001", "+14155238886",
     f"whatsapp:{PHONE}", NIK, "sari@kantor.test", "Key (phone)=(+6281200000001) already exists.",
     "whatsapp:ID.4566546130240823", "ID.4566546130240823"],
)  # fmt: skip
def test_a_log_line_hides_numbers_and_addresses_however_they_are_spelled(text: str) -> None:
    try:
        raise ValueError(f"gagal untuk {text}!")
    except ValueError as error:
        record = logging.LogRecord("aspal", logging.ERROR, "", 1, "kirim ke %s", (text,), (type(error), error, None))
    record.address = text
    line = _OneLine("%(asctime)s %(levelname)s %(name)s %(message)s").format(record)
    bare = text.removeprefix("whatsapp:").rpartition("=(")[2].partition(")")[0]
    assert bare not in line
    assert "0000" not in line


def test_a_log_line_keeps_what_it_is_read_for() -> None:
    record = logging.LogRecord("aspal", logging.ERROR, "", 1, "message %s of 1916449", (12,), None)
    record.reply, record.sid = 7, "SM0123456789abcdef0123456789abcdef"
    line = _OneLine("%(message)s").format(record)
    assert line == "message 12 of 1916449 reply=7 sid=SM0123456789abcdef0123456789abcdef"


def test_no_log_line_breaks_into_two() -> None:
    record = logging.LogRecord("aspal", logging.ERROR, "", 1, "satu\r\nPALSU admin masuk", (), None)
    record.cause = "dua\nPALSU\x1b[2J"
    assert len(_OneLine("%(message)s").format(record).splitlines()) == 1


def test_no_secret_and_no_number_in_settings_metrics_health_doctor_or_error_pages(
    guarded: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = guarded.unit("Dinas PUPR")
    guarded.person("Sari", Role.LIAISON, unit, phone=PHONE)
    app = create_app(guarded.house)

    def broken() -> None:
        raise RuntimeError(f"rusak: {PHONE} {SECRETS['secret_key']}")

    monkeypatch.setitem(app.view_functions, "health.healthz", broken)
    before = logging.getLogger().handlers[:]
    log_to_stderr("info")
    try:
        client = app.test_client()
        told = [repr(guarded.settings), client.get("/healthz").text, client.get("/login").text]
        told.append(client.get("/metrics", headers={"Authorization": f"Bearer {SECRETS['metrics_token']}"}).text)
        told.append(client.get("/tidak-ada").text)
        monkeypatch.setattr("requests.post", _offline)
        told += [check.text for check in examine(guarded.house)] if _has_schema(guarded) else []
    finally:
        logging.getLogger().handlers[:] = before
    log = capsys.readouterr().err
    assert "RuntimeError" in log
    for text in told:
        for secret in [*SECRETS.values(), TWILIO["twilio_auth_token"] * 2, PHONE, PHONE[1:]]:
            assert secret not in text
    assert PHONE not in log
    assert "Traceback" not in client.get("/healthz").text


def _offline(*_: object, **__: object) -> None:
    import requests

    raise requests.ConnectionError(f"to {PHONE}")


def _has_schema(world: World) -> bool:
    from sqlalchemy import text

    from aspal.records import schema

    with world.db.write() as conn:
        conn.execute(text(f"CREATE TABLE {schema.VERSION_TABLE} (version_num VARCHAR(32))"))
        conn.execute(text(f"INSERT INTO {schema.VERSION_TABLE} VALUES ('{schema.wanted()}')"))
    return True


def test_a_whole_day_of_work_logs_no_number_and_no_word_of_a_message(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    unit = world.unit("Dinas PUPR")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-07-30", title="Judul yang panjang sekali")
    world.tick()
    writes(world, sari, "sudah kami tangani tuntas")
    writes(world, "+6281288887777", "halo apa kabar")
    understand(world)
    said = json.dumps([record.__dict__ for record in caplog.records if record.name.startswith("aspal")], default=str)
    for word in (sari.phone, "81288887777", "tangani tuntas", "apa kabar", "panjang sekali"):
        assert word not in said
