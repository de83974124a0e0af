"""The machine never dies in silence: a test message, a line a day, and alarms that reach somebody, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow import callback, housekeeping, vitals, watch
from aspal.flow import templates as station
from aspal.flow.mailroom import Mailroom
from aspal.gateways import mail
from aspal.gateways.whatsapp.port import RemoteTemplate, SendFailed, Standing
from aspal.records import health, journal, templates
from jobs import ping as ping_job
from jobs import watch as watch_job
from tests.world import Somebody, World

PHONE = "+6281200000009"


def at(db: Database, start: str = "2026-08-03 08:00", **settings: Any) -> tuple[World, Somebody]:
    """An office with one admin, its calendar complete: nothing to say."""
    world = World(db, start, alert_whatsapp="on", **settings)
    return world, world.person("Admin", Role.ADMIN, world.unit("Diskominfo"), guest=True)


def look(world: World, minutes: float = 0) -> watch.WatchCount:
    world.clock.moment += timedelta(minutes=minutes)
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    return watch.run(
        world.db, world.house.gateway, world.settings, calendars, world.house.texts, world.clock.now()
    )  # fmt: skip


def raise_alarm(world: World, key: str, text: str = "Ada sebabnya.") -> None:
    with world.db.write() as conn:
        health.raise_alarm(conn, key, text, world.clock.now())


def clear_alarm(world: World, key: str) -> None:
    with world.db.write() as conn:
        health.clear_alarm(conn, key, world.clock.now())


def alarms(world: World) -> dict[str, str]:
    with world.db.read() as conn:
        return {alarm.key: alarm.text for alarm in health.open_alarms(conn)}


def news(world: World, who: Somebody) -> list[str]:
    return [m.text for m in world.rows(t.messages, template="kabar_sistem") if m.contact_id == who.id]


def report(world: World, message: Any, status: str, code: int | None = None) -> None:
    form = {"MessageSid": message.provider_sid, "MessageStatus": status}
    callback.record(Mailroom(world.db), form | ({"ErrorCode": str(code)} if code else {}), world.clock.now())


def arrive(world: World, template: str) -> None:
    report(world, world.rows(t.messages, template=template)[-1], "delivered")


# --- the canary ------------------------------------------------------------------------------------------------


def test_the_test_message_goes_once_at_the_opening_and_comes_back(db: Database) -> None:
    world, _ = at(db, "2026-08-03 07:25", canary_phone=PHONE)
    assert look(world).canary == 0  # the office is closed
    assert look(world, minutes=5).canary == 1
    world.tick()
    assert look(world, minutes=5).canary == 0
    arrive(world, "uji_pagi")
    look(world, minutes=30)
    assert "canary" not in alarms(world)
    assert "Senin, 3 Agustus 2026" in world.only(t.messages, template="uji_pagi").text


def test_a_test_message_that_does_not_arrive_is_an_alarm_until_one_does(db: Database) -> None:
    world, _ = at(db, canary_phone=PHONE)
    look(world)
    world.tick()
    look(world, minutes=14)
    assert "canary" not in alarms(world)
    look(world, minutes=1)
    assert "Pesan uji Senin, 3 Agustus 2026 tidak sampai: belum ada laporan" in alarms(world)["canary"]
    arrive(world, "uji_pagi")
    look(world, minutes=5)
    assert "canary" not in alarms(world)


def test_a_test_message_that_failed_says_why(db: Database) -> None:
    world, _ = at(db, canary_phone=PHONE)
    look(world)
    world.tick()
    report(world, world.only(t.messages, template="uji_pagi"), "failed", 63024)
    look(world, minutes=15)
    assert "tidak terdaftar di WhatsApp" in alarms(world)["canary"]


def test_no_test_message_on_a_day_off_nor_without_a_number(db: Database) -> None:
    assert look(at(db, "2026-08-02 09:00", canary_phone=PHONE)[0]).canary == 0
    assert look(World(db, "2026-08-03 09:00")).canary == 0


def test_while_only_guests_receive_the_number_must_be_a_guests(db: Database) -> None:
    world, admin = at(db, recipients="guests", canary_phone=PHONE)
    assert look(world).canary == 0
    assert "aspal guests add" in alarms(world)["canary"]
    world.with_settings(canary_phone=admin.phone)
    assert look(world, minutes=5).canary == 1
    world.tick()
    arrive(world, "uji_pagi")
    look(world, minutes=5)
    assert "canary" not in alarms(world)


# --- one line a day --------------------------------------------------------------------------------------------


def test_a_day_with_nothing_to_send_is_told_too_and_once(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    world, _ = at(db, "2026-08-03 07:35")
    assert look(world).daily == 0  # the morning's messages are still being planned
    assert [look(world, minutes=5).daily, look(world, minutes=5).daily] == [1, 0]
    with world.db.read() as conn:
        (entry,) = [e for e in journal.recent(conn) if e.action == "day.counted"]
        assert journal.verify(conn) is None
    assert entry.detail["text"].startswith("Senin, 3 Agustus 2026: 0 pesan, 0 ditahan, 0 gagal, 0 pengingat tertunda")
    assert [record.messages for record in caplog.records if record.message == "day counted"] == [0]  # type: ignore[attr-defined]
    assert look(world, minutes=24 * 60).daily == 1


def test_a_day_off_has_its_line_too(db: Database) -> None:
    world, _ = at(db, "2026-08-02 09:00")
    assert look(world).daily == 1
    (entry,) = [row for row in world.rows(t.journal) if row.action == "day.counted"]
    assert "(libur: Minggu)" in entry.detail["text"]


# --- alarms out ------------------------------------------------------------------------------------------------


def test_alarms_come_bundled_once_and_at_most_once_an_hour(db: Database) -> None:
    world, admin = at(db)
    look(world)
    raise_alarm(world, "recipients_per_day", "Rem volume: 900 pesan ditahan.")
    raise_alarm(world, "webhook_refused", "Pesan 7: tidak diketahui terkirim atau tidak.")
    assert look(world, minutes=5).told == 1
    raise_alarm(world, "clock", "Pesan jenis x tidak dapat dibuat.")
    assert [look(world, minutes=5).told for _ in range(11)] == [0] * 11
    assert look(world, minutes=5).told == 1
    assert [look(world, minutes=30).told for _ in range(4)] == [0] * 4
    first, second = news(world, admin)
    assert "ada 2 kabar" in first
    assert "900 pesan ditahan; Pesan 7" in first
    assert "ada 1 kabar" in second


def test_a_cure_is_told_once_and_only_when_it_lasts(db: Database) -> None:
    world, admin = at(db)
    raise_alarm(world, "recipients_per_day", "Rem volume.")
    assert look(world).told == 1
    world.clock.moment += timedelta(hours=2)
    clear_alarm(world, "recipients_per_day")
    assert look(world, minutes=5).told == 0
    raise_alarm(world, "recipients_per_day", "Rem volume.")
    assert look(world, minutes=40).told == 0  # it came back: the same trouble
    clear_alarm(world, "recipients_per_day")
    assert look(world, minutes=30).told == 1
    assert "Sudah pulih: Rem volume" in news(world, admin)[-1]
    assert look(world, minutes=60).told == 0


def test_alarms_wait_for_office_hours_and_for_somebody_to_tell(db: Database) -> None:
    world, admin = at(db, "2026-08-02 09:00", recipients="guests")
    world.person("Bukan tamu", Role.ADMIN, world.unit("Lain"))
    raise_alarm(world, "recipients_per_day")
    assert look(world).told == 0
    world.clock.moment = world.at("2026-08-03 07:30")
    with world.db.write() as conn:
        conn.execute(update(t.contacts).values(unreachable_at=world.clock.now()))
    assert look(world).told == 0
    with world.db.write() as conn:
        conn.execute(update(t.contacts).values(unreachable_at=None))
    assert look(world, minutes=5).told == 1
    assert len(news(world, admin)) == 1


def test_an_alarm_that_only_asks_for_tidying_up_waits_on_the_first_page(db: Database) -> None:
    world, _ = at(db)
    for key in ("coverage", "decree", "appointments_ending", "consent:3", "unknown_sender:ab"):
        raise_alarm(world, key)
    assert look(world).told == 0


def test_it_can_be_switched_off(db: Database) -> None:
    world, _ = at(db)
    world.with_settings(alert_whatsapp="off")
    raise_alarm(world, "recipients_per_day")
    assert look(world).told == 0


def test_a_stopped_sender_is_not_asked_to_tell_of_itself_but_its_end_is_told(db: Database) -> None:
    world, admin = at(db)
    raise_alarm(world, "sender_stop", "Pengiriman dihentikan: kredensial ditolak.")
    assert [look(world, minutes=30).told for _ in range(4)] == [0] * 4
    assert news(world, admin) == []
    clear_alarm(world, "sender_stop")
    assert look(world, minutes=31).told == 1
    assert "Sudah pulih: Pengiriman dihentikan" in news(world, admin)[0]


def test_while_its_own_text_is_not_approved_the_news_waits(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    world, _ = at(db)
    raise_alarm(world, "recipients_per_day")
    monkeypatch.setattr(type(world.phones), "needs_approval", True)
    assert look(world).told == 0
    monkeypatch.undo()
    assert look(world, minutes=5).told == 1


def test_a_long_list_of_long_alarms_still_fits(db: Database) -> None:
    world, admin = at(db)
    for n in range(40):
        raise_alarm(world, f"odd:{n}", f"Balasan {n} tidak dapat diproses. " * 20)
    assert look(world).told == 1
    assert "lainnya" in news(world, admin)[0]


# --- e-mail ----------------------------------------------------------------------------------------------------


class Letters:
    """Instead of a mail server."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[tuple[str, str]] = []
        self.broken = False
        monkeypatch.setattr(mail, "send", self.send)

    def send(self, url: str, sender: str | None, to: Sequence[str], subject: str, text: str) -> None:
        if self.broken:
            raise mail.MailFailed("server surel menjawab 535")
        self.sent.append((subject, text))


