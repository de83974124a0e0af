"""A reply becomes a note on exactly the right case, with its effects; or it is asked about; or it waits in the tray."""

from datetime import UTC, date

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.words import Role, Status
from aspal.db import Database
from aspal.flow import inbound, intake
from aspal.flow.inbound import which_case
from aspal.flow.intake.typed import Typed
from aspal.flow.mailroom import Mailroom
from aspal.gateways.whatsapp.port import OddForm
from tests.flow.phone import answers, arrives, form, later, sid_of, understand, writes
from tests.world import Somebody, World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-12 09:00")  # a Wednesday


def test_the_only_open_case_gets_the_note(world: World, unit: int, sari: Somebody) -> None:
    complaint = world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "Sudah kami tindaklanjuti")
    note, reply = world.only(t.notes), world.only(t.replies)
    assert (note.intent, note.matched_by, note.text) == ("done", "only_case", "Sudah kami tindaklanjuti")
    assert note.written_by == "Sari (pejabat penghubung Dinas PUPR)"
    assert (reply.state, reply.complaint_id, reply.intent) == ("matched", complaint, "done")
    disposition = world.only(t.dispositions)
    assert (disposition.claim, disposition.replied_at) == ("done", world.clock.now().astimezone(UTC))
    assert disposition.next_look_at == world.clock.now()
    assert answers(world, sari) == []  # a claim needs no answer: each one costs money


@pytest.mark.parametrize("gone", [{"status": Status.FINISHED}, {"supervised": True}])
def test_an_answer_to_a_case_that_is_gone_does_not_silence_one_never_told(
    world: World, unit: int, sari: Somebody, gone: dict[str, object]
) -> None:
    told = world.complaint("1916449", unit, disposed="2026-08-10")
    world.tick()
    assert len(world.heard(sari)) == 1
    world.change(told, **gone)  # an import takes it from her and brings another, which nobody has told her yet
    world.complaint("1916450", unit, disposed="2026-08-12")
    writes(world, sari, "Sudah kami tindaklanjuti")
    assert world.rows(t.notes) == []
    assert "A. 1916450" in answers(world, sari)[0]
    writes(world, sari, "ya")
    writes(world, sari, "kami kirim fotonya")  # now she knows of it
    assert [n.matched_by for n in world.rows(t.notes)] == ["asked", "only_case"]


def test_an_only_case_that_was_told_is_meant_though_others_were_closed(world: World, unit: int, sari: Somebody) -> None:
    told = world.complaint("1916449", unit, disposed="2026-08-10")
    world.complaint("1916450", unit, disposed="2026-08-10")
    world.tick()
    world.change(told, status=Status.FINISHED)
    writes(world, sari, "Sudah kami tindaklanjuti")
    assert world.only(t.notes).matched_by == "only_case"


def test_what_was_told_long_ago_casts_no_doubt_on_an_only_case(world: World, unit: int, sari: Somebody) -> None:
    told = world.complaint("1916449", unit, disposed="2026-08-10")
    world.tick()
    world.change(told, status=Status.FINISHED)
    later(world, days=8)
    world.complaint("1916450", unit, disposed="2026-08-19")
    writes(world, sari, "Sudah kami tindaklanjuti")
    assert world.only(t.notes).matched_by == "only_case"


