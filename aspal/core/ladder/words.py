"""A step of the ladder in plain Indonesian. Pure.

Basis, days and share of the law's limit are one choice for the reader: "when", and a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aspal.core.ladder import Basis, Repeat, Step
from aspal.core.words import Kind, Role


class When(StrEnum):
    """What starts a step, as a person would choose it."""

    SEEN = "disposisi"
    RESPONSE = "respon"
    LIMIT_SHARE = "batas_persen"
    LIMIT_BEFORE = "batas_sebelum"
    LIMIT_AFTER = "batas_lewat"
    VERIFICATION = "verifikasi"
    RETURNED = "dikembalikan"
    EXTENSION = "perpanjangan"
    CLAIM_DENIED = "klaim_ditolak"
    CONTACT = "kontak"


# {n} is the number of the form; without it the form's number means nothing.
WHEN = {
    When.SEEN: "Begitu disposisi tercatat",
    When.RESPONSE: "Setelah {n} hari kerja tanpa tindak lanjut",
    When.LIMIT_SHARE: "Saat {n} % batas waktu terlewati",
    When.LIMIT_BEFORE: "{n} hari kerja sebelum batas waktu",
    When.LIMIT_AFTER: "Setelah lewat batas waktu {n} hari kerja",
    When.VERIFICATION: "Setelah {n} hari kerja belum terverifikasi",
    When.RETURNED: "Setelah {n} hari kerja dinyatakan bukan kewenangan OPD",
    When.EXTENSION: "Bila OPD meminta perpanjangan",
    When.CLAIM_DENIED: "Bila dinyatakan selesai tetapi LAPOR masih mencatat belum",
    When.CONTACT: "Bila tidak ada yang dapat dihubungi atau pengingat tidak dijawab",
}
_AT_ONCE = {
    When.RESPONSE: "Sejak hari disposisi, selama belum ditindaklanjuti",
    When.LIMIT_BEFORE: "Pada hari batas waktu",
    When.VERIFICATION: "Sejak diterima, selama belum terverifikasi",
    When.RETURNED: "Begitu dinyatakan bukan kewenangan OPD",
}
WHOM = {
    Role.LIAISON: "pejabat penghubung",
    Role.OPERATOR: "admin penghubung",
    Role.TECHNICAL: "pejabat teknis",
    Role.HEAD: "kepala OPD",
    Role.SECRETARY: "sekretaris OPD",
    Role.INSPECTORATE: "Inspektorat",
    Role.SEKDA: "Sekda",
    Role.ADMIN: "admin instansi (Kominfo)",
}
REPEAT = {
    Repeat.ONCE: "sekali",
    Repeat.DAILY: "diulang setiap hari kerja",
    Repeat.WEEKLY: "diulang setiap tujuh hari",
    Repeat.WEEK_START: "setiap awal pekan",
}
KINDS = {
    Kind.COMPLAINT: "pengaduan",
    Kind.ASPIRATION: "aspirasi",
    Kind.INFORMATION: "permintaan informasi",
    Kind.WHISTLE: "Whistle Blowing System (WBS)",
}
LIMITS = {
    "permintaan_informasi": "permintaan informasi",
    "aspirasi": "aspirasi",
    "pengaduan": "pengaduan",
    "berkadar": "berkadar pengawasan dan Whistle Blowing System (WBS)",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A step as one reads it aloud."""

    when: str
    whom: str
    repeat: str
    scope: tuple[str, ...]  # which cases, where not all ordinary ones
    how: tuple[str, ...]  # in one digest, after an approval

    @property
    def text(self) -> str:
        """All of it on one line."""
        return ", ".join([f"{self.when} \u2192 {self.whom}", self.repeat, *self.scope, *self.how]) + "."


def chapter(step: Step) -> str:
    """Under which heading a reader looks for the step."""
    if step.supervised:
        return "Laporan berkadar pengawasan"
    return _CHAPTERS.get(step.basis, "Bila ada yang tidak berjalan")


_CHAPTERS = {
    Basis.SEEN: "Menunggu tindak lanjut pertama",
    Basis.RESPONSE: "Menunggu tindak lanjut pertama",
    Basis.CLAIM_DENIED: "Menunggu tindak lanjut pertama",
    Basis.LIMIT: "Sedang diproses, menuju batas waktu",
    Basis.VERIFICATION: "Menunggu verifikasi Kominfo",
}


def when_of(step: Step) -> tuple[When, str]:
    """The choice and its number."""
    if step.basis is not Basis.LIMIT:
        return When(step.basis), str(step.days)
    if step.share is not None:
        return When.LIMIT_SHARE, f"{step.share * 100:g}"
    return (When.LIMIT_AFTER, str(step.days)) if step.days > 0 else (When.LIMIT_BEFORE, str(-step.days))


def sentence(step: Step, units: Mapping[int, str]) -> Sentence:
    """What the step says; `units` are the names of single units."""
    when, number = when_of(step)
    words = _AT_ONCE[when] if number == "0" and when in _AT_ONCE else WHEN[when].format(n=number.replace(".", ","))
    how = ["dalam satu ringkasan"] if step.digest else []
    how += ["setelah disetujui Kominfo"] if step.approval else []
    return Sentence(words, roles(step.audience), REPEAT[step.repeat], _scope(step, units), tuple(how))


def _scope(step: Step, units: Mapping[int, str]) -> tuple[str, ...]:
    found = {True: ["hanya laporan berkadar pengawasan"], None: ["termasuk yang berkadar pengawasan"], False: []}[
        step.supervised
    ]
    if step.kinds:
        found.append(f"hanya {joined([KINDS[kind] for kind in step.kinds], 'atau')}")
    if step.categories:
        found.append(f"hanya kategori {joined(step.categories, 'atau')}")
    if step.units:
        found.append(f"hanya unit jenis {joined(step.units, 'atau')}")
    if step.unit_ids:
        found.append(f"hanya {joined([units.get(one, f'unit nomor {one}') for one in step.unit_ids], 'atau')}")
    return tuple(found)


def roles(audience: Sequence[Role]) -> str:
    """ "kepala OPD dan Sekda"."""
    return joined([WHOM[role] for role in audience])


def message_words(kind: str) -> str:
    """A kind of message as a person says it: "Eskalasi kepala OPD"."""
    words = kind.replace("_", " ").replace("opd", "OPD").replace("sekda", "Sekda")
    return words[:1].upper() + words[1:]


def joined(words: tuple[str, ...] | list[str], last: str = "dan") -> str:
    """ "a, b dan c"."""
    *before, end = words
    return f"{', '.join(before)} {last} {end}" if before else end
