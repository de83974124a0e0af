"""Waiting notices -> one message a person, within what a person can be asked to bear. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aspal.core.ladder import Caps
from aspal.core.words import Role

DIGEST_OF = {
    Role.HEAD: "ringkasan_pimpinan",
    Role.SECRETARY: "ringkasan_pimpinan",
    Role.SEKDA: "ringkasan_pimpinan",
    Role.ADMIN: "ringkasan_admin",
    Role.INSPECTORATE: "ringkasan_admin",
}
ENOUGH_TODAY = "Batas pesan per orang hari ini tercapai; dilihat lagi pada hari kerja berikutnya."
BRAKE = "Ditahan rem volume: jumlah pesan hari ini tidak biasa. Periksa, lalu lepaskan."
UNUSABLE_TEXT = "Teks pesan tidak dapat dipakai:"  # and why


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that waits for its message."""

    notice_id: int
    disposition_id: int
    complaint_id: int
    contact_id: int
    audience: Role
    template: str
    level: int
    age: int
    digest: bool = False  # never told case by case
    approval: bool = False  # held until an approver releases it


@dataclass(frozen=True, slots=True)
class Planned:
    """One message to be: who, which words, about what."""

    contact_id: int
    template: str
    notices: tuple[Waiting, ...]
    digest: bool
    approval: bool
    level: int


@dataclass(frozen=True, slots=True)
class ToldToday:
    """What a person was already sent, or is about to be, on this working day."""

    messages: int = 0
    digests: frozenset[str] = frozenset()  # templates of digests


def bundle(
    waiting: Iterable[Waiting], told: Mapping[int, ToldToday], caps: Caps
) -> tuple[list[Planned], dict[int, str]]:
    """The messages to plan, and for each notice that must wait, why.

    Up to `caps.messages_per_day` cases a person are told one by one; beyond that, everything that is left becomes one
    digest, and a second digest of that kind has to wait for the next working day. No complaint stands in two messages
    to one person, also when it was disposed to two of their units: then it is told as a digest.
    """
    planned: list[Planned] = []
    left: dict[int, str] = {}
    for contact_id, notices in _by_contact(waiting).items():
        before = told.get(contact_id, ToldToday())
        always = [n for n in notices if n.digest]
        single = [n for n in notices if not n.digest]
        for template in sorted({n.template for n in always}):
            group = tuple(n for n in always if n.template == template)
            if template in before.digests:
                left |= {n.notice_id: ENOUGH_TODAY for n in group}
            else:
                planned.append(_digest(contact_id, template, group))
        complaints = {n.complaint_id for n in single}
        few = before.messages + len(single) <= caps.messages_per_day
        if few and len(complaints) == len(single):
            planned += [Planned(contact_id, n.template, (n,), False, n.approval, n.level) for n in single]
        elif single:
            template = DIGEST_OF.get(max(single, key=lambda n: n.level).audience, "ringkasan_penghubung")
            if template in before.digests:
                left |= {n.notice_id: ENOUGH_TODAY for n in single}
            else:
                planned.append(_digest(contact_id, template, tuple(single)))
    return planned, left


def _by_contact(waiting: Iterable[Waiting]) -> dict[int, list[Waiting]]:
    groups: dict[int, list[Waiting]] = defaultdict(list)
    for notice in sorted(waiting, key=lambda n: (-n.level, -n.age, n.notice_id)):
        groups[notice.contact_id].append(notice)
    return groups


def _digest(contact_id: int, template: str, notices: tuple[Waiting, ...]) -> Planned:
    return Planned(contact_id, template, notices, True, any(n.approval for n in notices), max(n.level for n in notices))


def brake_limit(contacts: int, busiest_day: int) -> int:
    """How many messages a day are still ordinary; more are held and explained before anybody is written to.

    `contacts`: people with a valid appointment; `busiest_day`: most messages on one of the last twenty working days.
    """
    return max(50, 2 * contacts, 4 * busiest_day)
