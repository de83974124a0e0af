"""Whose recap it is: who hears the office's, and who may still open the document behind one."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import insert, update

from aspal import tables as t
from aspal.core.words import Role, Status
from aspal.db import Database
from aspal.flow.recap import document as recap_document
from aspal.records import directory
from tests.flow import phone
from tests.world import Somebody, World

WEEKLY = "rekap_mingguan_opd"


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-10 07:30")  # a Monday


def end_of_duty(world: World, who: Somebody, unit: int) -> None:
    mine = (t.appointments.c.contact_id == who.id) & (t.appointments.c.unit_id == unit)
    with world.db.write() as conn:
        conn.execute(update(t.appointments).where(mine).values(ended_at=world.clock.now()))


def open_case(world: World, number: str, unit: int, title: str) -> None:
    world.complaint(number, unit, disposed="2026-08-03", status=Status.IN_PROCESS, title=title)


def document(world: World, who: Somebody) -> str | None:
    """What the link of that person's newest recap opens now; None when nothing."""
    number = next(row.id for row in reversed(world.rows(t.messages, contact_id=who.id)) if row.template)
    target = io.BytesIO()
    with world.db.read() as conn:
        if not recap_document.write(conn, world.house.calendars(conn), number, target, world.clock.now()):
            return None
    return " ".join(page.extract_text() for page in PdfReader(target).pages)


def asks(world: World, who: Somebody) -> tuple[str, bool]:
    """The answer to DETAIL, and whether it carries a document."""
    phone.writes(world, who, "DETAIL")
    answer = world.rows(t.messages, contact_id=who.id, template=None)[-1]
    return answer.text, answer.document_url is not None


def test_the_document_is_of_all_the_units_that_the_recap_spoke_of(world: World) -> None:
    social, health, later = (world.unit(name) for name in ("Dinas Sosial", "Dinas Kesehatan", "Dinas Kemudian"))
    head = world.person("Kepala", Role.HEAD, social)
    world.appoint(head, Role.HEAD, health)
    for number, unit in zip(("1916441", "1916442", "1916443"), (social, health, later), strict=True):
        open_case(world, number, unit, f"Judul {number}")
    world.until("2026-08-10 09:00")
    world.appoint(head, Role.HEAD, later)  # the recap did not speak of that one
    assert asks(world, head)[1]
    words = document(world, head) or ""
    assert "Rekap SP4N-LAPOR! Dinas Sosial dan Dinas Kesehatan" in words
    assert "Judul 1916441" in words
    assert "Judul 1916442" in words
    assert "1916443" not in words
    assert "Dinas Kesehatan: Belum selesai" in words


def test_who_no_longer_heads_the_unit_gets_no_document(world: World) -> None:
    unit, other = world.unit("Dinas Sosial"), world.unit("Dinas Lain")
    head = world.person("Kepala", Role.HEAD, unit)
    world.appoint(head, Role.LIAISON, other)
    open_case(world, "1916441", unit, "Jalan berlubang")
    world.until("2026-08-10 09:00")
    assert asks(world, head)[1]
    end_of_duty(world, head, unit)
    words, carries = asks(world, head)
    assert not carries
    assert "hanya dapat dikirim kepada pejabat yang bertugas saat ini" in words
    assert document(world, head) is None  # nor with the link that he has got already


def test_of_two_units_the_one_that_was_given_up_is_left_out(world: World) -> None:
    social, health = world.unit("Dinas Sosial"), world.unit("Dinas Kesehatan")
    head = world.person("Kepala", Role.HEAD, social)
    world.appoint(head, Role.HEAD, health)
    open_case(world, "1916441", social, "Jalan berlubang")
    open_case(world, "1916442", health, "Antrean panjang")
    world.until("2026-08-10 09:00")
    end_of_duty(world, head, social)
    words = document(world, head) or ""
    assert "Antrean panjang" in words
    assert "Jalan berlubang" not in words
    assert "Dinas Sosial" not in words


def test_a_recap_of_before_the_upgrade_still_has_its_document(world: World) -> None:
    unit = world.unit("Dinas Sosial")
    head = world.person("Kepala", Role.HEAD, unit)
    open_case(world, "1916441", unit, "Jalan berlubang")
    with world.db.write() as conn:
        conn.execute(
            insert(t.messages).values(
                contact_id=head.id, address=head.phone, template=WEEKLY, variables={}, text="dahulu",
                workday=world.at("2026-08-10").date(), state="accepted", priority=9, not_before=world.clock.now(),
                dedupe_key=f"recap:R10A:2026-08-10:unit-{unit}:{head.id}", created_at=world.clock.now(),
                accepted_at=world.clock.now(),
            )
        )  # fmt: skip
    assert asks(world, head)[1]
    assert "Jalan berlubang" in (document(world, head) or "")


def test_on_leave_both_the_head_and_the_substitute_may_ask_and_afterwards_the_head_alone(world: World) -> None:
    unit = world.unit("Dinas Sosial")
    head, deputy = (
        world.person("Kepala", Role.HEAD, unit),
        world.person("Wakil", Role.LIAISON, world.unit("Dinas Lain")),
    )
    open_case(world, "1916441", unit, "Jalan berlubang")
    world.until("2026-08-10 09:00")
    days = {"first_day": world.at("2026-08-11").date(), "last_day": world.at("2026-08-18").date()}
    with world.db.write() as conn:
        conn.execute(
            insert(t.absences).values(
                contact_id=head.id, substitute_id=deputy.id, state="accepted", asked_at=world.clock.now(), **days
            )
        )
    world.until("2026-08-18 09:00", every_minutes=120)
    assert asks(world, deputy)[1]
    assert document(world, head)
    world.clock.moment = world.at("2026-08-19 09:00")
    assert document(world, deputy) is None
    assert document(world, head)


def test_the_offices_recap_is_for_who_still_hears_it(db: Database) -> None:
    world = World(db, "2026-09-01 07:00")
    unit = world.unit("Dinas Sosial")
    sekda = world.person("Sekda", Role.SEKDA, unit)
    world.appoint(sekda, Role.LIAISON, unit)
    regent = world.person("Bupati", Role.TECHNICAL, unit, office_recaps=True)
    world.complaint("1916440", unit, disposed="2026-08-31", status=Status.IN_PROCESS)
    world.until("2026-09-01 09:00")
    assert asks(world, sekda)[1]
    assert asks(world, regent)[1]
    with db.write() as conn:
        conn.execute(update(t.appointments).where(t.appointments.c.role == "sekda").values(ended_at=world.clock.now()))
        conn.execute(update(t.contacts).values(office_recaps=False))
    for who in (sekda, regent):
        assert not asks(world, who)[1]
        assert document(world, who) is None


def test_nobody_stands_in_for_a_moment(world: World) -> None:
    """A listener's last message was once read as the person who is away."""
    unit = world.unit("Dinas Sosial")
    regent = world.person("Bupati", Role.TECHNICAL, unit, office_recaps=True, last_inbound_at=world.clock.now())
    with world.db.read() as conn:
        (found,) = directory.listeners(conn)
    assert (found.contact_id, found.address, found.stands_in_for) == (regent.id, regent.phone, None)
