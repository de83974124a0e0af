"""Texts go to the provider once; what WhatsApp stops is not sent, and an admin hears of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aspal.db import Database
from aspal.flow import templates as station
from aspal.gateways.texts import Template, Texts, Variable
from aspal.gateways.whatsapp.port import RemoteTemplate, SendFailed
from aspal.records import health, journal
from aspal.records import templates as records

NOW = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)


def text(kind: str, category: str = "utility", fingerprint: str = "f") -> Template:
    return Template(
        kind=kind,
        name=kind,
        language="id",
        category=category,
        body="Laporan {{1}} menunggu.",
        variables=(Variable("nomor", "1", 20),),
        buttons=(),
        fingerprint=fingerprint * 64,
        fixed=("Laporan ", " menunggu."),
    )


TEXTS = Texts({t.kind: t for t in (text("disposisi"), text("eskalasi", fingerprint="e"), text("bantuan", "session"))})


class Provider:
    """The template half of a gateway: what each content is, and what fails."""

    needs_approval = True

    def __init__(self) -> None:
        self.known: dict[str, RemoteTemplate] = {}
        self.failing: dict[str, SendFailed] = {}
        self.asked = 0

    def push_template(self, template: Template) -> RemoteTemplate:
        self.asked += 1
        if template.kind in self.failing:
            raise self.failing[template.kind]
        sid = f"HX{template.fingerprint[:8]}"
        return self.known.setdefault(sid, RemoteTemplate(sid, "received", "UTILITY"))

    def template_status(self, content_sid: str) -> RemoteTemplate | None:
        self.asked += 1
        if content_sid in self.failing:
            raise self.failing[content_sid]
        return self.known.get(content_sid)

    def now_is(
        self, content_sid: str, status: str, category: str | None = "UTILITY", reason: str | None = None
    ) -> None:
        self.known[content_sid] = RemoteTemplate(content_sid, status, category, reason)


@pytest.fixture
def provider() -> Provider:
    return Provider()


def sendable(db: Database, kind: str = "disposisi", fingerprint: str = "f") -> records.Sendable:
    with db.read() as conn:
        return records.sendable(conn, kind, fingerprint * 64)


def alarms(db: Database) -> list[str]:
    with db.read() as conn:
        return [alarm.text for alarm in health.open_alarms(conn)]


def push(db: Database, provider: Provider, texts: Texts = TEXTS) -> station.TemplateRun:
    return station.push(db, texts, provider, NOW)  # type: ignore[arg-type]


def refresh(db: Database, provider: Provider, days: int = 1) -> station.TemplateRun:
    return station.refresh(db, TEXTS, provider, NOW + timedelta(days=days))  # type: ignore[arg-type]


def test_every_text_but_free_ones_is_registered_once(db: Database, provider: Provider) -> None:
    assert push(db, provider).pushed == 2
    again = push(db, provider)
    assert (again.pushed, provider.asked) == (0, 2)
    assert [one["kind"] for one in again.as_json()["templates"]] == ["disposisi", "eskalasi"]
    assert again.as_json()["templates"][0]["name"] == "disposisi_ffffffffff"


def test_nothing_is_sent_before_whatsapp_has_approved_it(db: Database, provider: Provider) -> None:
    assert sendable(db) == records.Sendable(
        None, "Templat disposisi belum didaftarkan di WhatsApp. Jalankan `aspal templates push`."
    )
    push(db, provider)
    assert sendable(db).content_sid is None
    assert "belum disetujui" in (sendable(db).reason or "")
    provider.now_is("HXffffffff", "approved")
    refresh(db, provider)
    assert sendable(db) == records.Sendable("HXffffffff", None)


def test_a_changed_text_needs_its_own_approval(db: Database, provider: Provider) -> None:
    push(db, provider)
    provider.now_is("HXffffffff", "approved")
    refresh(db, provider)
    changed = Texts({"disposisi": text("disposisi", fingerprint="d")})
    assert sendable(db, fingerprint="d").content_sid is None
    assert push(db, provider, changed).pushed == 1
    assert sendable(db).content_sid == "HXffffffff"


@pytest.mark.parametrize(
    ("status", "category", "told"),
    [
        ("paused", "UTILITY", "dijeda WhatsApp"),
        ("disabled", "UTILITY", "dinonaktifkan WhatsApp"),
        ("rejected", "UTILITY", "ditolak WhatsApp"),
        ("approved", "MARKETING", "kategorinya berubah menjadi MARKETING"),
        ("limbo", "UTILITY", "berstatus limbo"),
    ],
)
def test_what_whatsapp_stops_is_stopped_here_until_it_is_approved_again(
    db: Database, provider: Provider, status: str, category: str, told: str
) -> None:
    push(db, provider)
    provider.now_is("HXffffffff", status, category, "alasan")
    refresh(db, provider)
    assert sendable(db).content_sid is None
    assert told in (sendable(db).reason or "")
    (alarm,) = alarms(db)
    assert told in alarm
    provider.now_is("HXffffffff", "approved")
    refresh(db, provider, days=2)
    assert sendable(db).content_sid == "HXffffffff"
    assert alarms(db) == []


def test_a_stop_keeps_the_day_on_which_it_began(db: Database, provider: Provider) -> None:
    push(db, provider)
    provider.now_is("HXffffffff", "paused")
    refresh(db, provider, days=1)
    run = refresh(db, provider, days=2)
    assert run.templates[0].stopped_at == NOW + timedelta(days=1)


def test_a_template_that_the_provider_lost_is_registered_anew(db: Database, provider: Provider) -> None:
    push(db, provider)
    del provider.known["HXffffffff"]
    refresh(db, provider)
    assert "tidak ada lagi di penyedia" in (sendable(db).reason or "")
    assert push(db, provider).pushed == 1


def test_one_text_that_fails_does_not_stop_the_others(db: Database, provider: Provider) -> None:
    provider.failing["disposisi"] = SendFailed(None, "retry", "sibuk")
    run = push(db, provider)
    assert (run.pushed, run.as_json()["failed"]) == (1, [{"kind": "disposisi", "reason": "sibuk"}])
    provider.failing["HXeeeeeeee"] = SendFailed(None, "retry", "sibuk")
    assert [kind for kind, _ in refresh(db, provider).failed] == ["eskalasi"]


def test_wrong_credentials_end_the_run_at_once(db: Database, provider: Provider) -> None:
    provider.failing["disposisi"] = SendFailed(20003, "config")
    run = push(db, provider)
    assert (run.pushed, len(run.failed), provider.asked) == (0, 1, 1)


def test_only_changes_are_written_into_the_journal(db: Database, provider: Provider) -> None:
    push(db, provider)
    refresh(db, provider, days=1)
    provider.now_is("HXffffffff", "approved")
    refresh(db, provider, days=2)
    refresh(db, provider, days=3)
    provider.now_is("HXffffffff", "paused")
    refresh(db, provider, days=4)
    with db.read() as conn:
        found = [entry.action for entry in journal.recent(conn, 50) if entry.subject == "template:disposisi"]
    assert sorted(found) == ["template_status", "template_status", "template_stopped"]


def test_a_category_that_the_provider_does_not_tell_stops_nothing(db: Database, provider: Provider) -> None:
    push(db, provider)
    provider.known["HXffffffff"] = replace(provider.known["HXffffffff"], status="approved", category=None)
    refresh(db, provider)
    assert sendable(db).content_sid == "HXffffffff"
