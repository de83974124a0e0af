"""The rapor as tables: what the workbook, the PDF and the data files say alike."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from aspal.core.ladder.words import message_words
from aspal.core.rapor import COMPLETED, MEASURED, Rapor, Tally, as_words
from aspal.core.rapor.brief import Brief
from aspal.core.rapor.follow import Effect, Effects
from aspal.core.rapor.times import InTime, Timing, percent
from aspal.core.wording import MONTHS
from aspal.gateways.documents import Cell, Column, Section

OWN = "Perkiraan internal dari data ekspor SP4N-LAPOR!, bukan penilaian resmi."
KIND = {
    "pengaduan": "Pengaduan", "aspirasi": "Aspirasi", "permintaan_informasi": "Permintaan informasi",
    "wbs": "Whistle Blowing System (WBS)", "berkadar": "Berkadar pengawasan",
}  # fmt: skip
_COUNTS = (
    Column("total", "Total", 8),
    Column("selesai", "Selesai", 11),
    Column("proses", "Proses", 11),
    Column("belum_ditindaklanjuti", "Belum ditindaklanjuti", 19),
    Column("belum_terverifikasi", "Belum terverifikasi", 17),
    Column("ditunda", "Ditunda", 12),
    Column("diarsipkan", "Diarsipkan", 14),
    Column("bukan_kewenangan", "Bukan kewenangan", 16),
)
_SHARES = (
    Column("persen_penyelesaian", "% penyelesaian", 17, "ROUND(100*{selesai}/{total},1)", "total", 1),
    Column("persen_tindak_lanjut", "% tindak lanjut", 13, "ROUND(100*({selesai}+{proses})/{total},1)", "total", 1),
)
_ADDED = tuple(column.key for column in _COUNTS)


def _share_of(part: str, *rest: str) -> str:
    """A percentage of what the named columns add up to."""
    whole = "+".join(f"{{{name}}}" for name in (part, *rest))
    return f'IF({whole}=0,"",ROUND(100*{{{part}}}/({whole}),1))'


def sections(found: Rapor) -> list[Section]:
    """Every table of the rapor, the most asked for first."""
    months = {MONTHS[number - 1]: tally for number, tally in found.months.items()}
    kinds = {KIND.get(name, name): tally for name, tally in found.kinds.items()}
    return [
        _tallies("Seluruh instansi", "Periode", {found.period.label: found.tally}),
        _times(found),
        _in_time(found.in_time),
        _arrears(found),
        units(found),
        _tallies("Menurut jenis", "Jenis", kinds),
        _tallies("Menurut kategori", "Kategori", found.categories),
        _tallies("Menurut kanal", "Kanal", found.channels),
        _tallies("Menurut bulan", "Bulan", months),
        _follow(found),
        _wrong(found),
        _definitions(),
    ]


def beside(found: Rapor, before: Brief) -> Section:
    """The period and the same span of the year before."""
    columns = (
        Column("nama", "Periode", 46),
        *_COUNTS,
        *_SHARES,
        Column("hari", "Rata-rata hari kerja", 12, decimals=1),
    )
    rows: list[Mapping[str, Cell]] = [
        {"nama": label, **as_words(one.tally), "hari": one.response.average_workdays}
        for label, one in ((found.period.label, found), (before.label, before))
    ]
    note = "Menurut tanggal laporan masuk; statusnya keadaan hari ini. Rata-rata sampai tindak lanjut pertama."
    return Section("Tahun sebelumnya", columns, rows, note)


def units(found: Rapor) -> Section:
    """Each unit's part."""
    rows: list[Mapping[str, Cell]] = [
        {"nama": one.name, **as_words(one.tally), "hari": one.average_workdays} for one in found.units
    ]
    columns = (Column("nama", "OPD", 30), *_COUNTS, *_SHARES, Column("hari", "Rata-rata hari kerja", 12, decimals=1))
    note = "Laporan yang didisposisikan ke dua OPD dihitung pada keduanya; rata-rata: tanggal laporan sampai tindak "
    return Section("Menurut OPD", columns, rows, f"{note}lanjut pertama OPD itu.", _ADDED, _sum("Jumlah", rows))


def reminders(found: Effects) -> list[Section]:
    """Which reminders moved their cases. A step is told by its code and by what the rules in force say of it."""
    said = [": ".join(filter(None, (one.key, found.words.get(one.key)))) for one in found.steps]
    return [
        _moving("Menurut langkah", "Langkah", said, found.steps),
        _moving("Menurut jam kirim", "Jam", [f"{one.key}.00" for one in found.hours], found.hours),
        _moving("Menurut templat", "Templat", [message_words(one.key) for one in found.templates], found.templates),
    ]


