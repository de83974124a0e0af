"""The house is built from Settings; its log never shows a phone number."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from aspal.bootstrap import House, log_to_stderr
from aspal.clock import FrozenClock, clock_from
from aspal.db import Database
from aspal.gateways.whatsapp.simulator import SimulatorGateway
from aspal.records import calendar
from aspal.settings import Settings, SettingsError


@pytest.fixture
def quiet_again() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level


def test_a_log_line_carries_ids_and_no_phone_number(capsys: pytest.CaptureFixture[str], quiet_again: None) -> None:
    log_to_stderr("info")
    logging.getLogger("aspal").info("sent to +6281200000001", extra={"subject": 7, "to": "081200000001"})
    try:
        raise LookupError("6281200000001")
    except LookupError:
        logging.getLogger("aspal").exception("failed", extra={"job": "scan"})
    first, second, *traceback = capsys.readouterr().err.splitlines()
    assert first.endswith("INFO aspal sent to [nomor] subject=7 to=[nomor]")
    assert second.endswith("ERROR aspal failed job=scan")
    assert traceback[-1] == "  | LookupError: [nomor]"


def test_the_simulator_is_the_way_out_unless_twilio_is_chosen(sqlite: Database) -> None:
    house = House(Settings(database_url=str(sqlite.engine.url), secret_key="s" * 32))
    assert isinstance(house.gateway, SimulatorGateway)
    assert house.gateway is house.gateway
    house.close()


def test_a_day_off_that_was_just_declared_holds_at_once(sqlite: Database) -> None:
    clock = clock_from("2026-08-03T07:00+07:00")
    house = House(Settings(database_url=str(sqlite.engine.url)), clock)
    day = clock.now().date()
    with sqlite.write() as conn:
        calendar.seed(conn, 2026, 2026, clock.now())
        assert house.calendars(conn).of(None).is_workday(day)
        calendar.put_days(conn, [calendar.DayOff(day, "Hari jadi", "local", "uji")], clock.now())
        assert not house.calendars(conn).of(None).is_workday(day)
    house.close()


@pytest.mark.parametrize("url", ["mysql://x", "sqlite", "oracle+x://u:secret@h/d"])
def test_a_database_that_cannot_be_is_one_line_without_the_password(url: str) -> None:
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: ") as refused:
        House(Settings(database_url=url))
    assert "secret" not in str(refused.value)


def test_a_password_that_breaks_the_address_is_told_how_it_is_written() -> None:
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: .*%40") as refused:
        House(Settings(database_url="postgresql://aspal:se@cret%w:x@127.0.0.1:5432/aspal"))
    assert "cret" not in str(refused.value)


def test_the_secret_is_asked_for_by_name() -> None:
    house = House(Settings(database_url="sqlite://"))
    with pytest.raises(SettingsError, match=r"^SECRET_KEY: "):
        house.secret_key()
    house.close()


@pytest.mark.parametrize(("setting", "pace"), [(None, 1), ("2026-08-03T07:00+07:00@60", 60)])
def test_the_pace_of_the_house_is_its_clocks(setting: str | None, pace: float) -> None:
    house = House(Settings(database_url="sqlite://", aspal_clock=setting))
    assert house.pace == pace
    house.close()


@pytest.mark.parametrize("setting", ["2026-08-03T07:00+07:00@", "2026-08-03T07:00+07:00@0", "2026-08-03T07:00"])
def test_a_clock_that_is_half_written_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        clock_from(setting)


def test_a_clock_may_be_brought_along(tmp_path: Path) -> None:
    clock = FrozenClock(clock_from("2026-08-03T07:00+07:00").now())
    house = House(Settings(database_url=f"sqlite:///{tmp_path}/a.db"), clock)
    assert house.clock is clock
    house.close()
