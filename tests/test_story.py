"""READ THIS FIRST: one complaint, from LAPOR's export to a reminder, an escalation and a note.

An office imports its directory and its export. The worker reminds the liaison on WhatsApp in working days and, when
nothing happens, tells the head. The liaison answers; the answer becomes a note on exactly that complaint; the chain
rests until the promised day. Only LAPOR's next export ends it. Replies arrive through the signed webhook.
"""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from aspal import tables as t
from aspal.db import Database
from aspal.desk.why import explain
from aspal.flow import intake
from aspal.records import casefile, journal
from aspal.web.factory import create_app
from tests.world import Somebody, World

DIRECTORY = """\
OPD;Singkatan;Nama;Peran;No WA;Nomor SK;Berlaku Mulai;Berlaku Sampai
Dinas Pekerjaan Umum dan Penataan Ruang;DPUPR;Ibu Melati;pejabat_penghubung;0812-0000-0001;800/12;01/01/2026;31/12/2026
Dinas Pekerjaan Umum dan Penataan Ruang;DPUPR;Bapak Cempaka;kepala_opd;0812-0000-0002;800/12;01/01/2026;31/12/2026
Dinas Komunikasi, Informatika dan Statistik;Kominfo;Ibu Kenanga;admin_instansi;0812-0000-0003;800/12;01/01/2026;
"""
EXPORT = """\
Tracking ID;Judul Laporan;Instansi;Status;Tanggal Laporan;Tanggal Disposisi;Tanggal TL;Rahasia;Nama Pelapor
1916449;Jalan rusak di depan pasar;DPUPR;{status};12/03/2026;13/03/2026;{responded};Tidak;Orang Rahasia
1916502;Lampu jalan padam;DPUPR;Proses;11/03/2026;13/03/2026;13/03/2026;Tidak;Orang Lain
"""


class Office:
    """Kominfo's desk: imports files, and has phones to look at."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.app: Flask = create_app(world.house)
        self.client: FlaskClient = self.app.test_client()

    def imports(self, kind: str, text: str) -> intake.ImportReport:  # type: ignore[name-defined]
        path = self.folder / f"{kind}-{self.world.clock.now():%m%d%H%M}.csv"
        path.write_text(text, encoding="utf-8")
        with self.world.db.read() as conn:
            calendars = self.world.house.calendars(conn)
        apply = {"directory": intake.apply_directory, "roster": intake.apply_roster}[kind]
        return apply(self.world.db, path, now=self.world.clock.now(), calendars=calendars, by="ibu.kenanga@kantor.test")

    def phone_of(self, name: str) -> Somebody:
        row = self.world.only(t.contacts, name=name)
        return Somebody(row.id, row.name, row.phone)

    def writes(self, who: Somebody, text: str, quoting: str | None = None) -> None:
        """A reply as Twilio delivers it: signed, to the webhook, answered 204 before it is understood."""
        form = self.world.phones.inbound_form(who.phone, text, quoted_sid=quoting)
        post = self.world.phones.inbound_post(form)
        answer = self.client.post(
            "/webhooks/twilio/inbound", data=post.form, headers={"X-Twilio-Signature": post.signature}
        )
        assert answer.status_code == 204
        self.world.tick()


def test_from_an_export_to_a_note(db: Database, tmp_path: Path) -> None:
    world = World(db, "2026-03-13 15:00")  # a Friday; Nyepi, Idul Fitri and cuti bersama lie ahead
    office = Office(world, tmp_path)

    # The office imports its directory and its export. Who reported is dropped before anything is stored.
    assert office.imports("directory", DIRECTORY).new == 3
    report = office.imports("roster", EXPORT.format(status="Belum Ditindaklanjuti", responded=""))
    assert (report.new, report.dropped_columns) == (2, ("Nama Pelapor",))
    melati, cempaka, kenanga = (office.phone_of(name) for name in ("Ibu Melati", "Bapak Cempaka", "Ibu Kenanga"))

    # Friday, still in office hours: the liaison hears of it at once. At night and at the weekend nobody is disturbed.
    world.until("2026-03-16 07:00", every_minutes=120)
    assert world.heard(melati) == [("2026-03-13", "disposisi_baru")]
    assert "Jalan rusak di depan pasar" in world.texts(melati)[0]
    assert "Orang Rahasia" not in world.texts(melati)[0]

    # Monday and Tuesday are working days 1 and 2: one reminder each. From Wednesday on it is Nyepi and Idul Fitri.
    world.until("2026-03-24 18:00", every_minutes=180)
    assert world.heard(melati)[1:] == [
        ("2026-03-16", "pengingat_tindak_lanjut"),
        ("2026-03-17", "pengingat_tindak_lanjut"),
    ]

    # Wednesday the 25th is only the third working day: now the head hears too.
    world.until("2026-03-25 09:00")
    assert ("2026-03-25", "eskalasi_kepala_opd") in world.heard(cempaka)

    # The liaison quotes the message and promises a day. The note lands on that complaint, though she has two.
    quoted = world.rows(t.messages, address=melati.phone)[-1].provider_sid
    office.writes(melati, "Sdg kami cek di lapangan, jumat kami tindak lanjuti bu", quoting=quoted)
    with db.read() as conn:
        case = casefile.complaint(conn, "1916449")
        other = casefile.complaint(conn, "1916502")
    assert case
    assert other
    assert [(n["intent"], n["matched_by"], str(n["promise_until"])) for n in case["notes"]] == [
        ("promise", "quote", "2026-03-27")
    ]
    assert other["notes"] == []
    assert "27 Maret 2026" in world.texts(melati)[-1]  # the promise is confirmed in words

    # The chain rests on Thursday and Friday, and resumes on Monday where it stood.
    heard = len(world.heard(melati))
    world.until("2026-03-27 18:00", every_minutes=120)
    assert len(world.heard(melati)) == heard
    world.until("2026-03-30 09:00", every_minutes=120)
    assert world.heard(melati)[-1] == ("2026-03-30", "pengingat_tindak_lanjut")

    # A reply is a claim. LAPOR's next export says the same, and the reminders end.
    office.writes(melati, "1916449 sudah ditindaklanjuti di LAPOR")
    after = office.imports("roster", EXPORT.format(status="Proses", responded="30/03/2026"))
    assert any("berhenti" in line for line in after.consequences)
    heard = len(world.heard(melati))
    world.until("2026-04-02 18:00", every_minutes=180)
    assert not [day for day, kind in world.heard(melati)[heard:] if kind == "pengingat_tindak_lanjut"]

    # Nothing ever left outside office hours, Kominfo can say why, and the journal holds.
    local = [row.accepted_at.astimezone(world.zone) for row in world.rows(t.messages) if row.accepted_at]
    assert all((7, 30) <= (moment.hour, moment.minute) < (16, 30) for moment in local)
    with db.read() as conn:
        calendars = world.house.calendars(conn)
        assert journal.verify(conn) is None
    why = explain(db, calendars, "1916449", world.clock.now())
    assert why
    assert any(day["why"].startswith("Cuti Bersama") for day in why["dispositions"][0]["skipped_days"])
    assert kenanga.phone not in str(why)
