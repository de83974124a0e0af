"""The decisions that an admin may take about a case: what each does, in words and in deed, and when it makes sense."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from aspal.core.refused import Refused
from aspal.core.replies import Intent
from aspal.desk import case_acts, note_acts
from aspal.records.browse import Part
from aspal.web.house import House

Typed = dict[str, str]


class Action(NamedTuple):
    """One decision about one case."""

    title: str
    icon: str
    does: str  # what will happen, for the page
    button: str
    done: str
    do: Callable[[House, int, Typed, dict[str, Any]], object]
    fits: Callable[[Part, datetime], bool]
    asks: tuple[str, ...] = ()  # unit, until, text
    reason: bool | None = True  # None: not asked for; False: may stay empty
    colour: str = "primary"


def _day(typed: Typed) -> date:
    try:
        return date.fromisoformat(typed.get("sampai", ""))
    except ValueError:
        raise Refused("Isi tanggalnya.") from None


def _unit(typed: Typed) -> int:
    given = typed.get("unit", "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Refused("Pilih unit tujuannya.")
    return int(given)


def _note(the_house: House, disposition_id: int, typed: Typed, asked: dict[str, Any]) -> None:
    given = typed.get("maksud", "")
    intent = Intent(given) if given in set(Intent) else Intent.NOTE
    until = _day(typed) if intent is Intent.PROMISE else None
    with the_house.db.read() as conn:
        calendars = the_house.calendars(conn)
    note_acts.add(the_house.db, calendars, disposition_id, typed.get("teks", ""), intent, until, **asked)


def _paused(part: Part, now: datetime) -> bool:
    return part.paused_until is not None and part.paused_until > now


ACTIONS: dict[str, Action] = {
    "catatan": Action(
        "Tambah catatan", "note", "Untuk yang didengar lewat telepon, rapat, atau surat. Tanpa maksud, catatan hanya "
        "disimpan. Dengan maksud, catatan dihitung seperti balasan unit: janji menghentikan pengingat sampai "
        "tanggalnya, “sudah ditindaklanjuti” menunggu bukti dari LAPOR.", "Simpan catatan", "Catatan disimpan.",
        _note, lambda part, now: True, ("text",), reason=None,
    ),
    "disposisi-ulang": Action(
        "Disposisi ulang", "arrow-right", "Unit lama tidak lagi menerima pesan tentang laporan ini. Hitungan hari unit "
        "baru dimulai hari ini, dan pesan pertamanya keluar pada jam kerja. Jangan lupa memindahkannya juga di LAPOR.",
        "Disposisikan ulang", "Laporan didisposisikan ulang.",
        lambda h, n, typed, asked: case_acts.redispose(h.db, n, _unit(typed), **asked),
        lambda part, now: part.unit_id is not None, ("unit",),
    ),
    "perpanjangan": Action(
        "Beri perpanjangan", "calendar", "Pengingat berhenti sampai akhir tanggal itu dan hari-harinya tidak dihitung. "
        "Sesudahnya hitungan berlanjut pada tingkat yang sama.", "Beri perpanjangan", "Perpanjangan diberikan.",
        lambda h, n, typed, asked: case_acts.grant_extension(h.db, n, _day(typed), **asked),
        lambda part, now: part.unit_id is not None, ("until",),
    ),
    "cabut-perpanjangan": Action(
        "Cabut perpanjangan", "player-play", "Hitungan hari dan pengingat berjalan lagi mulai hari ini, pada tingkat "
        "yang sama.", "Cabut perpanjangan", "Perpanjangan dicabut.",
        lambda h, n, typed, asked: case_acts.end_extension(h.db, n, **asked),
        lambda part, now: part.extended_until is not None and part.extended_until >= now.date(), reason=False,
    ),
    "tolak-perpanjangan": Action(
        "Tolak perpanjangan", "circle-x", "Permintaan perpanjangan unit dijawab tidak: hitungan hari berjalan terus.",
        "Tolak permintaan", "Permintaan perpanjangan ditolak.",
        lambda h, n, typed, asked: case_acts.refuse_extension(h.db, n, **asked),
        lambda part, now: part.claim == "extension",
    ),
    "tolak-bukan-kewenangan": Action(
        "Tetap kewenangan unit ini", "arrow-back-up", "Pernyataan “bukan kewenangan kami” ditolak: hitungan hari unit "
        "berlanjut dari tempatnya berhenti dan pengingat berjalan lagi.", "Tolak pernyataan",
        "Pernyataan bukan kewenangan ditolak.",
        lambda h, n, typed, asked: case_acts.reject_not_ours(h.db, n, **asked),
        lambda part, now: part.claim == "not_ours",
    ),
    "jeda": Action(
        "Jeda", "player-pause", "Tidak ada pesan tentang laporan ini sampai akhir tanggal itu, dan hari-harinya tidak "
        "dihitung. Sesudahnya pengingat berjalan lagi sendiri.", "Jeda laporan", "Laporan dijeda.",
        lambda h, n, typed, asked: case_acts.pause(h.db, n, _day(typed), **asked),
        lambda part, now: not _paused(part, now), ("until",),
    ),
    "lanjutkan": Action(
        "Akhiri jeda", "player-play", "Hitungan hari dan pengingat berjalan lagi mulai hari ini.", "Akhiri jeda",
        "Jeda diakhiri.", lambda h, n, typed, asked: case_acts.resume(h.db, n, **asked), _paused, reason=False,
    ),
    "kecualikan": Action(
        "Kecualikan dari pengingat", "bell-off", "Tidak ada lagi pengingat maupun eskalasi untuk laporan ini, "
        "berapa pun umurnya, sampai Anda mencabutnya. Statusnya tetap mengikuti LAPOR.", "Kecualikan",
        "Laporan dikecualikan dari pengingat.", lambda h, n, typed, asked: case_acts.exempt(h.db, n, **asked),
        lambda part, now: part.exempt_at is None, colour="danger",
    ),
    "ingatkan-lagi": Action(
        "Cabut pengecualian", "bell", "Pengingat berjalan lagi sesuai umur laporan sekarang.", "Cabut pengecualian",
        "Laporan diingatkan lagi.", lambda h, n, typed, asked: case_acts.remind_again(h.db, n, **asked),
        lambda part, now: part.exempt_at is not None, reason=False,
    ),
}  # fmt: skip


# What may be decided about several cases at once.
FOR_MANY = ("jeda", "lanjutkan", "kecualikan", "ingatkan-lagi", "disposisi-ulang", "perpanjangan", "cabut-perpanjangan")


def offered(part: Part, now: datetime) -> list[tuple[str, Action]]:
    """The actions that make sense for a part as it stands; one that has ended only takes notes."""
    if part.ended:
        return [("catatan", ACTIONS["catatan"])]
    return [(slug, action) for slug, action in ACTIONS.items() if action.fits(part, now)]
