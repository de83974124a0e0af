"""A reply becomes a note: what it says with its unit's calendar, what that changes, and how it is answered.

Part of station 6.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from aspal.core import alarm_keys, claims
from aspal.core import replies as grammar
from aspal.core.replies import Intent, Reading, parts
from aspal.core.wording import long_date
from aspal.core.words import RENEWED, UNIT_ROLES, WRONG_ADDRESS, Kind, Role
from aspal.flow.gather import Gathered, Gatherer
from aspal.flow.inbound import asking
from aspal.flow.inbound.turn import Turn
from aspal.gateways.whatsapp.port import Inbound, parse_inbound
from aspal.records import notes, replies, told_on_day
from aspal.records.replies import Stored

_ACKNOWLEDGED = {
    Intent.DONE: "klaim_dicatat",
    Intent.IN_PROCESS: "proses_dicatat",
    Intent.NOT_OURS: "bukan_kewenangan_dicatat",
    Intent.EXTENSION: "perpanjangan_dicatat",
    Intent.NOTE: "catatan_dicatat",
}
TITLE = 10  # letters: a shorter title may be words of the reply's own
_MEDIA_WORDS = {"image": "foto", "video": "video", "audio": "pesan suara", "text": "kontak", "application": "dokumen"}


def keep(
    turn: Turn, reply: Stored, form: Inbound, disposition_id: int, by: str, words: str | None = None
) -> None:  # fmt: skip
    """The reply becomes a note on this disposition, with its effects, and is settled.

    `words`: what it says, where it says the same as another ("1916502 juga").
    """
    notes.lock_dispositions(turn.conn, [disposition_id])
    one = Gatherer(turn.conn, turn.calendars, turn.now).ids([disposition_id])[disposition_id]
    today = one.calendar.local_day(reply.received_at)
    if words is None:
        words = _without_title(parts.about(turn.read_of(form), (one.row.number, one.row.code)), one.row.title)
    reading = grammar.understand(words, today=today, calendar=one.calendar, button=form.button_payload)
    if reading.intent is Intent.PROMISE and reading.orders and not _reports(turn, one):
        reading = replace(reading, intent=Intent.NOTE, promise_until=None)
    intent = Intent.IN_PROCESS if takes_back(reading, one.case.claim) else reading.intent
    effect = claims.effect(
        intent, reading.promise_until, one.case, one.calendar,
        written_at=reply.received_at, now=turn.now, promised=notes.promised(turn.conn, disposition_id),
        told_today=told_on_day.was_told(turn.conn, disposition_id, one.calendar.local_day(turn.now)),
        for_the_unit=_acts_for_unit(turn, one),
    )  # fmt: skip
    note = notes.Note(
        disposition_id, reply.id, turn.contact.id, _signature(turn, one), _words(turn, form), str(effect.intent), by,
        effect.promise_until, reply.received_at,
    )  # fmt: skip
    note_id = notes.put(turn.conn, note)
    replies.settle(
        turn.conn, [reply.id], "matched", turn.now, contact_id=turn.contact.id, complaint_id=one.row.complaint_id,
        disposition_id=disposition_id, intent=str(effect.intent), matched_by=by,
    )  # fmt: skip
    if note_id is None:
        return
    notes.tie_media(turn.conn, reply.id, note_id)
    notes.change_disposition(turn.conn, disposition_id, effect.columns)
    turn.journal(
        "note", f"disposition:{disposition_id}", one.row.complaint_id, intent=str(effect.intent), matched_by=by,
        promise_until=effect.promise_until.isoformat() if effect.promise_until else None, closed=one.case.ended,
    )  # fmt: skip
    if reading.asks:
        _pass_on(turn, one)
    _acknowledge(turn, reply, one, reading, effect)


def keep_waiting(turn: Turn, reply_ids: Sequence[int], disposition_ids: Sequence[int], by: str = "asked") -> None:
    """The answer has come: replies that waited for it become notes, dated when they were written."""
    notes.lock_dispositions(turn.conn, disposition_ids)
    for reply in replies.by_ids(turn.conn, reply_ids):
        if reply.state == "asked":  # an admin may have settled it meanwhile
            for disposition_id in disposition_ids:
                keep(turn, reply, parse_inbound(reply.raw), disposition_id, by)


def _pass_on(turn: Turn, one: Gathered) -> None:
    """A question about the case: an admin is told, and who asked is told that, once for several in a row."""
    if any(Role.ADMIN in roles for roles in turn.roles.values()):
        return
    news = turn.alarm(
        f"{alarm_keys.QUESTION}{turn.contact.id}:{one.row.id}:{turn.calendar.local_day(turn.now)}",
        f"{turn.contact.name} bertanya tentang laporan {one.row.number}. Baca dan jawab di Kotak masuk, sebelum 24 jam "
        "berlalu.",
    )
    if turn.asks_back and news:
        turn.say("pertanyaan_diteruskan", nomor=one.row.number)


def takes_back(reading: Reading, claimed: str | None) -> bool:
    """Whether these words take the claim back that stands: "maaf, belum", "ternyata kewenangan kami", "padam lagi"."""
    if claimed == Intent.NOT_OURS:
        return reading.denies or reading.owns
    return claimed == Intent.DONE and (reading.denies or reading.relapsed)


def _acknowledge(turn: Turn, reply: Stored, one: Gathered, reading: Reading, effect: claims.Effect) -> None:
    """Each answer costs money: one that says something, all, or none, as the office has set."""
    if effect.too_far or effect.too_many:
        turn.alarm(
            f"promise:{one.row.id}",
            f"Laporan {one.row.number}: janji penghubung tidak dapat menghentikan pengingat "
            f"({'terlalu jauh' if effect.too_far else 'sudah dua kali berjanji'}).",
        )
    if not turn.asks_back:
        return
    end = notes.end_reason(turn.conn, one.row.id) if one.case.ended else None
    if end in WRONG_ADDRESS:
        turn.say("laporan_dipindahkan", nomor=one.row.number)  # not to whom: it may be a complaint about this unit
    elif effect.too_far:
        limit = claims.latest_promise(one.calendar, reply.received_at)
        turn.say("janji_terlalu_jauh", nomor=one.row.number, batas=long_date(limit))
    elif effect.too_many:
        turn.say("janji_cukup", nomor=one.row.number)
    elif effect.promise_until:
        confirm_day(turn, one, effect.promise_until)
    elif reading.date_unclear and not one.case.ended:
        asking.ask_for_day(turn, one.row.id)
    elif turn.settings.acknowledge == "always" and end != RENEWED:  # it is neither finished nor the round that runs
        turn.say("laporan_sudah_selesai" if one.case.ended else _ACKNOWLEDGED[effect.intent], nomor=one.row.number)


def confirm_day(turn: Turn, one: Gathered, until: date) -> None:
    """The promised day as we took it; of a day off also when the reminders go on: another Monday may be meant."""
    if one.calendar.is_workday(until):
        turn.say("janji_dicatat", nomor=one.row.number, batas=long_date(until))
        return
    going_on = long_date(one.calendar.next_workday(until))
    turn.say("janji_hari_libur", nomor=one.row.number, batas=long_date(until), lanjut=going_on)


def _acts_for_unit(turn: Turn, one: Gathered) -> bool:
    if one.case.supervised or one.case.kind is Kind.WHISTLE:
        return turn.scope.supervised
    return bool(turn.roles.get(one.row.unit_id or 0, set()) & UNIT_ROLES)


def _reports(turn: Turn, one: Gathered) -> bool:
    """Whether this person does the work or tells of it; a head's "kerjakan tgl 14" binds others, and not the chain."""
    return bool(turn.roles.get(one.row.unit_id or 0, set()) & {Role.LIAISON, Role.OPERATOR, Role.TECHNICAL})