def _moving(title: str, head: str, names: Sequence[str], group: Sequence[Effect]) -> Section:
    columns = (
        Column("nama", head, 36), Column("pengingat", "Pengingat"), Column("bergerak", "Bergerak"),
        Column("persen", "% bergerak", 12, "ROUND(100*{bergerak}/{pengingat},1)", "pengingat", 1),
    )  # fmt: skip
    rows: list[Mapping[str, Cell]] = [
        {"nama": name, "pengingat": one.told, "bergerak": one.moved, "persen": one.share}
        for name, one in zip(names, group, strict=True)
    ]
    note = (
        "Pengingat: satu laporan kepada satu orang; satu pesan dapat memuat beberapa. Bergerak: LAPOR mencatat tindak "
        "lanjut atau selesai dalam 24 jam kerja (sampai hari kerja ke-3)."
    )
    return Section(title, columns, rows, note)


def _tallies(title: str, head: str, tallies: Mapping[str, Tally]) -> Section:
    rows: list[Mapping[str, Cell]] = [{"nama": name, **as_words(tally)} for name, tally in tallies.items()]
    more = {"totals": _ADDED, "total": _sum("Jumlah", rows)} if len(rows) > 1 else {}
    return Section(title, (Column("nama", head, 32), *_COUNTS, *_SHARES), rows, OWN, **more)  # type: ignore[arg-type]


def _sum(name: str, rows: Sequence[Mapping[str, Cell]]) -> dict[str, Cell]:
    added = {key: sum(int(row[key] or 0) for row in rows) for key in _ADDED}
    both = added["selesai"] + added["proses"]
    shares = {
        "persen_penyelesaian": percent(added["selesai"], added["total"]),
        "persen_tindak_lanjut": percent(both, added["total"]),
    }
    return {"nama": name, **added, **shares}


def _times(found: Rapor) -> Section:
    columns = (
        Column("ukuran", "Ukuran", 40), Column("jumlah", "Jumlah laporan"),
        Column("rata_kerja", "Rata-rata hari kerja", decimals=1),
        Column("tengah_kerja", "Median hari kerja", decimals=1),
        Column("rata_kalender", "Rata-rata hari kalender", decimals=1),
        Column("tengah_kalender", "Median hari kalender", decimals=1),
    )  # fmt: skip
    rows = [_timed(MEASURED, found.response), _timed(COMPLETED, found.completion)]
    return Section("Waktu", columns, rows, "Hari laporan masuk adalah hari ke-0. " + OWN)


def _timed(name: str, one: Timing) -> dict[str, Cell]:
    return {
        "ukuran": name[:1].upper() + name[1:], "jumlah": one.count, "rata_kerja": one.average_workdays,
        "tengah_kerja": one.median_workdays, "rata_kalender": one.average_days, "tengah_kalender": one.median_days,
    }  # fmt: skip


def _in_time(found: Sequence[InTime]) -> Section:
    columns = (
        Column("jenis", "Jenis", 26), Column("batas", "Batas (hari kerja)"), Column("tepat", "Tepat waktu"),
        Column("lambat", "Selesai terlambat"), Column("lewat", "Belum selesai, lewat batas"),
        Column("jalan", "Belum selesai, masih dalam batas"), Column("kosong", "Tanpa tanggal selesai"),
        Column("persen", "% tepat waktu", 12, _share_of("tepat", "lambat", "lewat"), None, 1),
    )  # fmt: skip
    rows: list[Mapping[str, Cell]] = [
        {"jenis": KIND.get(one.limit, one.limit), "batas": one.days, "tepat": one.in_time, "lambat": one.late,
         "lewat": one.overdue, "jalan": one.running, "kosong": one.undated, "persen": one.share}
        for one in found
    ]  # fmt: skip
    return Section("Tepat waktu", columns, rows, "Batas hukum menurut aturan yang berlaku, dihitung dari hari masuk.")


def _arrears(found: Rapor) -> Section:
    columns = (
        Column("tahun", "Tahun asal", 14),
        Column("kini", "Belum ditindaklanjuti hari ini", 20),
        Column("akhir", "Belum ditindaklanjuti pada akhir periode", 24),
    )
    years = sorted({*found.overdue, *found.carried})
    rows: list[Mapping[str, Cell]] = [
        {"tahun": str(year), "kini": found.overdue.get(year, 0), "akhir": found.carried.get(year, 0)} for year in years
    ]
    total: dict[str, Cell] = {
        "tahun": "Jumlah", "kini": sum(found.overdue.values()), "akhir": sum(found.carried.values())
    }  # fmt: skip
    note = (
        "Laporan tetap tunggakan pada tahun asalnya sampai ditindaklanjuti, juga setelah tahun berganti. Akhir "
        "periode: sekarang pun belum ditindaklanjuti, atau baru sesudah hari itu."
    )
    return Section("Tunggakan", columns, rows, note, ("kini", "akhir"), total)


