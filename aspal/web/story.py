"""The journal in plain Indonesian: what happened, to whom and about what, one line each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aspal.core.wording import long_date
from aspal.records import phonebook
from aspal.records.journal import Entry
from aspal.web.words import EVENT, INTENT, MATCHED_BY, ROLE


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    at: datetime
    action: str
    icon: str
    colour: str
    text: str
    complaint_id: int | None
    number: str | None


@dataclass(frozen=True)
class Names:
    """What stands behind the ids of the entries."""

    contacts: Mapping[int, str]
    units: Mapping[int, str]
    recipients: Mapping[int, str]

    def person(self, entry: Entry) -> str:
        """Whom the entry is about."""
        kind, number = _split(entry.subject)
        if kind == "message" and number in self.recipients:
            return self.recipients[number]
        return next((self.contacts[one] for one in _people(entry) if one in self.contacts), "seseorang")

    def unit(self, entry: Entry) -> str:
        """Whose disposition it is; empty on the verification track."""
        kind, number = _split(entry.subject)
        return self.units.get(number, "") if kind == "disposition" else ""


def tell(conn: Any, entries: Sequence[Entry]) -> list[Line]:
    """The entries as sentences; one that is new to us is shown by its own word rather than left out."""
    subjects = [_split(entry.subject) for entry in entries]
    names = Names(
        contacts=phonebook.contact_names(conn, {one for entry in entries for one in _people(entry)}),
        units=phonebook.unit_names(conn, {number for kind, number in subjects if kind == "disposition"}),
        recipients=phonebook.recipients(conn, {number for kind, number in subjects if kind == "message"}),
    )
    numbers = phonebook.complaint_numbers(conn, {e.complaint_id for e in entries if e.complaint_id})
    return [_line(entry, names, numbers) for entry in entries]


def _split(name: str) -> tuple[str, int]:
    kind, _, number = name.partition(":")
    return kind, int(number) if number.isdigit() else 0


def _people(entry: Entry) -> list[int]:
    """The contacts that an entry names, the one whom it is about first."""
    named = [number for kind, number in map(_split, (entry.subject, entry.actor)) if kind == "contact"]
    contact = entry.detail.get("contact")
    return [contact, *named] if isinstance(contact, int) else named


def _line(entry: Entry, names: Names, numbers: Mapping[int, str]) -> Line:
    icon, colour, sentence = _KNOWN.get(entry.action, ("activity", "secondary", _plain))
    number = numbers.get(entry.complaint_id) if entry.complaint_id else None
    return Line(entry.at, entry.action, icon, colour, sentence(entry, names), entry.complaint_id, number)


def _plain(entry: Entry, _names: Names) -> str:
    return f"{entry.action.replace('.', ': ').replace('_', ' ').capitalize()} ({entry.actor})"


def _decided(entry: Entry, names: Names) -> str:
    audience, age = str(entry.detail.get("audience")), entry.detail.get("age")
    role = ROLE.get(audience, "Penerima")
    unit = "" if audience in _OF_THE_OFFICE else f" {names.unit(entry)}"
    after = f" setelah {age} hari kerja" if age else ""
    return f"{role}{unit} ({names.person(entry)}) perlu diberi tahu{after}."


def _person(sentence: str) -> Callable[[Entry, Names], str]:
    """A sentence about a person, with the reason behind it where there is one."""

    def say(entry: Entry, names: Names) -> str:
        reason = entry.detail.get("reason")
        said = sentence.format(names.person(entry))
        return f"{said}: {reason}" if reason else f"{said}."

    return say


def _noted(entry: Entry, names: Names) -> str:
    detail = entry.detail
    intent = INTENT.get(str(detail.get("intent")), "Catatan").lower()
    until = detail.get("promise_until")
    promised = f" sampai {long_date(date.fromisoformat(until))}" if isinstance(until, str) else ""
    how = MATCHED_BY.get(str(detail.get("matched_by")), "")
    return f"{names.person(entry)} membalas: {intent}{promised}." + (f" Dicocokkan lewat {how}." if how else "")


def _imported(entry: Entry, _names: Names) -> str:
    detail = entry.detail
    return f"Impor: {detail.get('rows', 0)} baris, {detail.get('new', 0)} baru, {detail.get('changed', 0)} berubah."


def _told_by_lapor(entry: Entry, _names: Names) -> str:
    events = entry.detail.get("events")
    said = [EVENT.get(str(event), str(event)) for event in events] if isinstance(events, list) else []
    return "Menurut LAPOR: " + (", ".join(said) or "data diperbarui") + "."


def _say(sentence: str) -> Callable[[Entry, Names], str]:
    return lambda _entry, _names: sentence


_OF_THE_OFFICE = frozenset({"admin_instansi", "sekda", "inspektorat"})
_KNOWN: dict[str, tuple[str, str, Callable[[Entry, Names], str]]] = {
    "notice.decided": ("bell", "orange", _decided),
    "notice.cancelled": ("bell", "secondary", _person("Pemberitahuan untuk {} batal")),
    "message.planned": ("note", "azure", _person("Pesan untuk {} disiapkan")),
    "message.held": ("hourglass", "orange", _person("Pesan untuk {} ditahan")),
    "message.released": ("player-play", "azure", _person("Pesan untuk {} dilepas petugas")),
    "message.waiting": ("clock", "yellow", _person("Pesan untuk {} menunggu lagi")),
    "message.accepted": ("send", "azure", _person("Pesan untuk {} diterima WhatsApp")),
    "message.sent": ("check", "azure", _person("Pesan untuk {} terkirim")),
    "message.delivered": ("checks", "green", _person("Pesan sampai di ponsel {}")),
    "message.read": ("eye", "green", _person("{} membaca pesannya")),
    "message.failed": ("alert-circle", "red", _person("Pesan untuk {} gagal")),
    "message.unknown": ("plug-connected", "orange", _person("Pesan untuk {} belum pasti terkirim")),
    "message.cancelled": ("ban", "secondary", _person("Pesan untuk {} dibatalkan")),
    "message.repeated": ("refresh", "azure", _person("Pesan untuk {} dikirim ulang oleh petugas")),
    "message.resent": ("refresh", "azure", _person("Pesan untuk {} dikirim lagi")),
    "note": ("message-circle", "green", _noted),
    "absence.proposed": ("calendar-off", "yellow", _person("{} mengajukan cuti dan pengganti")),
    "absence.accepted": ("calendar-off", "green", _person("Pengganti {} bersedia")),
    "absence.declined": ("calendar-off", "red", _person("Pengganti {} tidak bersedia")),
    "contact.opted_out": ("message-off", "red", _person("{} berhenti menerima pesan")),
    "contact.opted_in": ("message-2-question", "green", _person("{} menerima pesan lagi")),
    "contact.consented": ("thumb-up", "green", _person("{} setuju dihubungi")),
    "import.roster": ("file-import", "azure", _imported),
    "import.directory": ("users", "azure", _imported),
    "import.new": ("file-text", "azure", _told_by_lapor),
    "import.changed": ("refresh", "azure", _told_by_lapor),
    "import.undone": ("arrow-back-up", "orange", _say("Impor diambil kembali.")),
    "ladder.published": ("scale", "azure", _say("Aturan eskalasi baru diterbitkan.")),
    "brake.released": ("bolt", "orange", _say("Rem volume dilepas petugas.")),
    "message.found": ("checks", "azure", _person("Pesan untuk {} ternyata sudah diterima WhatsApp")),
    "day.counted": ("clock", "secondary", _say("Catatan harian ditulis: sistem hidup dan memeriksa.")),
    "alarms.told": ("bell", "orange", _say("Admin diberi tahu tentang keadaan sistem.")),
    "pause.set": ("hourglass", "orange", _say("Pengiriman dijeda.")),
    "pause.lifted": ("player-play", "green", _say("Jeda pengiriman diakhiri.")),
    "unit.paused": ("hourglass", "orange", _say("Pesan untuk satu unit dijeda.")),
    "unit.resumed": ("player-play", "green", _say("Jeda satu unit diakhiri.")),
    "unit.alias": ("users", "azure", _say("Nama lain sebuah unit dikenali.")),
    "case.paused": ("hourglass", "orange", _say("Laporan dijeda.")),
    "case.resumed": ("player-play", "green", _say("Jeda laporan diakhiri.")),
    "case.extended": ("clock", "yellow", _say("Perpanjangan diberikan.")),
    "case.extension_refused": ("clock", "red", _say("Perpanjangan tidak diberikan.")),
    "case.redisposed": ("refresh", "azure", _say("Laporan didisposisikan ulang.")),
    "case.not_ours_rejected": ("arrow-back-up", "orange", _say("Kominfo menyatakan laporan tetap kewenangan unit.")),
    "complaint.typed": ("file-text", "azure", _say("Laporan diketik oleh petugas.")),
    "complaint.merged": ("refresh", "azure", _say("Laporan ketikan disatukan dengan nomor LAPOR-nya.")),
    "calendar.added": ("calendar-off", "azure", _say("Hari libur ditambahkan.")),
    "calendar.removed": ("calendar-off", "azure", _say("Hari libur dihapus.")),
    "guest.added": ("users", "azure", _say("Daftar tamu bertambah.")),
    "guest.removed": ("users", "secondary", _say("Daftar tamu berkurang.")),
}
