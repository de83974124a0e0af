"""A step as the fields of a form, and back. Pure; what is wrong is said in the form's words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from aspal.core.ladder import Repeat, Step
from aspal.core.ladder.data import LadderProblem
from aspal.core.ladder.words import WHEN, When, when_of
from aspal.core.words import Kind, Role

Chosen = TypeVar("Chosen", bound=StrEnum)
CASES = {"tidak": "Laporan biasa", "ya": "Hanya yang berkadar pengawasan", "semua": "Semua laporan"}


@dataclass(frozen=True, slots=True)
class StepFields:
    """A step as a form shows and sends it; nothing is checked yet."""

    when: str = When.RESPONSE
    number: str = "1"
    audience: tuple[str, ...] = ()
    repeat: str = Repeat.ONCE
    template: str = ""
    level: str = "1"
    cases: str = "tidak"
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    unit_ids: tuple[str, ...] = ()
    digest: bool = False
    approval: bool = False


def fields_of(step: Step) -> StepFields:
    """The form of a step."""
    when, number = when_of(step)
    return StepFields(
        when=when,
        number=number,
        audience=tuple(str(role) for role in step.audience),
        repeat=step.repeat,
        template=step.template,
        level=str(step.level),
        cases={True: "ya", False: "tidak", None: "semua"}[step.supervised],
        kinds=tuple(str(kind) for kind in step.kinds),
        categories=step.categories,
        units=step.units,
        unit_ids=tuple(str(one) for one in step.unit_ids),
        digest=step.digest,
        approval=step.approval,
    )


def item_of(code: str, fields: StepFields) -> dict[str, Any]:
    """The step that a form describes, as plain data for `ladder_from`. Raises LadderProblem in the form's words."""
    item: dict[str, Any] = {
        "kode": code,
        "templat": fields.template,
        "kepada": [str(_choice(Role, role, "Penerima")) for role in fields.audience],
        "tingkat": _whole(fields.level, "Tingkat", 0, 9),
        "ulang": str(_choice(Repeat, fields.repeat, "Pengulangan")),
        "berkadar": fields.cases,
        "jenis": [str(_choice(Kind, kind, "Jenis laporan")) for kind in fields.kinds],
        "kategori": [name.strip() for name in fields.categories if name.strip()],
        "unit": list(fields.units),
        "id_unit": [_whole(one, "Unit", 1, 10**15) for one in fields.unit_ids],
        "ringkasan": fields.digest,
        "persetujuan": fields.approval,
    }
    if not fields.audience:
        raise LadderProblem("Pilih sedikitnya satu penerima.")
    if not fields.template:
        raise LadderProblem("Pilih pesan yang dikirim.")
    return item | _timing(_choice(When, fields.when, "Kapan"), fields.number)


def _timing(when: When, number: str) -> dict[str, Any]:
    if when is When.LIMIT_SHARE:
        return {"dasar": "batas", "bagian": _percent(number) / 100}
    if when is When.LIMIT_BEFORE:
        return {"dasar": "batas", "hari": -_whole(number, "Jumlah hari", 0, 365)}
    if when is When.LIMIT_AFTER:
        return {"dasar": "batas", "hari": _whole(number, "Jumlah hari", 1, 365)}
    return {"dasar": str(when), "hari": _whole(number, "Jumlah hari", 0, 365) if "{n}" in WHEN[when] else 0}


def _percent(number: str) -> float:
    try:
        found = float(number.strip().rstrip("%").replace(",", "."))
    except ValueError as error:
        raise LadderProblem("Persen batas waktu harus angka 1 sampai 100.") from error
    if not 1 <= found <= 100:
        raise LadderProblem("Persen batas waktu harus angka 1 sampai 100.")
    return found


def _whole(number: str, name: str, low: int, high: int) -> int:
    text = number.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 17 and low <= int(text) <= high):
        raise LadderProblem(f"{name} harus bilangan bulat {low} sampai {high}.")
    return int(text)


def _choice(kind: type[Chosen], value: str, name: str) -> Chosen:
    try:
        return kind(value)
    except ValueError as error:
        raise LadderProblem(f"{name}: pilihan tidak dikenal.") from error
