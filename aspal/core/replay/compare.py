"""Two replays side by side: what is new, gone or moved, and how many messages each would have been. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from aspal.core.bundling import Waiting, bundle
from aspal.core.ladder import Caps
from aspal.core.words import Role


@dataclass(frozen=True, slots=True)
class Told:
    """One thing told to one person, in a replay."""

    disposition_id: int
    complaint_id: int
    number: str
    unit: str
    step: str
    audience: Role
    contact_id: int
    workday: date
    template: str
    level: int
    digest: bool = False
    approval: bool = False

    @property
    def key(self) -> tuple[int, str, Role, int]:
        """What stays the same when only the day moves."""
        return self.disposition_id, self.step, self.audience, self.contact_id


class Mark(StrEnum):
    """What other rules do to one thing told."""

    SAME = "same"
    NEW = "new"
    GONE = "gone"
    MOVED = "moved"  # the same thing on another day, or in other words


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing told, with its difference; `before` is how it was told, where it has moved."""

    mark: Mark
    told: Told
    before: Told | None = None


def compare(now: Iterable[Told], draft: Iterable[Told]) -> list[Compared]:
    """Every thing told under either ladder, by day. What is told on the same day in the same words is the same."""
    ours, theirs = _by_key(now), _by_key(draft)
    found: list[Compared] = []
    for key in {**ours, **theirs}:
        before, after = ours.get(key, []), theirs.get(key, [])
        alike = {t.workday: t for t in before if t in after}
        found += [Compared(Mark.SAME, t) for t in alike.values()]
        left, right = [t for t in before if t.workday not in alike], [t for t in after if t.workday not in alike]
        pairs = min(len(left), len(right))
        found += [Compared(Mark.MOVED, new, old) for old, new in zip(left, right, strict=False)]
        found += [Compared(Mark.GONE, t) for t in left[pairs:]] + [Compared(Mark.NEW, t) for t in right[pairs:]]
    return sorted(found, key=lambda c: (c.told.workday, c.told.disposition_id, c.told.audience, c.told.step))


def _by_key(told: Iterable[Told]) -> dict[tuple[int, str, Role, int], list[Told]]:
    groups: dict[tuple[int, str, Role, int], list[Told]] = defaultdict(list)
    for one in sorted(told, key=lambda t: t.workday):
        groups[one.key].append(one)
    return groups


def messages(told: Iterable[Told], caps: Caps) -> Counter[tuple[Role, str]]:
    """How many messages these make, by audience and template: bundled day by day as the station does."""
    days: dict[date, list[Waiting]] = defaultdict(list)
    for number, one in enumerate(told):
        days[one.workday].append(
            Waiting(
                number, one.disposition_id, one.complaint_id, one.contact_id, one.audience, one.template, one.level, 0,
                digest=one.digest, approval=one.approval,
            )
        )  # fmt: skip
    found: Counter[tuple[Role, str]] = Counter()
    for day in days.values():
        for plan in bundle(day, {}, caps)[0]:
            found[plan.notices[0].audience, plan.template] += 1
    return found


def by_audience(sent: Counter[tuple[Role, str]]) -> Counter[Role]:
    """The same messages, by whom they reach."""
    found: Counter[Role] = Counter()
    for (role, _), count in sent.items():
        found[role] += count
    return found


def lanes(changes: Sequence[Compared], most: int) -> list[tuple[Told, list[Compared]]]:
    """The cases whose course changes most, each with everything told about it."""
    groups: dict[int, list[Compared]] = defaultdict(list)
    for one in changes:
        groups[one.told.disposition_id].append(one)
    turned = {key: sum(c.mark is not Mark.SAME for c in group) for key, group in groups.items()}
    first = sorted((key for key in groups if turned[key]), key=lambda key: (-turned[key], key))[:most]
    return [(groups[key][0].told, groups[key]) for key in first]
