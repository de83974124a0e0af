"""Whether an export is older than what is known already, as far as its own dates can tell. Pure.

No export says when it was made. But LAPOR's dates only grow: where a file tells nothing new about any complaint, and
the newest date that is known of these very complaints is missing in it, it was made before the import that told of it.
"""

from dataclasses import dataclass, field
from datetime import date

from aspal.core.news import Complaint, Disposition
from aspal.core.placing import Placed
from aspal.core.words import Status

_RANK = {Status.UNVERIFIED: 0, Status.OPEN: 1, Status.IN_PROCESS: 2, Status.FINISHED: 3}
_RESPONDED, _DISPOSED, _VERIFIED = "tanggal tindak lanjut", "tanggal disposisi", "tanggal verifikasi"


@dataclass(slots=True)
class Recency:
    """What the rows of one file have told, beside what was known before it; a row of a new complaint is not heard."""

    news: bool = False
    _told: dict[str, date] = field(default_factory=dict)  # the newest of each kind
    _known: dict[str, date] = field(default_factory=dict)

    def hear(self, known: Complaint, placed: Placed) -> None:
        """One row about a complaint, as it was known before the file."""
        if self.news:
            return
        row = placed.row
        parts = [_newest(known, unit_id) for unit_id in placed.units]
        if None in parts or any(_is_further(row.status, part.status) for part in parts if part):
            self.news = True
            return
        self._compare(_VERIFIED, row.verified_on, known.verified_on)
        for part in filter(None, parts):
            self._compare(_RESPONDED, row.responded_on, part.responded_on)
            if part.disposed_basis == "file":
                self._compare(_DISPOSED, row.disposed_on, part.disposed_on)

    def _compare(self, kind: str, told: date | None, known: date | None) -> None:
        self.news |= told is not None and (known is None or told > known)
        for day, newest in ((told, self._told), (known, self._known)):
            if day is not None and day > newest.get(kind, date.min):
                newest[kind] = day

    def warning(self) -> str | None:
        """What to tell of an older file, in Indonesian; None for one that may be new."""
        missing = [
            f"{kind} terbaru di dalamnya {told:%d-%m-%Y}, yang sudah tercatat {self._known[kind]:%d-%m-%Y}"
            for kind, told in self._told.items()
            if told < self._known.get(kind, told)
        ]
        if self.news or not missing:
            return None
        return (
            f"Berkas ini tampaknya lebih lama daripada impor terakhir: {'; '.join(missing)}; dan tidak ada kabar baru "
            "di dalamnya. Pastikan ini unduhan terbaru sebelum diterapkan"
        )


def _newest(known: Complaint, unit_id: int) -> Disposition | None:
    its = (part for part in known.dispositions if part.unit_id == unit_id)
    return max(its, key=lambda part: part.disposed_on, default=None)


def _is_further(told: Status, known: Status) -> bool:
    if told in _RANK and known in _RANK:
        return _RANK[told] > _RANK[known]
    return told is not known
