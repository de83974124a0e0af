"""The ladder: which step is told to whom after how many working days. Rules as data. Pure.

A ladder is read from and written to plain dictionaries (TOML and JSON outside). Nothing here knows a deadline: the
legal limits stand in the ladder with the rule of law they come from, because that law changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Any

from aspal.core.words import Kind, Role


class Basis(StrEnum):
    """What a step counts from, and in which state of a case it applies."""

    SEEN = "disposisi"  # once, when the disposition is first seen
    RESPONSE = "respon"  # clock A: working days since disposition while nothing was followed up
    CLAIM_DENIED = "klaim_ditolak"  # the unit said "done" and a later import still says "belum"
    LIMIT = "batas"  # clock B: working days since disposition while in process, against the legal limit
    VERIFICATION = "verifikasi"  # working days since receipt while unverified
    RETURNED = "dikembalikan"  # working days since the unit said "not ours"
    EXTENSION = "perpanjangan"  # the unit asked for more time
    CONTACT = "kontak"  # nobody can be reached, or nobody answers


class Repeat(StrEnum):
    """How often a step is told while its condition lasts."""

    ONCE = "sekali"
    DAILY = "harian"  # every working day
    WEEKLY = "mingguan"  # seven calendar days after the last time, or the next working day
    WEEK_START = "awal_pekan"  # on the first working day of each week, so that cases gather in one digest


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: when it is reached, who hears of it, in which words."""

    id: str
    basis: Basis
    template: str
    audience: tuple[Role, ...]
    level: int  # how far up the case has gone; the highest step due to a person is the only one told
    days: int = 0  # working days; for LIMIT with `share` unset: days after the limit (negative: before it)
    share: float | None = None  # LIMIT only: this part of the legal limit, rounded up to whole days
    repeat: Repeat = Repeat.ONCE
    supervised: bool | None = False  # True: only cases berkadar pengawasan; False: only others; None: all
    approval: bool = False  # held until an approver releases it
    digest: bool = False  # never told case by case
    kinds: tuple[Kind, ...] = ()  # empty: every kind
    categories: tuple[str, ...] = ()  # empty: every category (compared without case)
    units: tuple[str, ...] = ()  # unit kinds ("kecamatan"); empty: every unit
    unit_ids: tuple[int, ...] = ()  # single units by their row; empty: every unit

    def threshold(self, limit: int) -> int:
        """Working days after which this step is reached, for a case with that legal limit in days."""
        if self.basis is not Basis.LIMIT:
            return self.days
        return ceil(self.share * limit) if self.share is not None else limit + self.days