def _follow(found: Rapor) -> Section:
    columns = (
        Column("ukuran", "Ukuran", 30), Column("ditepati", "Ditepati"), Column("dilanggar", "Dilanggar"),
        Column("berjalan", "Berjalan"),
        Column("persen", "% ditepati", 12, _share_of("ditepati", "dilanggar"), None, 1),
    )  # fmt: skip
    kept = found.promises
    row: dict[str, Cell] = {
        "ukuran": "Janji lewat WhatsApp", "ditepati": kept.kept, "dilanggar": kept.broken, "berjalan": kept.running,
        "persen": kept.share,
    }  # fmt: skip
    return Section("Janji", columns, [row], "Ditepati: LAPOR mencatat tindak lanjut sampai hari yang dijanjikan.")


def _wrong(found: Rapor) -> Section:
    columns = (Column("nama", "OPD yang semula dituju", 40), Column("jumlah", "Disposisi salah alamat", 18))
    rows: list[Mapping[str, Cell]] = [{"nama": name, "jumlah": count} for name, count in found.moves.by_unit.items()]
    note = f"Laporan yang salah alamat dua kali atau lebih (ping-pong): {found.moves.ping_pong}."
    return Section("Salah alamat", columns, rows, note, ("jumlah",), {"nama": "Jumlah", "jumlah": found.moves.wrong})


def _definitions() -> Section:
    columns = (Column("nama", "Angka", 26), Column("arti", "Dihitung sebagai", 90))
    return Section("Definisi", columns, [{"nama": name, "arti": text} for name, text in DEFINITIONS.items()])


DEFINITIONS = {
    "% penyelesaian": "Selesai dibagi seluruh laporan, termasuk yang belum terverifikasi.",
    "% tindak lanjut": "Selesai ditambah proses, dibagi seluruh laporan.",
    "Tindak lanjut pertama": "Tanggal tindak lanjut di LAPOR; bila kosong, tanggal selesai.",
    "Hari kerja": "Senin sampai Jumat tanpa hari libur dan cuti bersama; hari laporan masuk adalah hari ke-0.",
    "Median": "Nilai tengah: separuh laporan lebih cepat, separuh lebih lambat.",
    "% tepat waktu": "Selesai dalam batas, dibagi yang selesai dan yang sudah lewat batas.",
    "Tunggakan": "Belum ditindaklanjuti atau belum terverifikasi, menurut tahun masuk.",
    "Salah alamat": "Disposisi yang berakhir karena dipindah atau dikembalikan.",
    "Ping-pong": "Laporan yang dua kali atau lebih salah alamat.",
    "Janji ditepati": "LAPOR mencatat tindak lanjut atau selesai antara hari janji dan hari yang dijanjikan.",
    "Ditunda, diarsipkan, bukan kewenangan": "Ikut dalam total, tidak dalam selesai, proses, atau tunggakan.",
}


def headlines(found: Rapor, before: Brief | None = None) -> list[str]:
    """The figures that a regent asks for first, as sentences."""
    tally, shown = found.tally, decimal
    lines = [
        f"{found.period.label}: {tally.total} laporan; selesai {tally.finished}, proses {tally.in_process}, belum "
        f"ditindaklanjuti {tally.open}, belum terverifikasi {tally.unverified}, ditunda {tally.postponed}, diarsipkan "
        f"{tally.archived}, bukan kewenangan {tally.not_ours}.",
    ]
    if tally.total:
        lines.append(f"Penyelesaian {shown(tally.completed)} %, tindak lanjut {shown(tally.followed_up)} %.")
    if (spans := found.response).count:
        lines.append(
            f"Tindak lanjut pertama rata-rata {shown(spans.average_workdays)} hari kerja ({shown(spans.average_days)} "
            f"hari kalender), median {shown(spans.median_workdays)} hari kerja, dari {spans.count} laporan."
        )
    if before and before.tally.total:
        lines.append(
            f"{before.label}: {before.tally.total} laporan, penyelesaian {shown(before.tally.completed)} %, "
            f"tindak lanjut {shown(before.tally.followed_up)} %."
        )
    return [*lines, OWN]


def decimal(figure: float | Decimal | None) -> str:
    """68,3; a dash where there is no figure."""
    return "-" if figure is None else f"{figure:.1f}".replace(".", ",")
