"""What an import did, or would do: for the preview, the command line and the pages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aspal.core.news import Complaint, Event
from aspal.core.refused import Refused
from aspal.core.rows import RosterRow

_SENTENCES: Mapping[str, str] = {
    Event.STOPPED: "{} pengingat berhenti",
    Event.STARTED: "{} rantai pengingat dimulai",
    Event.MOVED: "{} laporan berpindah unit",
    Event.WENT_BACK: "{} status mundur",
    Event.REOPENED: "{} laporan dibuka kembali",
    Event.DENIED: "{} klaim selesai belum tercatat di LAPOR",
    Event.REDATED: "{} tanggal disposisi berubah; batas waktunya dihitung ulang",
    Event.UNVERIFIED: "{} laporan menunggu verifikasi",
    Event.VERIFIED: "{} laporan selesai diverifikasi",
    Event.ASSUMED_SECRET: "{} laporan diperlakukan rahasia karena berkas tidak menyebut rahasia atau tidak",
    Event.VANISHED: "{} laporan tidak ada lagi di berkas",
    "messages": "{} pesan yang belum terkirim dibatalkan atau ditulis ulang",
    "units": "{} OPD baru",
    "contacts": "{} kontak baru",
    "renamed": "{} nomor berganti nama pemegang; pastikan orangnya memang berganti",
    "renumbered": "{} orang muncul dengan nomor lain; nomor lamanya tetap dikirimi sampai penugasannya diakhiri",
    "appointments": "{} penugasan baru",
    "expired": "{} penugasan sudah lewat masa berlakunya",
    "unlisted": "{} penugasan tidak ada di berkas ini",
}
# What is told by name beneath the figures, in this order.
_NAMED: Mapping[str, str] = {
    "renamed": "Nomor yang berganti nama pemegang",
    "renumbered": "Orang yang bernomor lain",
    "unlisted": "Tidak ada di berkas; penugasannya tetap berlaku",
    "units": "OPD baru",
    Event.VANISHED: "Laporan yang tidak ada lagi di berkas",
    "units_unlisted": "OPD yang tidak disebut berkas; tetap seperti sekarang",
}


SHOWN = 200
MOST_REFUSED = 10_000  # rows, when they are most of those read so far: then the rest is not worth minutes
_FIELDS = {
    "title": "judul",
    "kind": "klasifikasi",
    "supervised": "kadar pengawasan",
    "category": "kategori",
    "channel": "kanal",
    "location": "lokasi",
    "confidential": "kerahasiaan",
    "anonymous": "anonim",
    "link": "tautan",
    "received_on": "tanggal laporan",
    "verified_on": "tanggal verifikasi",
    "responded_on": "tanggal tindak lanjut",
    "finished_on": "tanggal selesai",
}


def _difference(before: Complaint, after: Complaint) -> str:
    """What changes about a complaint, in words that betray nothing of its content."""
    was, now = before.status.replace("_", " "), after.status.replace("_", " ")
    told = [f"status {was} menjadi {now}"] if was != now else []
    told += [name for column, name in _FIELDS.items() if getattr(before, column) != getattr(after, column)]
    if before.dispositions != after.dispositions:
        told.append("disposisi")
    return ", ".join(told) or "catatan"


@dataclass
class ImportReport:
    """One import in figures and sentences. Rows are counted as the office sees them in its file."""

    kind: str
    batch: int | None = None  # None: a preview
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    # For a preview page: row, number of the complaint, what changes. Only the first ones; held and rejected are whole.
    first_new: list[tuple[int, str, str]] = field(default_factory=list)
    first_changed: list[tuple[int, str, str]] = field(default_factory=list)
    held: list[tuple[int, str]] = field(default_factory=list)
    rejected: list[tuple[int, str | None, str]] = field(default_factory=list)
    warnings: dict[str, tuple[int, int]] = field(default_factory=dict)  # text -> first row, how many rows
    dropped_columns: Sequence[str] = ()
    unknown_columns: Sequence[str] = ()
    notes: Sequence[str] = ()
    same_as_batch: int | None = None
    events: Counter[str] = field(default_factory=Counter)
    twins: list[tuple[str, str]] = field(default_factory=list)  # LAPOR's number, and of the typed one that looks alike
    suggestions: list[str] = field(default_factory=list)
    named: dict[str, list[str]] = field(default_factory=dict)  # whom and what an event is about

    def count_new(self, row: RosterRow) -> None:
        """A row about a complaint that was unknown before the file."""
        self.new += 1
        if self.new <= SHOWN:
            self.first_new.append((row.number, row.tracking_id or "", f"status {row.status.replace('_', ' ')}"))

    def count_known(self, row: RosterRow, before: Complaint, after: Complaint) -> None:
        """A row about a known complaint, as it was before that row and as it is after it."""
        if after is before or after == before:
            self.unchanged += 1
            return
        self.changed += 1
        if self.changed <= SHOWN:
            self.first_changed.append((row.number, row.tracking_id or "", _difference(before, after)))

    def reject(self, row: int, column: str | None, reason: str) -> None:
        """A row that cannot be read. Raises Refused when there are so many that the whole file must be another one."""
        self.rejected.append((row, column, reason))
        if len(self.rejected) > MOST_REFUSED and 2 * len(self.rejected) > self.rows:
            first, _, why = self.rejected[0]
            raise Refused(
                f"Lebih dari {MOST_REFUSED} baris tidak dapat dibaca, lebih banyak daripada yang dapat; yang pertama "
                f"baris {first}: {why}. Berkas ini tampaknya rusak, atau bukan berkas yang dimaksud. Ekspor ulang, "
                "lalu unggah lagi."
            )

    def warn(self, row: int, warnings: Sequence[str]) -> None:
        """Something odd in a row that was taken in all the same. Files repeat themselves: each is told once."""
        for warning in warnings:
            first, count = self.warnings.get(warning, (row, 0))
            self.warnings[warning] = (first, count + 1)

    def name(self, event: str, whom: Sequence[str]) -> None:
        """Something that happens to these people or units, to be told by name."""
        self.events[event] += len(whom)
        self.named[event] = list(whom)

    def name_one(self, event: str, whom: str) -> None:
        """One more to whom it happens; all are counted, the first ones are named."""
        self.events[event] += 1
        named = self.named.setdefault(event, [])
        if len(named) < SHOWN:
            named.append(whom)

    @property
    def consequences(self) -> list[str]:
        """What people will notice, in Indonesian."""
        told = [sentence.format(self.events[event]) for event, sentence in _SENTENCES.items() if self.events[event]]
        told += [
            f"Laporan {number} mungkin sama dengan {typed} yang belum ber-ID LAPOR; satukan bila benar"
            for number, typed in self.twins
        ]
        return told + self.suggestions

    @property
    def _twins(self) -> list[dict[str, str]]:
        return [{"number": number, "typed": typed} for number, typed in self.twins]

    def summary(self) -> dict[str, Any]:
        """What the batch remembers."""
        figures = {name: getattr(self, name) for name in ("rows", "new", "changed", "unchanged")}
        return figures | {
            "held": len(self.held),
            "rejected": len(self.rejected),
            "consequences": self.consequences,
            "twins": self._twins,
            "same_as_batch": self.same_as_batch,
        }

    def as_json(self) -> dict[str, Any]:
        """The keys of the command line's promise, and a few more."""
        return {
            "batch": self.batch,
            "applied": self.batch is not None,
            "rows": self.rows,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "held": [{"row": row, "reason": reason} for row, reason in self.held],
            "rejected": [{"row": row, "column": column, "reason": reason} for row, column, reason in self.rejected],
            "warnings": [
                {"reason": reason, "first_row": first, "rows": count}
                for reason, (first, count) in self.warnings.items()
            ],
            "dropped_columns": list(self.dropped_columns),
            "unknown_columns": list(self.unknown_columns),
            "notes": list(self.notes),
            "same_as_batch": self.same_as_batch,
            "consequences": self.consequences,
            "twins": self._twins,
            "named": [{"what": what, "who": [*self.named[e]]} for e, what in _NAMED.items() if self.named.get(e)],
        }
