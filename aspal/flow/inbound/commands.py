"""Commands to the bot itself: DAFTAR, BANTUAN, MENGAPA, DETAIL, BERHENTI, MULAI. Part of station 6."""

from aspal.core import alarm_keys
from aspal.core.case import age_of
from aspal.core.matching import Match
from aspal.core.replies import Command, Reading
from aspal.core.wording import long_date, short_date, workdays
from aspal.flow.gather import Gathered, Gatherer
from aspal.flow.inbound import detail, which_case
from aspal.flow.inbound.turn import Turn
from aspal.flow.messages import deadline
from aspal.records import cases, health, notes, replies

LIST_LINES = 15


def take(turn: Turn, reading: Reading) -> str | None:
    """Obeys a command; None when the reply is none. CUTI has its own part."""
    if turn.form.opt_out_type == "STOP":
        return _stop(turn, confirm=False)  # Twilio has confirmed it, and would refuse ours
    if turn.form.opt_out_type == "START":
        return _start(turn, confirm=False)
    if reading.command is Command.STOP:
        return _stop(turn, confirm=True)
    if reading.command is Command.START:
        return _start(turn, confirm=True)
    if turn.form.media:
        return None  # evidence, whatever stands under it
    if reading.command is Command.HELP or turn.form.opt_out_type == "HELP":
        turn.say("bantuan", kantor=turn.settings.office_name)
    elif reading.command is Command.LIST:
        _list(turn, reading)
    elif reading.command is Command.WHY:
        _why(turn, reading)
    elif reading.command is Command.DETAIL:
        detail.answer(turn)
    else:
        return None
    turn.settle("command")
    return "command"


def _stop(turn: Turn, *, confirm: bool) -> str:
    """The person hears no more; the chain goes on without them, and an admin is told."""
    turn.settle("command")
    if turn.contact.opted_out_at is not None:
        return "command"  # told once
    replies.learn(turn.conn, turn.contact.id, opted_out_at=turn.now)
    turn.alarm(
        f"{alarm_keys.OPTED_OUT}{turn.contact.id}",
        f"{turn.contact.name} berhenti menerima pesan (BERHENTI). Tunjuk pengganti agar laporannya tetap tertangani.",
    )
    _wake(turn)
    turn.journal("contact.opted_out", f"contact:{turn.contact.id}")
    if confirm:
        turn.say_though_busy("berhenti_dicatat")  # also to whoever wrote so much that it looks like a loop
    return "command"


def _start(turn: Turn, *, confirm: bool) -> str:
    turn.settle("command")
    replies.learn(turn.conn, turn.contact.id, opted_out_at=None)
    health.clear_alarm(turn.conn, f"{alarm_keys.OPTED_OUT}{turn.contact.id}", turn.now)
    _wake(turn)
    turn.journal("contact.opted_in", f"contact:{turn.contact.id}")
    if confirm:
        turn.say("mulai_dicatat")
    return "command"


def _wake(turn: Turn) -> None:
    """Who can be told has changed for this person's cases."""
    found = [case.disposition_id for case in replies.candidates(turn.conn, turn.scope, (), ())]
    notes.lock_dispositions(turn.conn, found)  # a scan that has them in hand knows nothing of it yet, and ends first
    cases.wake(turn.conn, found, turn.now)


def _list(turn: Turn, reading: Reading) -> None:
    listed = [c.disposition_id for c in which_case.candidates(turn, reading) if c.open]
    if not listed:
        turn.say("daftar_kosong")
        return
    last = (len(listed) - 1) // LIST_LINES + 1
    page = min(max(int(reading.argument or 1), 1), last) if reading.command is Command.LIST else 1
    shown = listed[(page - 1) * LIST_LINES : page * LIST_LINES]
    gathered = Gatherer(turn.conn, turn.calendars, turn.now).ids(shown)
    written = [_line(turn, gathered[i]) for i in shown]
    if page < last:
        written.append(f"dan {len(listed) - page * LIST_LINES} laporan lain; balas DAFTAR {page + 1}")
    turn.say("daftar", jumlah=str(len(listed)), daftar="\n".join(written))


def _line(turn: Turn, one: Gathered) -> str:
    age = age_of(one.case, one.calendar, one.calendar.local_day(turn.now))
    return f"{one.row.number} ({workdays(age)}, #{one.row.code}) – batas {short_date(deadline(one))}"


def _why(turn: Turn, reading: Reading) -> None:
    found = which_case.matched(turn, reading)
    if isinstance(found, Match):
        one = Gatherer(turn.conn, turn.calendars, turn.now).ids([found.disposition_id])[found.disposition_id]
        turn.say("mengapa", nomor=one.row.number, daftar="\n".join(_reasons(turn, one)))
    elif reading.case_numbers or reading.codes:
        turn.say("laporan_tidak_ditemukan", nomor=(*reading.case_numbers, *reading.codes)[0])
    else:
        _list(turn, reading)


def _reasons(turn: Turn, one: Gathered) -> tuple[str, str, str]:
    """Where the case stands, how the days were counted, and why this person hears of it."""
    case, today = one.case, one.calendar.local_day(turn.now)
    names = list(dict.fromkeys(why for _, why in one.calendar.skipped(case.disposed_on, today)))
    skipped = f"; {', '.join(names)} tidak dihitung" if names else ""
    held = sorted({role for roles in turn.roles.values() for role in roles})
    status = case.status.replace("_", " ")
    return (
        f"Didisposisikan {long_date(case.disposed_on)}; status di SP4N-LAPOR!: {status}",
        f"Umur {workdays(age_of(case, one.calendar, today))}{skipped}; batas {short_date(deadline(one))}",
        f"Dikirim kepada Bapak/Ibu sebagai {', '.join(role.replace('_', ' ') for role in held)}, dan berhenti setelah "
        "tindak lanjut tercatat di SP4N-LAPOR!",
    )
