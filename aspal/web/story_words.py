"""Each kind of event in the journal as a sentence, with its icon and colour."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from aspal.core.wording import long_date
from aspal.records.journal import Entry
from aspal.web.words import EVENT, INTENT, MATCHED_BY, ROLE


@dataclass(frozen=True)
class Names:
    """What stands behind the ids of the entries."""

    contacts: Mapping[int, str]
    units: Mapping[int, str]
    recipients: Mapping[int, str]

    def person(self, entry: Entry) -> str:
        """Whom the entry is about."""
        kind, number = parts(entry.subject)
        if kind == "message" and number in self.recipients:
            return self.recipients[number]
        return next((self.contacts[one] for one in people(entry) if one in self.contacts), "seseorang")

    def unit(self, entry: Entry) -> str:
        """Whose disposition it is; empty on the verification track."""
        kind, number = parts(entry.subject)
        return self.units.get(number, "") if kind == "disposition" else ""


def parts(name: str) -> tuple[str, int]:
    """`message:7` as its kind and number."""
    kind, _, number = name.partition(":")
    return kind, int(number) if number.isdigit() else 0


def people(entry: Entry) -> list[int]:
    """The contacts that an entry names, the one whom it is about first."""
    named = [number for kind, number in map(parts, (entry.subject, entry.actor)) if kind == "contact"]
    contact = entry.detail.get("contact")
    return [contact, *named] if isinstance(contact, int) else named


def plain(entry: Entry, _names: Names) -> str:
    """What nobody has written a sentence for yet."""
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


def _by_admin(sentence: str) -> Callable[[Entry, Names], str]:
    """A sentence about what an admin decided, with the unit, the day, who it was and why."""

    def say(entry: Entry, names: Names) -> str:
        until, reason = entry.detail.get("until"), entry.detail.get("reason")
        unit = f" ({names.unit(entry)})" if names.unit(entry) else ""
        day = f" sampai {long_date(date.fromisoformat(until))}" if isinstance(until, str) else ""
        return f"{sentence}{unit}{day} oleh {entry.actor}" + (f": {reason}" if reason else ".")

    return say


def _moved(entry: Entry, _names: Names) -> str:
    detail = entry.detail
    said = f"Catatan dipindahkan dari laporan {detail.get('before')} ke laporan {detail.get('after')}"
    return f"{said} oleh {entry.actor}" + (f": {detail['reason']}" if detail.get("reason") else ".")


def _say(sentence: str) -> Callable[[Entry, Names], str]:
    return lambda _entry, _names: sentence


_OF_THE_OFFICE = frozenset({"admin_instansi", "sekda", "inspektorat"})
KNOWN: dict[str, tuple[str, str, Callable[[Entry, Names], str]]] = {
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
    "message.reworded": ("edit", "secondary", _person("Pesan untuk {} ditulis ulang menurut keadaan terbaru")),
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
    "ladder.draft_begun": ("edit", "azure", _say("Rancangan aturan dibuat.")),
    "ladder.draft_changed": ("edit", "azure", _say("Rancangan aturan diubah.")),
    "ladder.draft_compared": ("git-compare", "azure", _say("Rancangan aturan dibandingkan dengan versi yang berlaku.")),
    "ladder.draft_submitted": ("send", "orange", _say("Rancangan aturan diajukan kepada orang kedua.")),
    "ladder.draft_returned": ("arrow-back-up", "orange", _say("Rancangan aturan dikembalikan kepada penyusunnya.")),
    "ladder.draft_discarded": ("trash", "secondary", _say("Rancangan aturan dibuang.")),
    "ladder.approved": ("check", "green", _say("Orang kedua menyetujui aturan baru.")),
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
    "case.paused": ("hourglass", "orange", _by_admin("Laporan dijeda")),
    "case.resumed": ("player-play", "green", _by_admin("Jeda laporan diakhiri")),
    "case.extended": ("clock", "yellow", _by_admin("Perpanjangan diberikan")),
    "case.extension_ended": ("player-play", "green", _by_admin("Perpanjangan dicabut")),
    "case.extension_refused": ("clock", "red", _by_admin("Perpanjangan tidak diberikan")),
    "case.redisposed": ("refresh", "azure", _by_admin("Laporan didisposisikan ulang")),
    "case.exempted": ("bell-off", "orange", _by_admin("Laporan dikecualikan dari pengingat")),
    "case.exemption_ended": ("bell", "green", _by_admin("Pengecualian dicabut, laporan diingatkan lagi")),
    "note.added": ("note", "green", _by_admin("Catatan ditambahkan")),
    "note.moved": ("corner-up-left", "orange", _moved),
    "roster.exported": ("download", "secondary", _by_admin("Daftar laporan diunduh")),
    "view.saved": ("bookmark", "secondary", _by_admin("Tampilan daftar laporan disimpan")),
    "view.forgotten": ("bookmark", "secondary", _by_admin("Tampilan daftar laporan dihapus")),
    "case.not_ours_rejected": ("arrow-back-up", "orange", _by_admin("Laporan dinyatakan tetap kewenangan unit")),
    "letterhead.changed": ("settings", "azure", _by_admin("Kop surat diubah")),
    "evidence.added": ("certificate", "azure", _by_admin("Bukti dukung ditambahkan")),
    "evidence.removed": ("certificate", "secondary", _by_admin("Bukti dukung dikeluarkan")),
    "recap.detail": ("file-type-pdf", "azure", _person("Dokumen rekap dikirim kepada {}")),
    "complaint.typed": ("file-text", "azure", _by_admin("Laporan diketik")),
    "complaint.merged": ("refresh", "azure", _by_admin("Laporan ketikan disatukan dengan nomor LAPOR-nya")),
    "calendar.added": ("calendar-off", "azure", _say("Hari libur ditambahkan.")),
    "calendar.hours": ("clock-hour-4", "azure", _say("Jam pengiriman diubah.")),
    "calendar.removed": ("calendar-off", "azure", _say("Hari libur dihapus.")),
    "user.added": ("user-circle", "azure", _say("Akun untuk masuk dibuat.")),
    "user.role_changed": ("user-circle", "orange", _say("Peran sebuah akun diubah.")),
    "user.closed": ("user-circle", "red", _say("Sebuah akun ditutup.")),
    "user.reopened": ("user-circle", "green", _say("Sebuah akun dibuka lagi.")),
    "user.password_changed": ("key", "azure", _say("Pemilik akun mengganti kata sandinya.")),
    "user.two_factor_on": ("shield-check", "green", _say("Verifikasi dua langkah diaktifkan.")),
    "user.two_factor_off": ("shield-check", "orange", _say("Verifikasi dua langkah dimatikan.")),
    "user.two_factor_forgotten": ("shield-check", "orange", _say("Admin melepas verifikasi dua langkah sebuah akun.")),
    "user.session_ended": ("logout", "secondary", _say("Pemilik akun mengakhiri sesinya di perangkat lain.")),
    "user.sessions_ended": ("logout", "orange", _say("Admin mengakhiri semua sesi sebuah akun.")),
    "training.begun": ("school", "azure", _say("Latihan dibuka.")),
    "training.ended": ("school", "secondary", _say("Latihan diakhiri.")),
    "token.made": ("key", "azure", _say("Token untuk program dibuat.")),
    "token.revoked": ("key", "orange", _say("Token untuk program dicabut.")),
    "guest.added": ("users", "azure", _say("Daftar tamu bertambah.")),
    "message.shadowed": ("eye-off", "purple", _person("Pesan untuk {} ditulis dalam mode bayangan, tidak dikirim")),
    "office.mode": ("adjustments", "orange", _say("Mode kantor diubah.")),
    "units.live": ("send", "green", _say("OPD menjadi langsung.")),
    "units.shadow": ("eye-off", "orange", _say("OPD kembali ke mode bayangan.")),
    "prices.set": ("tag", "azure", _say("Harga pesan diubah.")),
    "alarm.cleared": ("bell-off", "secondary", _say("Alarm ditutup admin.")),
    "reply.placed": ("inbox", "green", _say("Balasan dipasangkan dengan laporannya oleh petugas.")),
    "reply.set_aside": ("ban", "secondary", _say("Balasan disisihkan petugas.")),
    "reply.again": ("refresh", "azure", _say("Balasan diproses ulang.")),
    "contact.answered": ("message-circle", "azure", _person("{} dijawab petugas")),
    "contact.invited": ("message-2-question", "azure", _person("{} diminta membalas")),
    "text.proposed": ("template", "azure", _say("Teks pesan baru ditulis.")),
    "text.in_force": ("template", "green", _say("Teks pesan diganti.")),
    "text.withdrawn": ("template", "secondary", _say("Usulan teks pesan dibatalkan.")),
    "template_status": ("template", "azure", _say("WhatsApp mengabarkan keadaan sebuah templat.")),
    "template_stopped": ("template", "red", _say("WhatsApp menghentikan sebuah templat.")),
    "guest.removed": ("users", "secondary", _say("Daftar tamu berkurang.")),
    "contact.added": ("user-circle", "azure", _person("{} ditambahkan ke direktori")),
    "contact.changed": ("edit", "azure", _person("Data {} di direktori diubah")),
    "contact.guest": ("users", "azure", _person("{} dimasukkan ke daftar tamu atau dikeluarkan")),
    "contact.consent": ("thumb-up", "azure", _person("Persetujuan {} dicatat atau dicabut petugas")),
    "contact.unreachable_reset": ("refresh", "azure", _person("Nomor {} dinyatakan berfungsi lagi")),
    "contact.recaps": ("report", "azure", _person("Rekap berkala untuk {} dinyalakan atau dimatikan")),
    "contact.office_recaps": ("report", "azure", _person("Rekap seluruh kantor untuk {} dinyalakan atau dimatikan")),
    "contact.number_check": ("test-pipe", "azure", _person("Pesan uji untuk {} dibuat")),
    "unit.added": ("building", "azure", _say("Unit kerja ditambahkan.")),
    "unit.changed": ("building", "azure", _say("Data sebuah unit kerja diubah.")),
    "unit.alias_dropped": ("building", "secondary", _say("Nama lain sebuah unit dihapus.")),
    "appointment.added": ("id-badge", "green", _person("{} ditunjuk")),
    "appointment.renewed": ("id-badge", "green", _person("{} ditunjuk lagi")),
    "appointment.changed": ("id-badge", "azure", _person("SK atau masa berlaku penugasan {} diubah")),
    "appointment.ended": ("user-off", "orange", _person("Penugasan {} diakhiri")),
    "absence.decided": ("calendar-off", "green", _person("Cuti {} dan penggantinya dicatat kantor")),
    "absence.cancelled": ("calendar-off", "secondary", _person("Cuti {} dibatalkan")),
    "confirmation.started": ("user-question", "azure", _say("Putaran konfirmasi penghubung dimulai.")),
    "confirmation.stays": ("user-check", "green", _person("{} menyatakan masih pejabat penghubung")),
    "confirmation.moved": ("user-off", "orange", _person("{} menyatakan sudah pindah")),
    "import.status_word": ("file-import", "azure", _say("Arti sebuah kata status ditetapkan.")),
    "import.disposed_on": ("file-import", "azure", _say("Ditetapkan sejak kapan disposisi tanpa tanggal dihitung.")),
    "import.held_dropped": ("file-import", "secondary", _say("Baris impor yang ditahan disingkirkan petugas.")),
    "directory.exported": ("download", "secondary", _by_admin("Direktori diunduh")),
}