def test_the_same_webhook_ten_times_in_any_order_is_one_note(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    for round_ in range(10):
        for sid in ("SM1", "SM2") if round_ % 2 else ("SM2", "SM1"):
            arrives(world, sari, "sedang diproses", sid=sid)
        understand(world)
    assert len(world.rows(t.notes)) == len(world.rows(t.replies)) == 2
    assert world.only(t.dispositions).snoozed_days == ["2026-08-12"]


def test_quoting_a_reminder_decides_among_several(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-11")
    second = world.complaint("1916450", unit, disposed="2026-08-11")
    world.tick()
    message = next(m for m in world.rows(t.messages, template="pengingat_tindak_lanjut") if "1916450" in m.text)
    writes(world, sari, "sudah", OriginalRepliedMessageSid=message.provider_sid)
    note = world.only(t.notes)
    assert note.matched_by == "quote"
    assert world.only(t.dispositions, id=note.disposition_id).complaint_id == second


def test_a_button_with_the_message_it_hangs_on(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-11")
    world.complaint("1916450", unit, disposed="2026-08-11")
    world.tick()
    sid = sid_of(world, template="pengingat_tindak_lanjut")
    writes(world, sari, "Bukan kewenangan", ButtonPayload="not_ours", ButtonText="Bukan kewenangan",
           OriginalRepliedMessageSid=sid)  # fmt: skip
    note = world.only(t.notes)
    assert (note.intent, note.matched_by) == ("not_ours", "quote")
    disposition = world.only(t.dispositions, id=note.disposition_id)
    assert disposition.rests == [{"first": "2026-08-12", "last": None, "why": "returned"}]


@pytest.mark.parametrize(("payload", "state"), [("done:1", "matched"), ("done:99", "tray"), ("done:ZZZ", "tray")])
def test_a_button_may_carry_its_case_and_never_somebody_elses(
    world: World, unit: int, sari: Somebody, payload: str, state: str
) -> None:
    world.complaint("1916449", unit, disposed="2026-08-11")
    writes(world, sari, "Sudah", ButtonPayload=payload)
    assert world.only(t.replies).state == state
    assert [n.matched_by for n in world.rows(t.notes)] == ["button"] * (state == "matched")


def test_a_number_or_code_in_the_text_decides_among_several(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-11")
    world.complaint("1916450", unit, disposed="2026-08-11")
    code = world.rows(t.dispositions)[0].code
    writes(world, sari, "1916450 sedang diproses")
    writes(world, sari, f"#{code} sudah")
    assert [(n.disposition_id, n.matched_by, n.intent) for n in world.rows(t.notes)] == [
        (2, "id", "in_process"),
        (1, "code", "done"),
    ]


def test_each_of_several_cases_gets_what_was_said_of_it(world: World, unit: int, sari: Somebody) -> None:
    for number in ("1916449", "1916450", "1916451"):
        world.complaint(number, unit, disposed="2026-08-11")
    writes(world, sari, "1916449 bkn kewenangan kami, 1916450 besok, 1916451 Jumat")
    assert [(n.disposition_id, n.intent, n.promise_until) for n in world.rows(t.notes)] == [
        (1, "not_ours", None),
        (2, "promise", date(2026, 8, 13)),
        (3, "promise", date(2026, 8, 14)),
    ]
    assert [("1916450" in said, "1916451" in said) for said in answers(world, sari)] == [(True, False), (False, True)]


def test_a_claim_about_one_case_never_lands_on_another_that_was_named_beside_it(
    world: World, unit: int, sari: Somebody
) -> None:
    for number in ("1916449", "1916450"):
        world.complaint(number, unit, disposed="2026-08-11")
    writes(world, sari, "nunggu provinsi 1916449, bkn kewenangan kami 1916450 terima kasih infonya dan arahannya")
    writes(world, sari, "1916449 sama 1916450 dobel, yg satu sdh selesai")
    writes(world, sari, "A dan B")
    assert {n.intent for n in world.rows(t.notes)} <= {"note"}


@pytest.mark.parametrize(
    "text", ["selain 1916450 sudah selesai", "kecuali no. 1916450, sdh semua", "bukan #{code} pak"]
)
def test_a_case_that_is_named_as_the_exception_is_not_the_one_meant(
    world: World, unit: int, sari: Somebody, text: str
) -> None:
    for number in ("1916449", "1916450", "1916451"):
        world.complaint(number, unit, disposed="2026-08-11")
    writes(world, sari, text.format(code=world.rows(t.dispositions)[1].code))
    assert world.rows(t.notes) == []
    assert "A. 1916449" in answers(world, sari)[0]


@pytest.mark.parametrize(
    ("added", "intent"),
    [
        ("", "note"),
        ("\n\nsdh kami tindaklanjuti pak", "done"),
        ("\nbesok kami selesaikan", "promise"),
        (" sdh pak", "note"),
    ],
)
def test_our_own_reminder_sent_back_says_only_what_was_added(
    world: World, unit: int, sari: Somebody, added: str, intent: str
) -> None:
    for number in ("1916449", "1916450"):
        world.complaint(number, unit, disposed="2026-08-11")
    world.tick()
    reminder = next(m.text for m in world.rows(t.messages) if "1916449" in m.text)
    writes(world, sari, f"[12/8 09.30] ASPAL Kominfo: {reminder}{added}", Forwarded="true")
    note = world.only(t.notes)
    assert (note.disposition_id, note.intent, note.text.endswith(added)) == (1, intent, True)
    assert note.promise_until in (None, date(2026, 8, 13))


def test_who_quotes_what_is_no_longer_theirs_is_not_led_to_another_complaint(
    world: World, unit: int, sari: Somebody
) -> None:
    first = world.complaint("1916449", unit, disposed="2026-08-11")
    world.complaint("1916450", unit, disposed="2026-08-11")
    world.tick()
    spoken = next(row.provider_sid for row in world.rows(t.messages) if "1916449" in row.text)
    world.change(first, supervised=True)  # now the inspectorate's
    writes(world, sari, "sudah selesai", OriginalRepliedMessageSid=spoken)
    writes(world, sari, "A")
    assert world.rows(t.notes) == []
    assert "tidak lagi ada dalam daftar" in answers(world, sari)[0]
    assert "1916450" not in answers(world, sari)[0]


def test_a_quote_of_a_message_that_we_do_not_know_is_asked_about(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-11")
    writes(world, sari, "sudah selesai", OriginalRepliedMessageSid="SMunknown")
    assert world.rows(t.notes) == []
    assert "1916449" in answers(world, sari)[0]
    writes(world, sari, "A")
    assert world.only(t.notes).matched_by == "asked"
    writes(world, sari, "1916449 besok beres", OriginalRepliedMessageSid="SMunknown")
    assert world.rows(t.notes)[-1].matched_by == "id"  # the number decides
    own = world.rows(t.replies)[0].provider_sid
    writes(world, sari, "maaf, yang ini", OriginalRepliedMessageSid=own)
    assert world.rows(t.notes)[-1].matched_by == "only_case"  # one's own words say nothing against it


def test_who_answers_about_a_complaint_that_has_moved_is_told_so(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-11")
    world.tick()
    spoken = sid_of(world, address=sari.phone)
    with world.db.write() as conn:
        conn.execute(update(t.dispositions).values(ended_at=world.clock.now(), end_reason="redisposed"))
    writes(world, sari, "sudah selesai", OriginalRepliedMessageSid=spoken)
    assert world.only(t.notes).text == "sudah selesai"  # an admin can still read it
    assert world.only(t.dispositions).claim is None
    assert "1916449 sudah dipindahkan dari unit Bapak/Ibu" in answers(world, sari)[-1]


def goes_on(world: World, complaint: int, unit: int, how: str) -> None:
    """The part that was told is over; the same complaint runs on with the same unit."""
    if how == "merged":  # its reminder bears our number, and LAPOR's own part has been told as well
        with world.db.write() as conn:
            ours = update(t.complaints).where(t.complaints.c.id == complaint)
            conn.execute(ours.values(tracking_id=None, provisional_id="MAN-2026-0001"))
        world.complaint("1916449", unit, disposed="2026-08-11")
        later(world, days=1)
        world.tick()
        intake.merge(world.db, "MAN-2026-0001", "1916449", now=world.clock.now(), by="admin@contoh.test")
        return
    later(world, days=1)
    with world.db.write() as conn:
        conn.execute(update(t.dispositions).values(ended_at=world.clock.now(), end_reason=how))
    world._insert(
        t.dispositions, complaint_id=complaint, unit_id=unit, status=str(Status.OPEN), track="follow_up", code="X9X",
        disposed_on=date(2026, 8, 13), created_at=world.clock.now(), next_look_at=world.clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize("how", ["renewed", "finished", "merged"])
@pytest.mark.parametrize("sign", ["quote", "code"])
def test_an_older_reminder_means_the_round_that_runs_now(
    world: World, unit: int, sari: Somebody, how: str, sign: str
) -> None:
    complaint = world.complaint("1916449", unit, disposed="2026-08-11")
    world.complaint("1916450", unit, disposed="2026-08-11")
    world.tick()
    told = next(row.provider_sid for row in world.rows(t.messages) if "1916449" in row.text)
    code = world.rows(t.dispositions, complaint_id=complaint)[0].code
    goes_on(world, complaint, unit, how)
    signs = {"OriginalRepliedMessageSid": told} if sign == "quote" else {}
    writes(world, sari, "sudah kami tindaklanjuti" + ("" if signs else f" #{code}"), **signs)
    part = world.only(t.dispositions, claim="done")
    assert (part.ended_at, part.id == world.rows(t.dispositions)[-1].id) == (None, True)
    assert world.only(t.notes).matched_by == sign


def test_an_answer_to_our_question_means_the_round_that_runs_now(world: World, unit: int, sari: Somebody) -> None:
    complaint = world.complaint("1916449", unit, disposed="2026-08-11")
    world.complaint("1916450", unit, disposed="2026-08-11")
    writes(world, sari, "1916450 nanti kami selesaikan, tanggalnya menyusul")
    writes(world, sari, "sudah kami tindaklanjuti")
    assert "A. 1916449" in answers(world, sari)[-1]
    with world.db.write() as conn:  # an import disposes the first anew before she answers
        first = update(t.dispositions).where(t.dispositions.c.complaint_id == complaint)
        conn.execute(first.values(ended_at=world.clock.now(), end_reason="renewed"))
    running = world._insert(
        t.dispositions, complaint_id=complaint, unit_id=unit, status=str(Status.OPEN), track="follow_up", code="X9X",
        disposed_on=date(2026, 8, 12), created_at=world.clock.now(), next_look_at=world.clock.now(),
    )  # fmt: skip
    writes(world, sari, "A")
    assert world.only(t.dispositions, claim="done").id == running


def test_what_was_said_of_one_unit_is_not_filed_with_another_of_the_same_person(
    world: World, unit: int, sari: Somebody
) -> None:
    complaint = world.complaint("1916449", unit, disposed="2026-08-11")
    world.tick()
    told, other = sid_of(world, address=sari.phone), world.unit("Dinas Sosial")
    world.appoint(sari, Role.LIAISON, other)
    goes_on(world, complaint, other, "redisposed")
    writes(world, sari, "bukan kewenangan kami", OriginalRepliedMessageSid=told)
    assert [part.claim for part in world.rows(t.dispositions)] == [None, None]


def test_another_units_number_never_gets_the_note(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-11")
    other = world.unit("Dinas Sosial")
    world.complaint("1916999", other, disposed="2026-08-11")
    writes(world, sari, "1916999 sudah ditindaklanjuti")
    assert world.only(t.replies).state == "tray"
    assert "1916999 tidak ada dalam daftar" in answers(world, sari)[0]
    writes(world, sari, "A")  # nothing was asked that could lead to the wrong complaint
    assert world.rows(t.notes) == []


def test_a_closed_case_still_gets_its_note_but_no_claim(world: World, unit: int, sari: Somebody) -> None:
    complaint = world.complaint("1916449", unit, disposed="2026-08-10")
    world.change(complaint, status=Status.FINISHED)
    writes(world, sari, "1916449 sudah kami perbaiki")
    assert world.only(t.notes).matched_by == "id"
    assert world.only(t.dispositions).claim is None
    assert world.rows(t.journal)[-1].detail["closed"] is True


def test_a_promise_is_confirmed_with_its_day(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "Jumat kami selesaikan")
    assert world.only(t.notes).promise_until == date(2026, 8, 14)
    disposition = world.only(t.dispositions)
    assert disposition.promise_until == date(2026, 8, 14)
    assert disposition.rests == [{"first": "2026-08-12", "last": "2026-08-14", "why": "promise"}]
    assert "Jumat, 14 Agustus 2026" in answers(world, sari)[0]


def test_tomorrow_is_the_day_after_the_officer_wrote_not_after_the_worker_woke(
    world: World, unit: int, sari: Somebody
) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    world.clock.moment = world.at("2026-08-12 23:30")
    arrives(world, sari, "besok kami selesaikan")
    world.clock.moment = world.at("2026-08-13 07:30")
    understand(world)
    assert world.only(t.notes).promise_until == date(2026, 8, 13)


def test_a_day_is_read_in_the_units_own_time_zone(world: World) -> None:
    east = world.unit("Kantor Timur", zone="Asia/Jayapura")
    yosef = world.person("Yosef", Role.LIAISON, east)
    world.complaint("1916449", east, disposed="2026-08-10")
    world.clock.moment = world.at("2026-08-12 22:30")  # 00.30 WIT on the 13th
    writes(world, yosef, "besok kami selesaikan")
    assert world.only(t.notes).promise_until == date(2026, 8, 14)


def test_a_promise_too_far_or_once_too_often_is_a_note_and_an_alarm(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    for text in ("akhir bulan depan", "besok", "lusa", "Selasa"):
        writes(world, sari, text)
    assert [n.intent for n in world.rows(t.notes)] == ["note", "promise", "promise", "note"]
    said = answers(world, sari)
    assert "terlalu jauh" in said[0]
    assert "Jumat, 28 Agustus 2026" in said[0]  # ten working days ahead; the 17th and the 25th are days off
    assert "dua kali" in said[3]
    assert [a.key for a in world.rows(t.alarms) if a.key.startswith("promise:")] == ["promise:1"]


def test_the_same_promise_from_two_phones_is_one(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    operator = world.person("Budi", Role.OPERATOR, unit)
    for who in (sari, operator, sari):
        writes(world, who, "besok kami selesaikan")
    later(world, days=1)
    writes(world, sari, "Jumat kami selesaikan")
    assert [n.promise_until.day for n in world.rows(t.notes)] == [13, 13, 13, 14]
    assert [a.key for a in world.rows(t.alarms) if a.key.startswith("promise:")] == []


def test_an_unclear_day_is_asked_about_and_the_answer_is_the_promise(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    world.complaint("1916450", unit, disposed="2026-08-10")
    writes(world, sari, "1916449 kami selesaikan 10/8")
    assert world.only(t.notes).intent == "note"
    assert "tanggal" in answers(world, sari)[0]
    writes(world, sari, "14 Agustus 2026")
    promise = world.rows(t.notes)[-1]
    assert (promise.disposition_id, promise.matched_by, promise.promise_until) == (1, "asked", date(2026, 8, 14))


def test_heads_and_technical_officers_may_answer_and_sign_with_their_role(world: World, unit: int) -> None:
    head = world.person("Bapak Kepala", Role.HEAD, unit)
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, head, "sudah ditindaklanjuti")
    assert world.only(t.notes).written_by == "Bapak Kepala (kepala opd Dinas PUPR)"


def test_an_admins_words_are_kept_but_claim_nothing_for_the_unit(world: World, unit: int) -> None:
    admin = world.person("Admin", Role.ADMIN, world.unit("Dinas Kominfo"))
    world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.tick()  # late enough that the admin hears of it
    assert world.heard(admin)
    writes(world, admin, "1916449 sudah ditindaklanjuti")
    assert world.only(t.notes).intent == "done"
    assert world.rows(t.dispositions)[-1].claim is None


def test_a_substitute_answers_for_the_one_who_is_away(world: World, unit: int, sari: Somebody) -> None:
    other = world.unit("Dinas Sosial")
    rina = world.person("Rina", Role.LIAISON, other)
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, rina, "1916449 sudah")
    assert world.rows(t.notes) == []
    world._insert(
        t.absences, contact_id=sari.id, substitute_id=rina.id, first_day=date(2026, 8, 10),
        last_day=date(2026, 8, 14), state="accepted", asked_at=world.clock.now(),
    )  # fmt: skip
    writes(world, rina, "1916449 sudah")
    assert world.only(t.notes).contact_id == rina.id


def test_the_unit_complained_about_cannot_even_name_a_supervised_case(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10", supervised=True)
    auditor = world.person("Auditor", Role.INSPECTORATE, world.unit("Inspektorat"))
    writes(world, sari, "1916449 sudah selesai")
    assert world.rows(t.notes) == []
    assert world.rows(t.replies)[0].state == "tray"
    writes(world, auditor, "1916449 sedang diproses")
    assert world.only(t.notes).contact_id == auditor.id
    assert world.only(t.dispositions).claim == "in_process"


def test_an_auditor_who_also_heads_the_unit_complained_about_learns_nothing_of_it(world: World, unit: int) -> None:
    auditor = world.person("Auditor", Role.INSPECTORATE, world.unit("Inspektorat"))
    world.appoint(auditor, Role.HEAD, unit)  # as Plt.
    world.complaint("1916449", unit, disposed="2026-08-10", supervised=True)
    world.complaint("1916450", world.unit("Dinas Sosial"), disposed="2026-08-10", supervised=True)
    world.complaint("1916451", disposed="2026-08-10", supervised=True)  # at no unit yet
    writes(world, auditor, "DAFTAR")
    writes(world, auditor, "1916449 sudah selesai")
    listed, refused = answers(world, auditor)
    assert "1916449" not in listed
    assert "1916450" in listed
    assert "1916451" in listed
    assert "1916449 tidak ada dalam daftar" in refused
    assert world.rows(t.notes) == []


def test_a_case_that_was_told_before_it_spoke_of_officials_is_the_heads_no_more(world: World, unit: int) -> None:
    head = world.person("Kepala", Role.HEAD, unit)
    world.appoint(head, Role.ADMIN, world.unit("Dinas Kominfo"))
    case = world.complaint("1916449", unit, disposed="2026-08-03")
    world.tick()
    assert world.heard(head)
    world.change(case, supervised=True)
    writes(world, head, "1916449 sudah selesai")
    assert world.rows(t.notes) == []


def test_the_provisional_number_is_understood_after_the_merge(world: World, unit: int, sari: Somebody) -> None:
    """It stands in the reminder that the officer holds in hand."""
    day = date(2026, 8, 10)
    typed = Typed(title="Jalan", unit_id=unit, received_on=day, disposed_on=day)
    number = intake.type_in(world.db, typed, now=world.clock.now(), zone="Asia/Jakarta", by="admin@contoh.test")
    world.tick()
    theirs = world.complaint("1916449", unit, disposed="2026-08-11")
    world.complaint("1916450", unit, disposed="2026-08-11")
    intake.merge(world.db, number, "1916449", now=world.clock.now(), by="admin@contoh.test")
    writes(world, sari, f"{number} sudah kami tindaklanjuti")
    assert world.only(t.notes).matched_by == "id"
    assert world.only(t.dispositions, claim="done").complaint_id == theirs


def test_the_provisional_number_means_the_part_that_goes_on(world: World, unit: int, sari: Somebody) -> None:
    """LAPOR's own part has been told already and goes on; ours stays behind with the merged complaint."""
    day = date(2026, 8, 11)
    typed = Typed(title="Jalan", unit_id=unit, received_on=day, disposed_on=day)
    number = intake.type_in(world.db, typed, now=world.clock.now(), zone="Asia/Jakarta", by="admin@contoh.test")
    theirs = world.complaint("1916449", unit, disposed="2026-08-11")
    world.complaint("1916450", unit, disposed="2026-08-11")
    world.tick()
    intake.merge(world.db, number, "1916449", now=world.clock.now(), by="admin@contoh.test")
    assert [d.end_reason for d in world.rows(t.dispositions)] == ["merged", None, None]
    writes(world, sari, f"{number} sudah kami tindaklanjuti")
    assert world.only(t.dispositions, claim="done").complaint_id == theirs


def test_who_has_no_appointment_any_more_waits_in_the_tray(world: World, unit: int) -> None:
    former = world.person("Dulu", Role.LIAISON, unit)
    with world.db.write() as conn:
        conn.execute(t.appointments.update().values(valid_until=date(2026, 8, 1)))
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, former, "1916449 sudah selesai")
    assert world.only(t.replies).state == "tray"
    assert world.rows(t.notes) == []


@pytest.mark.parametrize(("mode", "count"), [("meaningful", 0), ("always", 1), ("never", 0)])
def test_the_office_decides_whether_a_claim_is_acknowledged(
    world: World, unit: int, sari: Somebody, mode: str, count: int
) -> None:
    world.with_settings(acknowledge=mode)
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "sudah selesai")
    assert len(answers(world, sari)) == count


def test_when_nothing_is_ever_answered_the_unclear_waits_in_the_tray(world: World, unit: int, sari: Somebody) -> None:
    world.with_settings(acknowledge="never")
    for number in ("1916449", "1916450"):
        world.complaint(number, unit, disposed="2026-08-10")
    writes(world, sari, "sudah selesai")
    assert world.only(t.replies).state == "tray"
    assert answers(world, sari) == []


def test_one_poisoned_reply_is_parked_after_three_tries_and_never_stops_the_others(
    world: World, unit: int, sari: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    rina = world.person("Rina", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-10")
    sound = which_case.take

    def poisoned(turn: inbound.Turn, reading: object) -> str:
        if turn.form.body == "racun":
            raise RuntimeError("rahasia +6281200000001")
        return sound(turn, reading)  # type: ignore[arg-type]

    monkeypatch.setattr(which_case, "take", poisoned)
    arrives(world, sari, "racun")
    arrives(world, sari, "sedang diproses")
    arrives(world, rina, "sudah")
    first = understand(world)
    assert (first.understood, first.errors) == (1, 1)
    assert [r.state for r in world.rows(t.replies)] == ["stored", "stored", "matched"]  # order is kept per person
    understand(world)
    third = understand(world)
    assert third.parked == 1
    parked = world.rows(t.replies)[0]
    assert (parked.state, parked.reason, parked.tries) == ("parked", "RuntimeError", 3)
    understand(world)
    assert [r.state for r in world.rows(t.replies)] == ["parked", "matched", "matched"]
    assert [a.key for a in world.rows(t.alarms)] == ["reply:1"]
    assert "rahasia" not in str(world.rows(t.alarms))


def test_a_form_of_nobody_is_refused_before_it_is_stored(world: World) -> None:
    with pytest.raises(OddForm):
        inbound.receive(Mailroom(world.db), {"Body": "halo"}, world.clock.now())
    assert world.rows(t.replies) == []


def test_odd_characters_are_stored_and_understood(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "sudah\x00 \ud800 selesai")
    assert world.only(t.replies).state == "matched"


def test_writing_opens_the_window_and_shows_that_the_number_works(world: World, unit: int, sari: Somebody) -> None:
    with world.db.write() as conn:
        conn.execute(t.contacts.update().values(unreachable_at=world.at("2026-08-11 09:00"), unreachable_reason="x"))
    writes(world, sari, "halo")
    contact = world.only(t.contacts)
    assert (contact.last_inbound_at, contact.unreachable_at) == (world.clock.now(), None)


def test_the_form_is_kept_whole(world: World) -> None:
    told = form("+6281299999999", "halo", Forwarded="true", Anything="new")
    inbound.receive(Mailroom(world.db), told, world.clock.now())
    assert world.only(t.replies).raw == told


def test_a_reply_before_the_office_opens_spares_that_days_reminder(world: World, unit: int, sari: Somebody) -> None:
    world.clock.moment = world.at("2026-08-11 08:00")
    world.complaint("1916449", unit, disposed="2026-08-10")
    world.until("2026-08-12 06:30")
    writes(world, sari, "masih kami cek dulu")
    world.until("2026-08-13 12:00")
    days = [day for day, kind in world.heard(sari) if kind != "teks"]
    assert days == ["2026-08-11", "2026-08-13"]


@pytest.mark.parametrize(
    "words", ["eh maaf salah, belum", "maaf ternyata belum selesai pak", "belum", "maaf salah kirim", "salah pencet"]
)
def test_who_takes_done_back_is_reminded_again(world: World, unit: int, sari: Somebody, words: str) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "sudah")
    later(world, minutes=2)
    writes(world, sari, words)
    assert [n.intent for n in world.rows(t.notes)] == ["done", "in_process"]
    assert world.only(t.dispositions).claim == "in_process"


@pytest.mark.parametrize("words", ["ok", "fotonya belum diupload", "sudah belum ya?", "sistemnya belum berubah"])
def test_other_words_after_done_leave_the_claim(world: World, unit: int, sari: Somebody, words: str) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "sudah")
    later(world, minutes=2)
    writes(world, sari, words)
    assert world.only(t.dispositions).claim == "done"


def test_who_sent_not_ours_by_mistake_is_reminded_again(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "3")
    later(world, minutes=2)
    writes(world, sari, "maaf salah kirim")
    row = world.only(t.dispositions)
    assert (row.claim, row.rests) == ("in_process", [])


def test_not_yet_without_an_earlier_done_stays_a_plain_note(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "belum pak")
    assert [n.intent for n in world.rows(t.notes)] == ["note"]
    assert world.only(t.dispositions).claim is None


def test_a_title_that_was_copied_is_not_what_the_officer_says(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10", title="Jalan rusak di pasar")
    world.complaint("1916450", unit, disposed="2026-08-10", title="Lampu sudah diperbaiki lalu padam")
    writes(world, sari, "Laporan 1916449 (Jalan rusak di pasar) sudah")
    writes(world, sari, '1916450 "Lampu sudah diperbaiki lalu padam" kami pelajari')
    assert [n.intent for n in world.rows(t.notes)] == ["done", "note"]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("laporan 449 sudah selesai", "matched"),
        ("lap no 449 sdh", "matched"),
        ("laporan 123 sudah selesai", "asked"),
        ("lap. no 123 sdh", "asked"),
        ("laporan 2026 sudah selesai", "matched"),
        ("laporan 150 meter sudah selesai", "matched"),
    ],
)
def test_the_end_of_another_number_is_not_filed_with_the_only_case(
    world: World, unit: int, sari: Somebody, words: str, state: str
) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, words)
    assert world.only(t.replies).state == state
