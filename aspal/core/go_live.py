"""The check list of going live: what must be true before the office takes the next step. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from aspal.core.rollout import Mode


@dataclass(frozen=True, slots=True)
class State:
    """How the office stands."""

    mode: Mode  # as it works now, RECIPIENTS included
    recipients: str
    simulator: bool
    has_cases: bool
    units: int
    live_units: int
    gaps: int  # units without a reachable liaison or head
    office_admin: bool
    texts_missing: int  # kinds that WhatsApp has not approved, or has stopped
    worker: bool
    guests: int
    guests_heard: int
    shadows: int
    held: int  # held messages, whatever holds them


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the list: done, or what to do."""

    key: str
    title: str
    done: bool
    text: str


_WORKER = "Minta penjaga server menjalankannya: aspal worker, atau aspal run tick setiap menit lewat cron."


def steps(s: State) -> list[Step]:
    """In the order in which an office takes them."""
    return [
        Step("roster", "Direktori dan laporan diimpor", bool(s.units and s.has_cases), _roster(s)),
        Step("people", "Setiap OPD dapat dihubungi", bool(s.units) and not s.gaps and s.office_admin, _people(s)),
        Step("texts", "Teks pesan disetujui WhatsApp", not s.texts_missing, _texts(s)),
        Step("worker", "Pekerja latar berjalan", s.worker, "" if s.worker else _WORKER),
        Step("guests", "Dicoba pada daftar tamu", s.guests_heard > 0, _guests(s)),
        Step("shadow", "Diperiksa dalam mode bayangan", s.shadows > 0 or s.mode is Mode.LIVE, _shadow(s)),
        Step("recipients", "Pengiriman dibuka di server (RECIPIENTS=all)", s.recipients == "all", _recipients(s)),
        Step("live", "Langsung", s.mode is Mode.LIVE, _live(s)),
    ]


def next_step(found: Iterable[Step]) -> Step | None:
    """The first that is not done."""
    return next((step for step in found if not step.done), None)


def _roster(s: State) -> str:
    if not s.units:
        return "Impor direktori lebih dahulu, lalu ekspor LAPOR."
    return f"{s.units} OPD terdaftar." if s.has_cases else "Direktori ada; impor ekspor LAPOR."


def _people(s: State) -> str:
    if not s.office_admin:
        return "Belum ada admin Kominfo (admin_instansi) yang dapat dihubungi."
    return f"{s.gaps} kekurangan: OPD tanpa penghubung atau kepala yang dapat dihubungi." if s.gaps else ""


def _texts(s: State) -> str:
    if s.simulator:
        return "Simulator tidak meminta persetujuan; diperlukan setelah memakai Twilio."
    return f"{s.texts_missing} jenis pesan belum disetujui atau dihentikan." if s.texts_missing else ""


def _guests(s: State) -> str:
    if s.guests_heard:
        return f"{s.guests_heard} dari {s.guests} tamu sudah menerima pesan."
    return f"{s.guests} tamu, belum ada yang menerima pesan." if s.guests else "Tandai beberapa orang sebagai tamu."


def _shadow(s: State) -> str:
    if s.shadows:
        return f"{s.shadows}{'+' if s.shadows >= 1000 else ''} pesan bayangan ditulis. Periksa sebelum langsung."
    if s.mode is Mode.LIVE:
        return "Dilewati: kantor sudah langsung."
    return "Pilih mode bayangan beberapa hari: semua pesan ditulis, tidak satu pun dikirim."


def _recipients(s: State) -> str:
    if s.recipients == "all":
        return ""
    return (
        "Di server masih RECIPIENTS=guests, yang selalu menang. Pilih mode bayangan dahulu, baru minta penjaga server "
        "mengubahnya menjadi all; tanpa pilihan, semua pejabat langsung menerima."
    )


def _live(s: State) -> str:
    if s.mode is Mode.STEPWISE:
        return f"{s.live_units} dari {s.units} OPD sudah langsung."
    if s.mode is Mode.LIVE:
        held = f" {s.held} pesan ditahan dan menunggu keputusan." if s.held else ""
        return f"Semua OPD menerima pesan.{held}"
    return "Mulai dengan beberapa OPD (bertahap), lalu semuanya."
