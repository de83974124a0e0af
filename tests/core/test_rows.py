"""A row of a LAPOR export is understood, or has a problem with a reason."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.columns import ROSTER
from aspal.core.rows import Cells, RosterReader, RosterRow, RowProblem
from aspal.core.rows.cells import text
from aspal.core.rows.dates import WIB
from aspal.core.words import Kind, Status

TODAY = date(2026, 8, 10)
GOOD: dict[str, object] = {
    "tracking_id": "1916449",
    "judul": "Lampu jalan padam",
    "jenis": "Pengaduan",
    "berkadar": "Tidak",
    "opd": "Dinas Perhubungan",
    "status": "Belum Ditindaklanjuti",
    "tgl_masuk": "03/08/2026",
    "tgl_disposisi": "04/08/2026",
    "rahasia": "Tidak",
    "anonim": "Tidak",
}


def read(**changed: object) -> RosterRow:
    row = RosterReader(today=TODAY).read(Cells.of(2, GOOD | changed))
    assert isinstance(row, RosterRow), row
    return row


def problem(**changed: object) -> RowProblem:
    row = RosterReader(today=TODAY).read(Cells.of(2, GOOD | changed))
    assert isinstance(row, RowProblem), row
    return row


def test_a_plain_row() -> None:
    row = read(kanal="X @LAPOR1708", lokasi="Kec. Camplong", tautan="https://www.lapor.go.id/pengaduan/1916449")
    assert (row.number, row.tracking_id, row.title, row.kind) == (2, "1916449", "Lampu jalan padam", Kind.COMPLAINT)
    assert (row.status, row.units, row.supervised) == (Status.OPEN, ("Dinas Perhubungan",), False)
    assert (row.received_on, row.disposed_on, row.finished_on) == (date(2026, 8, 3), date(2026, 8, 4), None)
    assert (row.confidential, row.anonymous, row.kind_assumed, row.warnings) == (False, False, False, ())
    assert (row.channel, row.location, row.link) == (
        "twitter",
        "Kec. Camplong",
        "https://www.lapor.go.id/pengaduan/1916449",
    )


@pytest.mark.parametrize(
    "written",
    [
        "#1916449",
        " 1916449 ",
        "1.916.449",
        "1,916,449",
        "1916449.0",
        "191 6449",
        "'1916449",
        "# 1916449",
        1916449,
        1916449.0,
        "１９１６４４９",
        "1916449\u200b",
    ],
)
def test_one_tracking_id_in_many_spellings(written: object) -> None:
    assert read(tracking_id=written).tracking_id == "1916449"


@pytest.mark.parametrize(
    "written",
    [
        "1.9E+06",
        "1,91645E+06",
        "1234",
        "12345678901",
        "LP-1916449",
        "1916449.5",
        1916449.5,
        1.98501012010011e17,
        -1916449,
        float("inf"),
        True,
        "1916.449",
        "MAN-2026-0001",
    ],
)
def test_a_doubtful_tracking_id_is_refused(written: object) -> None:
    refused = problem(tracking_id=written)
    assert (refused.column, refused.held) == ("tracking_id", False)


def test_only_an_unverified_complaint_may_lack_its_number() -> None:
    assert read(tracking_id="", status="Belum Terverifikasi", opd="").tracking_id is None
    assert "sel gabung" in problem(tracking_id="").reason


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.UNVERIFIED, "belum terverifikasi|Belum Diverifikasi|menunggu verifikasi|perlu verifikasi|BARU"),
        (Status.OPEN, "belum ditindaklanjuti|belum ditindak lanjuti|belum tindak lanjut|Terdisposisi|disposisi"),
        (Status.OPEN, "menunggu|belum dijawab|belum direspon|belum di tindak lanjuti |belum_ditindaklanjuti"),
        (Status.IN_PROCESS, "proses|diproses|dalam proses|sedang diproses|masih proses|proses tindak lanjut|progres"),
        (Status.FINISHED, "selesai|telah selesai|selesai direspon|selesai penanganan|tutup|ditutup|closed"),
        (Status.POSTPONED, "tunda|ditunda|tertunda"),
        (Status.ARCHIVED, "arsip|diarsipkan|arsipkan"),
        (Status.NOT_OURS, "bukan wewenang|bukan kewenangan|dikembalikan|dilimpahkan"),
    ],
)
def test_status_words(status: Status, words: str) -> None:
    for word in words.split("|"):
        assert read(status=word).status is status, word


@pytest.mark.parametrize("word", ["Eskalasi", "belum selesai", "hampir selesai", "41"])
def test_an_unknown_status_waits_for_an_admin(word: str) -> None:
    waiting = problem(status=word)
    assert (waiting.column, waiting.held, word in waiting.reason) == ("status", True, True)


def test_a_held_row_can_be_read_again_once_the_word_is_explained() -> None:
    nine = datetime(2026, 8, 3, 9, 0)  # noqa: DTZ001 - spreadsheets know no zone
    waiting = problem(status="Eskalasi", tgl_masuk=nine, tracking_id=1916449.0)
    again = RosterReader({"ESKALASI": Status.IN_PROCESS}, today=TODAY).read(Cells.of(waiting.number, waiting.cells))
    assert isinstance(again, RosterRow)
    assert (again.status, again.tracking_id, again.received_on) == (Status.IN_PROCESS, "1916449", date(2026, 8, 3))


def test_a_blank_status_is_refused() -> None:
    assert not problem(status=" ").held


@pytest.mark.parametrize(
    ("written", "kind", "supervised"),
    [
        ("Aspirasi", Kind.ASPIRATION, None),
        ("PERMINTAAN INFORMASI", Kind.INFORMATION, None),
        ("permintaan_informasi", Kind.INFORMATION, None),
        ("Whistle Blowing System", Kind.WHISTLE, True),
        ("wbs", Kind.WHISTLE, True),
        ("Pengaduan Berkadar Pengawasan", Kind.COMPLAINT, True),
        ("Pengaduan Tidak Berkadar Pengawasan", Kind.COMPLAINT, False),
    ],
)
def test_kinds(written: str, kind: Kind, supervised: bool | None) -> None:
    row = read(jenis=written, berkadar="")
    assert (row.kind, row.supervised) == (kind, supervised)


def test_a_blank_kind_is_a_complaint_and_says_so() -> None:
    row = read(jenis="")
    assert (row.kind, row.kind_assumed) == (Kind.COMPLAINT, True)
    assert "dianggap pengaduan" in row.warnings[0]


def test_an_unknown_kind_waits_because_its_legal_limit_is_unknown() -> None:
    assert problem(jenis="Pengadaan RAPS").held


@pytest.mark.parametrize(
    ("written", "supervised"),
    [
        ("Ya", True),
        ("Berkadar Pengawasan", True),
        ("Berpengawasan", True),
        (True, True),
        (1, True),
        ("✓", True),
        ("Tidak Berkadar Pengawasan", False),
        ("tidak", False),
        ("Tidak Berpengawasan", False),
        ("0", False),
        ("", None),
        ("-", None),
    ],
)
def test_supervision(written: object, supervised: bool | None) -> None:
    assert read(berkadar=written).supervised is supervised


def test_doubtful_supervision_waits_rather_than_warn_the_accused() -> None:
    assert problem(berkadar="Darurat").held
    assert problem(jenis="Pengaduan Berkadar Pengawasan", berkadar="Tidak").held


@pytest.mark.parametrize(
    ("written", "confidential"),
    [("Ya", True), ("Tidak", False), ("v", True), ("1", True), ("Publik", False), ("", None)],
)
def test_secrecy(written: str, confidential: bool | None) -> None:
    assert read(rahasia=written).confidential is confidential


def test_doubt_about_secrecy_means_secret() -> None:
    row = read(rahasia="terbatas")
    assert row.confidential is True
    assert "dianggap rahasia" in row.warnings[0]
    assert read(jenis="WBS", rahasia="Tidak").confidential is True


@pytest.mark.parametrize(
    ("written", "units"),
    [
        ("Dinas Komunikasi, Informatika, Persandian dan Statistik", 1),
        ("Dinas Kesehatan; Dinas Sosial", 2),
        ("Dinas Kesehatan | Dinas Sosial", 2),
        ("1. Dinas Kesehatan\n2. Dinas Sosial\r\n", 2),
        ("Dinas Kesehatan / Dinas Sosial", 2),
        ("Kelurahan/Desa Sukamaju", 1),
        ("Dinas Kesehatan; DINAS KESEHATAN.", 1),
    ],
)
def test_units_are_split_but_never_at_a_comma(written: str, units: int) -> None:
    assert len(read(opd=written).units) == units


def test_a_unit_name_that_cannot_be_one_is_refused() -> None:
    assert problem(opd="Dinas " * 60).column == "opd"


def test_a_unit_is_needed_where_somebody_must_act() -> None:
    assert problem(opd="").column == "opd"
    assert read(opd="", status="Diarsipkan").units == ()


def test_dates_that_have_not_come_or_do_not_exist_are_refused() -> None:
    assert "belum terjadi" in problem(tgl_masuk="11/08/2026").reason
    assert '"11/08/2026" belum' in problem(tgl_masuk=datetime(2026, 8, 11, tzinfo=WIB)).reason, (
        "as a spreadsheet's cell shows it"
    )
    assert '"11/08/2026 14.05" belum' in problem(tgl_masuk=datetime(2026, 8, 11, 14, 5, tzinfo=WIB)).reason
    assert '"09/08/2126"' in problem(tgl_masuk=date(2126, 8, 9)).reason
    assert "kosong" in problem(tgl_masuk="").reason
    assert problem(tgl_selesai="31/02/2026").column == "tgl_selesai"
    assert problem(tgl_disposisi="04/08/26").column == "tgl_disposisi"


def test_odd_dates_are_kept_and_questioned() -> None:
    row = read(tgl_disposisi="02/08/2026")
    assert row.disposed_on == date(2026, 8, 2)
    assert "lebih awal" in row.warnings[0]
    assert "tanpa tanggal selesai" in read(status="selesai").warnings[0]
    assert "status yang dipakai" in read(tgl_selesai="05/08/2026").warnings[0]


def test_a_title_is_redacted_short_and_may_be_missing() -> None:
    assert read(judul=None).title is None
    assert read(judul="#REF!").title is None
    title = read(judul="KTP 3527011203900001 hubungi 0812-0000-0001 " + "x" * 300).title
    assert title is not None
    assert len(title) == 200
    assert not any(number in title for number in ("3527011203900001", "0812"))


def test_reasons_and_kept_cells_hide_what_a_shifted_column_would_show() -> None:
    refused = problem(status="3527011203900001", judul="hubungi 081200000001", tracking_id="081200000001")
    assert not any(
        "3527011203900001" in text or "081200000001" in text for text in (refused.reason, *refused.cells.values())
    )


@pytest.mark.parametrize("written", ["javascript:alert(1)", "http://[", "https://x/" + "y" * 300])
def test_a_link_must_be_one(written: str) -> None:
    row = read(tautan=written)
    assert row.link is None
    assert "tautan" in row.warnings[0]


@pytest.mark.parametrize("number", ["081234567890", "3527011203900001", "021-5550123", "budi@surel.test"])
def test_a_link_that_spells_a_title_with_somebodys_number_is_not_kept(number: str) -> None:
    row = read(tautan=f"https://www.lapor.go.id/laporan/detil/jalan-rusak-hubungi-{number}-segera")
    assert row.link is None
    assert "tautan" in row.warnings[0]
    assert number not in row.warnings[0]


def test_a_row_that_could_not_be_cut_into_cells_gives_its_reason() -> None:
    refused = RosterReader(today=TODAY).read(Cells.of(9, {}, "tanda kutip"))
    assert isinstance(refused, RowProblem)
    assert (refused.number, refused.reason) == (9, "tanda kutip")


ANY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
) | st.sampled_from(list(GOOD.values()))


@given(st.dictionaries(st.sampled_from(sorted(ROSTER.aliases)), ANY), st.booleans())
def test_any_cells_are_a_row_or_a_problem(values: dict[str, object], on_good: bool) -> None:
    row = RosterReader(today=TODAY).read(Cells.of(7, GOOD | values if on_good else values))
    if isinstance(row, RowProblem):
        assert row.reason
        assert all("\0" not in text for text in row.cells.values())
    else:
        assert row.received_on <= TODAY + timedelta(0)
        assert row.title is None or 0 < len(row.title) <= 200


@given(st.text(st.sampled_from("ab1 -_x0D.\u2013\t\n\x00n/alu"), max_size=24))
def test_a_cell_that_is_read_at_a_glance_is_read_as_any_other(cell: str) -> None:
    assert text(cell) == text(f"\ufeff{cell}")  # an invisible sign leads to the long way


def test_what_a_cell_means_is_remembered_by_its_text_only() -> None:
    reader = RosterReader(today=TODAY)
    for cell, category in ((True, "ya"), (1, "1"), (1.0, "1"), ("1", "1"), (True, "ya")):
        row = reader.read(Cells.of(2, GOOD | {"kategori": cell}))
        assert isinstance(row, RosterRow)
        assert row.category == category


def test_cells_that_are_read_together_are_remembered_by_their_texts_only() -> None:
    reader = RosterReader(today=TODAY)
    for cell, secret in (("tidak", False), (True, True), (1, True), (0, False), (False, False), ("ya", True)):
        for anonymous in (True, 1, "1", 0, False):
            row = reader.read(Cells.of(2, GOOD | {"rahasia": cell, "anonim": anonymous}))
            assert isinstance(row, RosterRow)
            assert (row.confidential, row.anonymous) == (secret, bool(int(anonymous)))


def test_rows_with_other_columns_are_read_by_the_same_reader() -> None:
    reader = RosterReader(today=TODAY)
    for values in (GOOD, {"kanal": "SMS"} | GOOD, dict(reversed(GOOD.items())), GOOD):
        assert reader.read(Cells.of(2, values)) == read(**values)
