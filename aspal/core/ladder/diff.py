"""What changes between two ladders, in sentences, and which of it a second person must approve. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from aspal.core.ladder import Basis, Ladder, Recap, Step
from aspal.core.ladder.words import LIMITS, message_words, roles, sentence
from aspal.core.words import Role

# Telling these people is never one person's decision.
HIGH = frozenset({Role.HEAD, Role.INSPECTORATE, Role.SEKDA})
Rule = TypeVar("Rule", Step, Recap)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was; a side is None where it is not there."""

    what: str  # "Langkah R2"
    before: str | None
    after: str | None
    high: bool  # it bears on what a head, the Inspektorat or Sekda hears

    @property
    def mark(self) -> str:
        """new, gone or changed."""
        return "new" if self.before is None else "gone" if self.after is None else "changed"


def differences(old: Ladder, new: Ladder, units: Mapping[int, str]) -> list[Difference]:
    """Everything in which the second ladder is not the first, in its own order."""
    return [*_steps(old, new, units), *_order(old, new), *_limits(old, new), *_caps(old, new), *_recaps(old, new)]


def _steps(old: Ladder, new: Ladder, units: Mapping[int, str]) -> list[Difference]:
    return [
        Difference(f"Langkah {code}", _told(one, units), _told(other, units), _reaches_high(filter(None, (one, other))))
        for code, one, other in _changed(old.steps, new.steps)
    ]


def _changed(old: Iterable[Rule], new: Iterable[Rule]) -> Iterator[tuple[str, Rule | None, Rule | None]]:
    """What is not the same on both sides, by its id: in the new order, then what is gone."""
    before, after = {one.id: one for one in old}, {one.id: one for one in new}
    for code in {**after, **before}:
        if before.get(code) != after.get(code):
            yield code, before.get(code), after.get(code)


def _reaches_high(rules: Iterable[Step | Recap]) -> bool:
    return any(role in HIGH for rule in rules for role in rule.audience)


def _told(step: Step | None, units: Mapping[int, str]) -> str | None:
    return (
        f"{sentence(step, units).text} Pesan \u201c{message_words(step.template)}\u201d, tingkat {step.level}."
        if step
        else None
    )


def _order(old: Ladder, new: Ladder) -> list[Difference]:
    """Among steps of one level the later one is told, so their order means something."""
    codes = {s.id for s in new.steps} & {s.id for s in old.steps}
    before, after = [s for s in old.steps if s.id in codes], [s for s in new.steps if s.id in codes]
    moved = [one for one, other in zip(before, after, strict=True) if one.id != other.id]
    if not moved:
        return []
    words = [", ".join(step.id for step in steps) for steps in (before, after)]
    return [Difference("Urutan langkah", words[0], words[1], _reaches_high(moved))]


def _limits(old: Ladder, new: Ladder) -> list[Difference]:
    high = _reaches_high(s for ladder in (old, new) for s in ladder.steps if s.basis is Basis.LIMIT)
    return [
        Difference(
            f"Batas waktu {LIMITS[name]}",
            f"{old.limits[name].days} hari kerja ({old.limits[name].legal_basis})",
            f"{limit.days} hari kerja ({limit.legal_basis})",
            high and limit.days != old.limits[name].days,
        )
        for name, limit in new.limits.items()
        if limit != old.limits[name]
    ]


def _caps(old: Ladder, new: Ladder) -> list[Difference]:
    contact = _reaches_high(s for ladder in (old, new) for s in ladder.steps if s.basis is Basis.CONTACT)
    pairs = (
        ("Pesan per orang sehari", old.caps.messages_per_day, new.caps.messages_per_day, False),
        ("Pengingat tanpa jawaban", old.caps.unanswered_reminders, new.caps.unanswered_reminders, contact),
    )
    return [Difference(what, str(one), str(other), high) for what, one, other, high in pairs if one != other]


def _recaps(old: Ladder, new: Ladder) -> list[Difference]:
    return [
        Difference(f"Rekap {code}", recap_words(one), recap_words(other), _reaches_high(filter(None, (one, other))))
        for code, one, other in _changed(old.recaps, new.recaps)
    ]


_WHEN = {"senin": "Setiap Senin", "awal_bulan": "Setiap awal bulan"}


def recap_words(recap: Recap | None) -> str | None:
    """ "Setiap Senin pukul 08.00 → kepala OPD"."""
    if recap is None:
        return None
    days = _WHEN.get(recap.when) or f"Setiap tanggal {', '.join(_day(one) for one in recap.when.split(','))}"
    whom = roles(recap.audience)
    return (
        f"{days} pukul {recap.at.replace(':', '.')} \u2192 {whom}, pesan \u201c{message_words(recap.template)}\u201d."
    )


def _day(month_and_day: str) -> str:
    month, _, day = month_and_day.strip().partition("-")
    return f"{int(day)}/{int(month)}" if month.isdigit() and day.isdigit() else month_and_day
