"""Planned messages in words, into the outbox; what is in the shadow is worded alike and cancelled at once."""

from collections.abc import Iterable, Mapping, Sequence

from aspal.core.bundling import BRAKE, UNUSABLE_TEXT, Planned
from aspal.core.delivery import State
from aspal.flow.bundle.round import Round
from aspal.flow.messages import render
from aspal.gateways.texts import TextProblem
from aspal.records import health, journal, notices, outbox, rollout
from aspal.records.notices import WaitingNotice

APPROVAL = "Menunggu persetujuan Kominfo."
SUPERSEDED = "Digantikan ringkasan yang lebih baru."


def write(this: Round, planned: Sequence[Planned], held: bool) -> dict[int, int]:
    """Writes the messages; returns which message carries which notice."""
    for plan in planned:
        if plan.approval:
            _supersede(this, plan)
    worded = [(plan, message) for plan in planned if (message := _worded(this, plan, held))]
    message_of: dict[int, int] = {}
    ids = outbox.put(this.conn, [message for _, message in worded], this.now)
    for (plan, _), message_id in zip(worded, ids, strict=True):
        assert message_id is not None  # these have no dedupe key: the notices' own key stands behind them
        message_of |= {n.notice_id: message_id for n in plan.notices}
    notices.bundled(this.conn, message_of)
    return message_of


def _supersede(this: Round, plan: Planned) -> None:
    """A newer digest says what an older one, never approved, would have said; releasing both would say it twice."""
    old = outbox.held_before(this.conn, plan.contact_id, plan.template, this.calendars.of(None).local_day(this.now))
    outbox.cancel(this.conn, dict.fromkeys(old, SUPERSEDED))
    carried = notices.of_messages(this.conn, old)
    notices.cancel(this.conn, {n.id: SUPERSEDED for group in carried.values() for n in group})


def _worded(this: Round, plan: Planned, held: bool) -> outbox.NewMessage | None:
    """The message in words; None when its text cannot be used, which must not keep the others from leaving."""
    try:
        return _message(this, plan, held)
    except TextProblem as problem:
        this.waiting |= {n.notice_id: f"{UNUSABLE_TEXT} {problem}" for n in plan.notices}
        text = f"Pesan jenis {plan.template} tidak dapat dibuat: {problem}"
        health.raise_alarm(this.conn, f"text:{plan.template}", text, this.now)
        return None


def _message(this: Round, plan: Planned, held: bool) -> outbox.NewMessage:
    first = plan.notices[0]
    one = this.cases[first.disposition_id]
    calendar = one.calendar_for(first.audience, this.calendars)
    workday = calendar.local_day(this.now)
    kind, words = render(plan, this.cases, this.texts, this.settings)
    state = State.HELD if held or plan.approval else State.WAITING
    reason = APPROVAL if plan.approval else BRAKE if held else None
    return outbox.NewMessage(
        contact_id=plan.contact_id,
        address=one.people[plan.contact_id].address,
        template=kind,
        variables=words.variables,
        text=words.text,
        workday=workday,
        state=state,
        priority=9 - plan.level,
        not_before=this.now,
        # What waits for an approver may wait for days; everything else is stale when its day ends.
        expires_at=None if plan.approval else calendar.closing(workday),
        reason=reason,
    )


def write_shadows(this: Round, planned: Sequence[Planned], shadows: Sequence[WaitingNotice]) -> int:
    """What would have been sent: worded like the rest, and cancelled in the same transaction."""
    if not shadows:
        return 0
    message_of = write(this, planned, held=True)
    complaint_of = {
        message_of[n.id]: this.cases[n.disposition_id].row.complaint_id for n in shadows if n.id in message_of
    }
    rollout.shadow(this.conn, complaint_of)
    journal.append(
        this.conn,
        [
            journal.Entry(this.now, "bundle", "message.shadowed", f"message:{message_id}", {}, complaint_id)
            for message_id, complaint_id in complaint_of.items()
        ],
    )
    return len(complaint_of)


def planned_entries(this: Round, planned: Iterable[Planned], message_of: Mapping[int, int]) -> list[journal.Entry]:
    return [
        journal.Entry(
            this.now, "bundle", "message.planned", f"message:{message_of[n.notice_id]}",
            {"contact": plan.contact_id, "template": plan.template, "notice": n.notice_id, "digest": plan.digest},
            this.cases[n.disposition_id].row.complaint_id,
        )
        for plan in planned
        for n in plan.notices
    ]  # fmt: skip
