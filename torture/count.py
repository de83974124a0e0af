"""The count after a day: what the provider's books say each person heard, against who had to hear of what."""

import re
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, func, select

from aspal import tables as t
from torture.office import Expected

_NUMBER = re.compile(r"\b1\d{7}\b")  # our tracking ids
_FAILED = ("failed", "undelivered")
_SHOWN = ("held", "unknown", "failed")  # what an admin sees and decides


@dataclass
class Count:
    """Told: pairs of a person and a case. `doubled`, `lost` and `stuck` must be 0."""

    days: int = 0
    kills: int = 0
    accepted: int = 0  # messages in the provider's books
    while_killing: int = 0  # those of them that were taken during the storm
    repeated: int = 0  # messages of ours that needed more than one attempt
    expected: int = 0
    once: int = 0
    shown: int = 0  # not told, but held, unknown or failed in front of an admin
    in_doubt: int = 0  # told, though our books still say held or unknown
    doubled: int = 0
    lost: int = 0
    stuck: int = 0
    uninvited: int = 0  # told without having to be
    broken_chains: int = 0
    failures: Counter[str] = field(default_factory=Counter)  # jobs that raised, by error
    cases: list[str] = field(default_factory=list)  # what went wrong, for whoever looks into it

    @property
    def is_good(self) -> bool:
        """Nothing lost, doubled, stuck or uninvited, and every chain holds."""
        return not (self.doubled or self.lost or self.stuck or self.uninvited or self.broken_chains)

    def add(self, other: "Count") -> None:
        """One day more."""
        for spec in fields(self):
            setattr(self, spec.name, getattr(self, spec.name) + getattr(other, spec.name))

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self) | {"ok": self.is_good}


def day(conn: Connection, expected: Expected, books: list[dict[str, Any]]) -> Count:
    """Counts one day. `books`: the provider's messages of this day."""
    recaps = set(conn.scalars(select(t.templates.c.content_sid).where(t.templates.c.kind.like("rekap_%"))))
    told = Counter(
        (message["to"].removeprefix("whatsapp:"), number)
        for message in books
        if message["status"] not in _FAILED and message["form"].get("ContentSid") not in recaps
        for number in set(_NUMBER.findall(message["body"]))
    )
    repeats = select(func.count()).where(t.messages.c.attempts > 1, t.messages.c.id > expected.first_message)
    ours = _our_word(conn, expected.first)
    count = Count(days=1, accepted=len(books), expected=len(expected.pairs), repeated=conn.scalar(repeats) or 0)
    for pair in sorted(expected.pairs):
        times, states = told.pop(pair, 0), ours.get(pair, [])
        if times:
            count.once += 1
            count.doubled += times - 1
            count.in_doubt += any(state in ("held", "unknown") for state, _ in states)
            if times > 1:
                evidence = _attempts(conn, [message_id for _, message_id in states])
                count.cases.append(f"doubled ({times}): {pair} {states}; attempts {evidence}; {_told_by(books, pair)}")
        elif any(state in _SHOWN for state, _ in states):
            count.shown += 1
        elif any(state in ("waiting", "sending") for state, _ in states):
            count.stuck += 1
            count.cases.append(f"stuck: {pair} {states}")
        else:
            count.lost += 1
            count.cases.append(f"lost: {pair} {states}")
    count.uninvited = sum(times for (_, number), times in told.items() if int(number) - 10_000_000 >= expected.first)
    count.cases += [f"uninvited: {pair}" for pair in told if int(pair[1]) - 10_000_000 >= expected.first]
    return count


def _our_word(conn: Connection, first: int) -> dict[tuple[str, str], list[tuple[str, int | None]]]:
    """Our own books of today: for each person and case the messages' states, or the notice's where there is none."""
    query = (
        select(
            t.contacts.c.phone, t.dispositions.c.complaint_id, t.notices.c.state,
            t.messages.c.state.label("message_state"), t.messages.c.id.label("message_id"),
        )
        .select_from(
            t.notices.join(t.dispositions, t.dispositions.c.id == t.notices.c.disposition_id)
            .join(t.contacts, t.contacts.c.id == t.notices.c.contact_id)
            .outerjoin(t.messages, t.messages.c.id == t.notices.c.message_id)
        )
        .where(t.dispositions.c.complaint_id >= first)
    )  # fmt: skip
    found: dict[tuple[str, str], list[tuple[str, int | None]]] = {}
    for row in conn.execute(query):
        state = row.state if row.state != "bundled" else row.message_state
        found.setdefault((row.phone, str(10_000_000 + row.complaint_id)), []).append((state, row.message_id))
    return found


def _attempts(conn: Connection, message_ids: list[int | None]) -> list[str]:
    query = select(t.attempts).where(t.attempts.c.message_id.in_(message_ids)).order_by(t.attempts.c.claimed_at)
    return [f"{row.claimed_at:%H:%M:%S} {row.token[:6]} {row.outcome}" for row in conn.execute(query)]


def _told_by(books: list[dict[str, Any]], pair: tuple[str, str]) -> list[str]:
    return [
        f"{message['date_created'][17:25]} {message['form'].get('StatusCallback', '').partition('a=')[2][:6]}"
        for message in books
        if pair[1] in message["body"] and message["to"].endswith(pair[0])
    ]