MAIL = {"smtp_url": "smtp://mail.test", "alert_emails": "admin@kantor.test"}


def test_an_alarm_goes_by_mail_at_once_also_at_night_and_when_the_sender_is_dead(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters, (world, _) = Letters(monkeypatch), at(db, "2026-08-02 22:00", **MAIL)
    look(world)
    raise_alarm(world, "sender_stop", "Pengiriman dihentikan: kredensial ditolak.")
    raise_alarm(world, "coverage", "OPD tanpa penghubung.")
    assert [look(world, minutes=5).mailed, look(world, minutes=20).mailed] == [1, 0]
    clear_alarm(world, "sender_stop")
    assert look(world, minutes=30).mailed == 1
    assert [subject for subject, _ in letters.sent] == ["ASPAL: 2 gangguan", "ASPAL: sudah pulih"]
    assert "- Pengiriman dihentikan: kredensial ditolak.\n- OPD tanpa penghubung." in letters.sent[0][1]


@pytest.mark.parametrize("key", ["appointments_ending", "skb_due:2026", "gap:2026-08-03", "promise:7"])
def test_what_time_alone_ends_is_not_called_cured_and_is_told_again_when_it_comes_back(
    db: Database, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """On the day on which every SK has run out, "sudah pulih: SK segera berakhir" is the opposite of the truth."""
    letters, (world, admin) = Letters(monkeypatch), at(db, **MAIL)
    for _ in range(2):
        raise_alarm(world, key, "SK penugasan segera berakhir: Dinas PUPR (31-12-2026).")
        look(world, minutes=61)
        clear_alarm(world, key)
        look(world, minutes=61)
    assert [subject for subject, _ in letters.sent] == ["ASPAL: 1 gangguan", "ASPAL: 1 gangguan"]
    told = news(world, admin)
    assert not any("pulih" in text for text in told)
    assert len(told) == (0 if key == "appointments_ending" else 2)


def test_more_units_that_nobody_answers_for_are_told_again_and_once(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters, (world, _) = Letters(monkeypatch), at(db, **MAIL)

    def hours(count: int) -> None:
        for _ in range(count):
            housekeeping.run(db, world.settings, world.clock.now())
            look(world, minutes=60)

    hours(3)
    social = world.unit("Dinas Sosial")
    hours(3)
    assert [text.count("OPD tanpa") for _, text in letters.sent] == [1, 1]
    assert "Dinas Sosial, Diskominfo" in letters.sent[1][1]
    for role in (Role.LIAISON, Role.HEAD):
        world.person("Sari", role, social)
    hours(3)
    assert len(letters.sent) == 2, "one fewer is no news"
    for role in (Role.LIAISON, Role.HEAD):
        world.person("Budi", role, world.rows(t.units)[0].id)
    hours(3)
    assert letters.sent[2][0] == "ASPAL: sudah pulih"


def test_mail_that_does_not_leave_is_an_alarm_and_is_tried_again(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    letters, (world, _) = Letters(monkeypatch), at(db, **MAIL)
    letters.broken = True
    raise_alarm(world, "recipients_per_day", "Rem volume.")
    assert look(world).mailed == 0
    assert "535" in alarms(world)["mail"]
    letters.broken = False
    assert look(world, minutes=5).mailed == 1
    assert "mail" not in alarms(world)
    assert "Rem volume" in letters.sent[0][1]


# --- what the watch finds by itself ----------------------------------------------------------------------------


def beat(world: World, name: str, minutes_ago: float, every: int = 60) -> None:
    with world.db.write() as conn:
        health.beat(conn, name, world.clock.now() - timedelta(minutes=minutes_ago), every)


def test_a_dead_job_is_an_alarm_until_it_lives_again(db: Database) -> None:
    world, _ = at(db)
    beat(world, "watch", 1, 300)
    beat(world, "scan", 4)
    look(world)
    assert "“Memeriksa laporan yang jatuh tempo” (scan)" in alarms(world)["job:scan"]
    beat(world, "scan", 0)
    look(world)
    assert "job:scan" not in alarms(world)


def test_after_an_outage_of_everything_the_others_get_a_moment(db: Database) -> None:
    world, _ = at(db)
    beat(world, "watch", 3 * 24 * 60, 300)
    beat(world, "scan", 3 * 24 * 60)
    look(world)
    assert "job:scan" not in alarms(world)


@pytest.mark.parametrize(
    ("died", "came_back", "told"),
    [
        ("2026-08-03 14:00", "2026-08-24 09:00", "dari Senin, 3 Agustus 2026 pukul 14.00 WIB sampai"),
        ("2026-08-03 14:00", "2026-08-24 09:00", "(14 hari kerja)"),  # 17 August is off
        ("2026-08-03 14:00", "2026-08-24 09:00", "Pengingat yang belum keluar selama itu tidak disusulkan"),
        ("2026-08-03 09:00", "2026-08-03 11:00", "sampai Senin, 3 Agustus 2026 pukul 11.00 WIB."),
        ("2026-08-03 09:00", "2026-08-03 11:00", "Pengingat hari ini yang tertunda menyusul selama jam kerja"),
        ("2026-08-03 09:00", "2026-08-03 09:50", None),  # a restart
        ("2026-08-07 17:00", "2026-08-10 08:10", None),  # a weekend
    ],
)
def test_coming_back_it_tells_for_how_long_nobody_was_reminded(
    db: Database, died: str, came_back: str, told: str | None
) -> None:
    world, admin = at(db, died)
    world.settings = replace(world.settings, whatsapp_gateway="twilio")
    with db.write() as conn:
        health.beat(conn, "watch", world.clock.now(), 300)
    world.clock.moment = world.at(came_back)
    look(world)
    with db.write() as conn:
        health.beat(conn, "watch", world.clock.now(), 300)
    look(world, 5)
    gap = [text for key, text in alarms(world).items() if key.startswith("gap:")]
    assert len(gap) == len(news(world, admin)) == (told is not None)
    assert told is None or told in gap[0]
    look(world, 60 * 24 * 8)
    assert not [key for key in alarms(world) if key == "gap:2026-08-24"]


def test_who_comes_back_after_closing_does_not_promise_that_day(db: Database) -> None:
    world, _ = at(db)
    world.settings = replace(world.settings, whatsapp_gateway="twilio")
    beat(world, "watch", 0)
    look(world, 60 * 9)
    assert "tidak disusulkan" in alarms(world)["gap:2026-08-03"]


def test_what_two_alarms_say_is_said_once(db: Database) -> None:
    world, _ = at(db)
    refused = "Kredensial Twilio ditolak. Periksa TWILIO_AUTH_TOKEN."
    raise_alarm(world, "provider_account", refused)
    raise_alarm(world, "sender_stop", f"Pengiriman dihentikan: {refused}")
    with world.db.read() as conn:
        signs = vitals.read(conn, db, world.settings, world.clock.now())
    said = next(part.text for part in vitals.judge(signs, world.settings, world.clock.now()) if part.name == "gateway")
    assert said == f"Pengiriman dihentikan: {refused}"


def test_a_roster_that_nobody_renews_is_an_alarm_until_the_next_import(db: Database) -> None:
    world, admin = at(db)
    complaint = world.complaint("1916449", 1, disposed="2026-08-03")
    look(world)
    assert "import" not in alarms(world)  # an office that types its roster imports nothing

    def imports() -> None:
        with db.write() as conn:
            values = {"kind": "roster", "source": "ekspor.xlsx", "sha256": "0" * 64, "applied_by": "admin@kantor.test"}
            values["summary"] = {"rows": 1, "new": 0, "changed": 0, "unchanged": 1}
            conn.execute(t.batches.insert().values(**values, applied_at=world.clock.now()))

    imports()
    for day, words in (("05 10:00", ""), ("06 10:00", "3 hari kerja lalu"), ("07 10:00", "4 hari kerja lalu")):
        world.clock.moment = world.at(f"2026-08-{day}")
        look(world)
        assert words in alarms(world).get("import", "")
        assert bool(words) is ("import" in alarms(world))
    assert len(news(world, admin)) == 1
    world.change(complaint, status="selesai")
    look(world)
    assert "import" not in alarms(world)  # nothing is open that could be told of wrongly
    world.complaint("1916450", 1, disposed="2026-08-07")
    look(world)
    assert "import" in alarms(world)
    imports()
    look(world)
    assert "import" not in alarms(world)


def test_nothing_outside_that_watches_is_said(db: Database) -> None:
    world, _ = at(db)

    def parts(**settings: Any) -> dict[str, str]:
        with db.read() as conn:
            signs = vitals.read(conn, db, world.settings, world.clock.now())
        changed = replace(world.settings, **settings)
        return {part.name: part.level for part in vitals.judge(signs, changed, world.clock.now())}

    assert parts(whatsapp_gateway="twilio")["watchdog"] == "warning"
    assert "watchdog" not in parts(whatsapp_gateway="twilio", ping_url="https://ping.example.test/1")
    assert "watchdog" not in parts()


def test_a_job_that_fails_for_ten_minutes_is_an_alarm_and_a_hiccup_is_not(db: Database) -> None:
    world, _ = at(db)
    with world.db.write() as conn:
        health.fail(conn, "scan", world.clock.now(), 600, "LookupError")
    look(world, minutes=9)
    assert "job:scan" not in alarms(world)
    look(world, minutes=1)
    assert "job:scan" in alarms(world)


def test_a_disk_that_fills_up_is_an_alarm(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    world, _ = at(db)
    monkeypatch.setattr(vitals, "free_bytes", lambda folder: 10)
    look(world)
    assert "0,0 GB" in alarms(world)["disk"]


def test_a_job_that_was_switched_off_is_forgotten(db: Database) -> None:
    world, _ = at(db)
    beat(world, "ping", 60)
    beat(world, "scan", 0)
    watch_job.run(world.house, world.clock.now())
    assert {row.name for row in world.rows(t.heartbeats)} == {"scan"}


def test_the_ping_goes_out_only_while_every_job_is_well(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    world, _ = at(db, ping_url="https://watchdog.test/abc")
    called: list[str] = []
    monkeypatch.setattr("aspal.gateways.ping.say_alive", lambda url: called.append(url) is None)
    beat(world, "scan", 0)
    assert ping_job.run(world.house, world.clock.now()) == {"pinged": 1}
    beat(world, "scan", 4)
    assert ping_job.run(world.house, world.clock.now()) == {"pinged": 0}
    assert called == ["https://watchdog.test/abc"]


# --- the provider ----------------------------------------------------------------------------------------------


@pytest.fixture
def asked(db: Database, monkeypatch: pytest.MonkeyPatch) -> tuple[World, dict[str, Any]]:
    """A provider that answers what the test puts into `says`."""
    world, _ = at(db)
    says: dict[str, Any] = {"now": Standing("active", 20.0, "USD", "ONLINE", "HIGH", 1000), "times": 0}

    def standing(self: Any) -> Standing:
        says["times"] += 1
        if isinstance(says["now"], SendFailed):
            raise says["now"]
        answer: Standing = says["now"]
        return answer

    monkeypatch.setattr(type(world.phones), "needs_approval", True)
    monkeypatch.setattr(type(world.phones), "standing", standing)
    return world, says


@pytest.mark.parametrize(
    ("standing", "key", "words"),
    [
        (Standing("suspended"), "provider_account", "ditangguhkan. Buka konsol Twilio"),
        (Standing("active", sender="OFFLINE"), "provider_account", "Nomor pengirim"),
        (SendFailed(20003, "config"), "provider_account", "TWILIO_AUTH_TOKEN"),
        (SendFailed(20005, "config"), "provider_account", "saldo"),
        (Standing("active", 3.2, "USD"), "balance", "tinggal 3,20 USD. Isi saldo"),
        (Standing("active", quality="LOW"), "quality", "dinilai rendah"),
        (Standing("active", people_per_day=200), "messaging_limit", "200 orang per 24 jam"),
        (Standing("active", unheard=3), "webhook", "3 kali gagal menyampaikan balasan"),
        (Standing("active", seconds_ahead=7200.0), "server_clock", "120 menit lebih cepat"),
        (Standing("active", seconds_ahead=-420.0), "server_clock", "7 menit lebih lambat"),
    ],
)
def test_what_the_provider_thinks_of_us_is_told_once_and_clears_by_itself(
    asked: tuple[World, dict[str, Any]], standing: Any, key: str, words: str
) -> None:
    world, says = asked
    well, says["now"] = says["now"], standing
    look(world)
    assert words in alarms(world)[key]
    says["now"] = well
    look(world, minutes=60)
    assert key not in alarms(world)


def test_a_clock_that_is_a_minute_off_is_no_news(asked: tuple[World, dict[str, Any]]) -> None:
    world, says = asked
    says["now"] = Standing("active", seconds_ahead=60.0)
    look(world)
    assert "server_clock" not in alarms(world)


def test_the_provider_is_asked_once_an_hour_and_need_not_answer(asked: tuple[World, dict[str, Any]]) -> None:
    world, says = asked
    for _ in range(12):
        look(world, minutes=5)
    assert says["times"] == 2
    says["now"] = SendFailed(20404, "config")  # a proxy that does not offer it
    look(world, minutes=60)
    assert alarms(world) == {}


def test_a_bad_rating_lets_only_the_urgent_go(asked: tuple[World, dict[str, Any]]) -> None:
    world, says = asked
    says["now"] = Standing("active", quality="LOW")
    look(world)
    with world.db.read() as conn:
        assert health.get_switch(conn, "only_urgent", world.clock.now())
        assert not health.get_switch(conn, "only_urgent", world.clock.now() + timedelta(hours=2))


def test_the_limit_of_people_a_day_is_told_before_it_is_met(db: Database) -> None:
    world, _ = at(db, "2026-08-04 08:00", recipients_per_day=5)
    for n in range(4):
        unit = world.unit(f"Dinas {n}")
        world.person(f"Penghubung {n}", Role.LIAISON, unit)
        world.complaint(f"19164{n:02d}", unit, disposed="2026-08-03")
    world.tick()
    look(world, minutes=5)
    assert "4 dari 5 penerima" in alarms(world)["recipients_near"]
    world.clock.moment += timedelta(days=3)
    look(world)
    assert "recipients_near" not in alarms(world)


# --- trouble that comes as a report, after the provider had accepted -------------------------------------------


@pytest.fixture
def sent(db: Database) -> tuple[World, Mapping[str, Any]]:
    world, _ = at(db, "2026-08-04 08:00", alert_emails="")
    world.with_settings(alert_whatsapp="off")
    unit = world.unit("Dinas Sosial")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.tick()
    return world, {"sari": sari, "message": world.only(t.messages, template="pengingat_tindak_lanjut")}


@pytest.mark.parametrize(("code", "words"), [(30002, "ditangguhkan"), (63007, "TWILIO_WHATSAPP_FROM")])
def test_an_account_refused_afterwards_stops_everything_and_resumes_by_itself(
    sent: tuple[World, Mapping[str, Any]], code: int, words: str
) -> None:
    world, found = sent
    report(world, found["message"], "failed", code)
    assert words in alarms(world)["sender_failing"]
    with world.db.read() as conn:
        assert health.get_switch(conn, "sender_stop", world.clock.now())
    world.clock.moment += timedelta(minutes=25)
    world.tick()
    assert len(world.texts(found["sari"])) == 1
    world.clock.moment += timedelta(minutes=6)
    world.tick()
    assert len(world.texts(found["sari"])) == 2  # the one that failed, repeated
    arrive(world, "pengingat_tindak_lanjut")
    look(world, minutes=5)
    assert "sender_failing" not in alarms(world)


def test_a_limit_that_is_met_lets_only_the_urgent_go_for_a_while(sent: tuple[World, Mapping[str, Any]]) -> None:
    world, found = sent
    report(world, found["message"], "failed", 63018)
    assert "tidak mendesak ditunda" in alarms(world)["channel_limit"]
    look(world, minutes=110)
    assert "channel_limit" in alarms(world)
    look(world, minutes=10)
    assert "channel_limit" not in alarms(world)


def test_a_wrong_text_stops_being_an_alarm_when_one_of_its_kind_arrives(sent: tuple[World, Mapping[str, Any]]) -> None:
    world, _ = sent
    world.clock.moment -= timedelta(minutes=1)
    raise_alarm(world, "template:pengingat_tindak_lanjut")
    raise_alarm(world, "template:disposisi_baru")
    now = world.clock.now()
    row = {"address": "+6281200000009", "text": "t", "workday": now.date(), "created_at": now, "not_before": now}
    world._insert(t.messages, **row, template="disposisi_baru", state="held", error_code=63028)
    arrive(world, "pengingat_tindak_lanjut")
    look(world, minutes=5)
    assert [key for key in alarms(world) if key.startswith("template:")] == ["template:disposisi_baru"]


class Approving:
    """The template half of a provider that approves everything again."""

    needs_approval = True

    def template_status(self, content_sid: str) -> RemoteTemplate:
        return RemoteTemplate(content_sid, "approved", "UTILITY")


def test_a_paused_template_waits_and_goes_on_by_itself_when_it_is_approved_again(
    sent: tuple[World, Mapping[str, Any]],
) -> None:
    world, found = sent
    kind, now = "pengingat_tindak_lanjut", world.clock.now()
    stored = templates.StoredTemplate(
        kind, world.house.texts.kind(kind).fingerprint, "n", "HX1", "approved", "UTILITY", None, now, None
    )
    with world.db.write() as conn:
        templates.put(conn, stored)
    report(world, found["message"], "failed", 63041)
    assert "dijeda WhatsApp" in alarms(world)[f"template_status:{kind}"]
    assert world.only(t.templates).stopped_at == now
    copy = world.rows(t.messages, template=kind)[-1]
    assert (copy.state, copy.resend_of_id) == ("waiting", found["message"].id)
    with world.db.write() as conn:  # refused at once instead of later: the delivery holds it
        conn.execute(update(t.messages).where(t.messages.c.id == copy.id).values(state="held", error_code=63041))
    station.refresh(world.db, world.house.texts, Approving(), now)  # type: ignore[arg-type]
    assert f"template_status:{kind}" not in alarms(world)
    assert world.only(t.messages, id=copy.id).state == "waiting"