@dataclass(frozen=True, slots=True)
class Recap:
    """A message about many cases at a fixed time, told by the recap station."""

    id: str
    when: str  # "senin" (weekly), "awal_bulan", or "10-01,12-01" (days of the year)
    at: str  # local time, "08:00"; a day off moves it to the next working day
    template: str
    audience: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A legal limit in working days and the rule it comes from."""

    days: int
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Caps:
    """What one person can be asked to bear."""

    messages_per_day: int = 3  # beyond this, one digest
    unanswered_reminders: int = 3  # then the admin hears that nobody answers


@dataclass(frozen=True, slots=True)
class Ladder:
    """All rules of an office. A disposition keeps the version it started with."""

    steps: tuple[Step, ...]
    limits: Mapping[str, Limit]  # by kind; "berkadar" for supervised cases
    recaps: tuple[Recap, ...] = ()
    caps: Caps = Caps()
    id: int = 0  # the row it is stored in; 0 while it is a draft
    version: int = 0

    def __hash__(self) -> int:
        """A version is never changed; equal ladders have equal numbers."""
        return hash((self.id, self.version, len(self.steps)))

    def step(self, step_id: str) -> Step:
        """The step of that name. Raises StopIteration for a name that is none."""
        return next(step for step in self.steps if step.id == step_id)

    def limit_of(self, kind: Kind, supervised: bool) -> int:
        """The legal limit in working days."""
        return self.limits["berkadar" if supervised or kind is Kind.WHISTLE else kind.value].days


class LadderProblem(Exception):
    """A ladder that cannot be used, said in Indonesian for the person who wrote it."""


def ladder_from(data: Mapping[str, Any], *, ladder_id: int = 0, version: int = 0) -> Ladder:
    """Reads a ladder from plain data. Raises LadderProblem naming the step and what is wrong with it."""
    steps = tuple(_step(item, number) for number, item in enumerate(_tables(data, "langkah"), start=1))
    if not steps:
        raise LadderProblem("Aturan harus memiliki sedikitnya satu langkah.")
    doubled = {step.id for step in steps if sum(other.id == step.id for other in steps) > 1}
    if doubled:
        raise LadderProblem(f"Kode langkah dipakai lebih dari sekali: {', '.join(sorted(doubled))}.")
    return Ladder(
        steps=steps,
        limits=_limits(data),
        recaps=tuple(_recap(item) for item in _tables(data, "rekap")),
        caps=_caps(data.get("pagu", {})),
        id=ladder_id,
        version=version,
    )


def ladder_data(ladder: Ladder) -> dict[str, Any]:
    """The same ladder as plain data: `ladder_from(ladder_data(x))` is x again."""
    return {
        "batas": {
            name: {"hari": limit.days, "dasar_hukum": limit.legal_basis} for name, limit in ladder.limits.items()
        },
        "pagu": {
            "pesan_per_hari": ladder.caps.messages_per_day,
            "pengingat_tanpa_jawaban": ladder.caps.unanswered_reminders,
        },
        "langkah": [_step_data(step) for step in ladder.steps],
        "rekap": [
            {
                "kode": r.id,
                "kapan": r.when,
                "pukul": r.at,
                "templat": r.template,
                "kepada": [str(a) for a in r.audience],
            }
            for r in ladder.recaps
        ],
    }


def _tables(data: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    items = data.get(name, [])
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise LadderProblem(f"Bagian [[{name}]] harus berupa daftar tabel.")
    return items


_STEP_KEYS = {
    "kode", "dasar", "templat", "kepada", "tingkat", "hari", "bagian", "ulang", "berkadar", "persetujuan", "ringkasan",
    "jenis", "kategori", "unit", "id_unit",
}  # fmt: skip


def _step(item: Mapping[str, Any], number: int) -> Step:
    name = f"Langkah {item.get('kode', f'ke-{number}')}"
    unknown = set(item) - _STEP_KEYS
    if unknown:
        raise LadderProblem(f"{name}: isian tidak dikenal: {', '.join(sorted(unknown))}.")
    try:
        step = Step(
            id=_text(item["kode"]),
            basis=Basis(item["dasar"]),
            template=_text(item["templat"]),
            audience=tuple(Role(role) for role in item["kepada"]),
            level=_number(item["tingkat"], 0, 9),
            days=_number(item.get("hari", 0), -365, 365),
            share=_share(item.get("bagian")),
            repeat=Repeat(item.get("ulang", "sekali")),
            supervised=_which_cases(item.get("berkadar", "tidak")),
            approval=bool(item.get("persetujuan", False)),
            digest=bool(item.get("ringkasan", False)),
            kinds=tuple(Kind(kind) for kind in item.get("jenis", ())),
            categories=tuple(str(c).casefold() for c in item.get("kategori", ())),
            units=tuple(str(u) for u in item.get("unit", ())),
            unit_ids=tuple(_number(u, 1, 10**15) for u in item.get("id_unit", ())),
        )
    except KeyError as error:
        raise LadderProblem(f"{name}: isian {error.args[0]!r} belum ada.") from error
    except (ValueError, TypeError) as error:
        raise LadderProblem(f"{name}: {error}.") from error
    if not step.audience:
        raise LadderProblem(f"{name}: isian 'kepada' belum menyebut siapa pun.")
    if step.supervised is not False and Role.HEAD in step.audience:
        raise LadderProblem(f"{name}: laporan berkadar pengawasan tidak boleh dikirim ke kepala OPD yang diadukan.")
    return step


def _step_data(step: Step) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kode": step.id,
        "dasar": str(step.basis),
        "templat": step.template,
        "kepada": [str(role) for role in step.audience],
        "tingkat": step.level,
        "hari": step.days,
        "ulang": str(step.repeat),
        "berkadar": {True: "ya", False: "tidak", None: "semua"}[step.supervised],
    }
    if step.share is not None:
        data["bagian"] = step.share
    optional = {"persetujuan": step.approval, "ringkasan": step.digest, "jenis": [str(k) for k in step.kinds]}
    optional |= {"kategori": list(step.categories), "unit": list(step.units), "id_unit": list(step.unit_ids)}
    return data | {key: value for key, value in optional.items() if value}


def _limits(data: Mapping[str, Any]) -> dict[str, Limit]:
    given = data.get("batas", {})
    needed = ("permintaan_informasi", "aspirasi", "pengaduan", "berkadar")
    missing = [name for name in needed if name not in given]
    if missing:
        raise LadderProblem(f"Batas hari kerja belum ada untuk: {', '.join(missing)}.")
    try:
        return {
            name: Limit(_number(given[name]["hari"], 1, 365), _text(given[name].get("dasar_hukum", "-")))
            for name in needed
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LadderProblem("Setiap batas ditulis sebagai { hari = 14, dasar_hukum = '…' }.") from error


def _recap(item: Mapping[str, Any]) -> Recap:
    try:
        return Recap(
            id=_text(item["kode"]),
            when=_text(item["kapan"]),
            at=_text(item["pukul"]),
            template=_text(item["templat"]),
            audience=tuple(Role(role) for role in item["kepada"]),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise LadderProblem(f"Rekap {item.get('kode', '')}: isian {error} belum benar.") from error


def _caps(data: Mapping[str, Any]) -> Caps:
    try:
        return Caps(
            messages_per_day=_number(data.get("pesan_per_hari", 3), 1, 20),
            unanswered_reminders=_number(data.get("pengingat_tanpa_jawaban", 3), 1, 30),
        )
    except ValueError as error:
        raise LadderProblem(f"Pagu: {error}.") from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("teks tidak boleh kosong")
    return value.strip()


def _number(value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"angka harus bilangan bulat {low} sampai {high}, bukan {value!r}")
    return value


def _share(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 2:
        raise ValueError(f"'bagian' harus antara 0 dan 2, bukan {value!r}")
    return float(value)


def _which_cases(value: Any) -> bool | None:
    choices = {"ya": True, "tidak": False, "semua": None}
    if value not in choices:
        raise ValueError(f"'berkadar' harus ya, tidak, atau semua, bukan {value!r}")
    return choices[value]