def _signature(turn: Turn, one: Gathered) -> str:
    """Name and role at the time of writing."""
    here = turn.roles.get(one.row.unit_id or 0, set())
    held = here or {role for roles in turn.roles.values() for role in roles}
    role = next((role for role in Role if role in held), None)
    words = f"{role.replace('_', ' ')}{f' {one.row.unit_name}' if here and one.row.unit_name else ''}" if role else ""
    return f"{turn.contact.name} ({words})"[:200] if words else turn.contact.name


def _without_title(words: str, title: str | None) -> str:
    """What is said of the case, where its title was copied beside it: "Jalan rusak di pasar sudah"."""
    if not title or len(title) < TITLE:
        return words
    return re.sub(rf"[(\"'\[]?{re.escape(title)}[)\"'\]]?", " ", words, flags=re.IGNORECASE)


def is_wordless(words: str) -> bool:
    """Whether a note was a photo or the like, and nothing said."""
    return re.fullmatch(r"(?:\[[^]]*\]\s*)+", words) is not None


def _words(turn: Turn, form: Inbound) -> str:
    """The note's text; what was sent without words is named."""
    text = turn.text_of(form)
    place = form.location
    if place:
        where = ", ".join(part for part in (place.label, place.address) if part)
        text = f"{text} [lokasi: {place.latitude}, {place.longitude}{f' – {where}' if where else ''}]".strip()
    if text:
        return text
    kinds = [_MEDIA_WORDS.get(m.content_type.split("/")[0], "lampiran") for m in form.media]
    return " ".join(f"[{kind}]" for kind in kinds) or "[tanpa teks]"
