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
    zone: str | None = None  # of the unit


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
    zones: frozenset[tuple[str, str]] = frozenset()  # of the cases in these digests: template and zone

    def had_digest(self, template: str, zone: str | None) -> bool:
        """Whether that digest has been told. Where offices open later it never speaks of their cases, so that whoever
        has some in two zones would hear of one zone every day and of the other never: it is one a zone."""
        zones = {its for kind, its in self.zones if kind == template}
        return template in self.digests and (not zones or zone in zones)


def bundle(
    waiting: Iterable[Waiting], told: Mapping[int, ToldToday], caps: Caps
) -> tuple[list[Planned], dict[int, str]]:
    """The messages to plan, and for each notice that must wait, why.

    Up to `caps.messages_per_day` cases a person are told one by one; beyond that, everything that is left becomes one
    digest, and a second digest of that kind and time zone has to wait for the next working day. No complaint stands in
    two messages to one person, also when it was disposed to two of their units: then it is told as a digest.
    """
    planned: list[Planned] = []
    left: dict[int, str] = {}
    for contact_id, notices in _by_contact(waiting).items():
        before = told.get(contact_id, ToldToday())
        always = [n for n in notices if n.digest]
        single = [n for n in notices if not n.digest]
        for template in sorted({n.template for n in always}):
            planned += _digest(contact_id, template, [n for n in always if n.template == template], before, left)
        complaints = {n.complaint_id for n in single}
        few = before.messages + len(single) <= caps.messages_per_day
        if few and len(complaints) == len(single):
            planned += [Planned(contact_id, n.template, (n,), False, n.approval, n.level) for n in single]
        elif single:
            template = DIGEST_OF.get(max(single, key=lambda n: n.level).audience, "ringkasan_penghubung")
            planned += _digest(contact_id, template, single, before, left)
    return planned, left


def _by_contact(waiting: Iterable[Waiting]) -> dict[int, list[Waiting]]:
    groups: dict[int, list[Waiting]] = defaultdict(list)
    for notice in sorted(waiting, key=lambda n: (-n.level, -n.age, n.notice_id)):
        groups[notice.contact_id].append(notice)
    return groups


def _digest(
    contact_id: int, template: str, notices: Iterable[Waiting], before: ToldToday, left: dict[int, str]
) -> list[Planned]:
    """One digest, or none; what must wait for the next working day is noted in `left`."""
    fresh: list[Waiting] = []
    for notice in notices:
        if before.had_digest(template, notice.zone):
            left[notice.notice_id] = ENOUGH_TODAY
        else:
            fresh.append(notice)
    if not fresh:
        return []
    approval, level = any(n.approval for n in fresh), max(n.level for n in fresh)
    return [Planned(contact_id, template, tuple(fresh), digest=True, approval=approval, level=level)]


def brake_limit(contacts: int, busiest_day: int) -> int:
    """How many messages a day are still ordinary; more are held and explained before anybody is written to.

    `contacts`: people with a valid appointment; `busiest_day`: most messages on one of the last twenty working days.
    """
    return max(50, 2 * contacts, 4 * busiest_day)
