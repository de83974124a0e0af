"""A ladder read from and written to plain dictionaries (TOML and JSON outside). Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from aspal.core.ladder import Basis, Caps, Ladder, Limit, Recap, Repeat, Step
from aspal.core.words import Kind, Role

Word = TypeVar("Word", bound=StrEnum)


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
            basis=_one_of(Basis, "dasar", item["dasar"]),
            template=_text(item["templat"]),
            audience=_all_of(Role, "kepada", item["kepada"]),
            level=_number(item["tingkat"], 0, 9),
            days=_number(item.get("hari", 0), -365, 365),
            share=_share(item.get("bagian")),
            repeat=_one_of(Repeat, "ulang", item.get("ulang", "sekali")),
            supervised=_which_cases(item.get("berkadar", "tidak")),
            approval=bool(item.get("persetujuan", False)),
            digest=bool(item.get("ringkasan", False)),
            kinds=_all_of(Kind, "jenis", item.get("jenis", ())),
            categories=tuple(str(c).casefold() for c in _list("kategori", item.get("kategori", ()))),
            units=tuple(str(u) for u in _list("unit", item.get("unit", ()))),
            unit_ids=tuple(_number(u, 1, 10**15) for u in _list("id_unit", item.get("id_unit", ()))),
        )
    except KeyError as error:
        raise LadderProblem(f"{name}: isian {error.args[0]!r} belum ada.") from error
    except ValueError as error:
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
    table = data.get("batas")
    given = table if isinstance(table, Mapping) else {}
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
            audience=_all_of(Role, "kepada", item["kepada"]),
        )
    except KeyError as error:
        raise LadderProblem(f"Rekap {item.get('kode', '')}: isian {error.args[0]!r} belum ada.") from error
    except ValueError as error:
        raise LadderProblem(f"Rekap {item.get('kode', '')}: {error}.") from error


def _caps(data: Any) -> Caps:
    if not isinstance(data, Mapping):
        raise LadderProblem("Pagu ditulis sebagai tabel [pagu].")
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


def _one_of(words: type[Word], name: str, value: Any) -> Word:
    found = next((word for word in words if word == value), None)
    if found is None:
        raise ValueError(f"'{name}' harus salah satu dari {', '.join(words)}, bukan {value!r}")
    return found


def _all_of(words: type[Word], name: str, values: Any) -> tuple[Word, ...]:
    return tuple([_one_of(words, name, value) for value in _list(name, values)])


def _list(name: str, value: Any) -> Sequence[Any]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ValueError(f"'{name}' harus berupa daftar, bukan {value!r}")
    return value


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
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"'berkadar' harus ya, tidak, atau semua, bukan {value!r}")
    return choices[value]
