"""Header words of real and likely files; personal columns are recognised and never positioned."""

import pytest

from aspal.core.columns import DIRECTORY, ROSTER, fold, layout, read_headers
from tests.gateways import sheets

ROSTER_WORDS = [
    ("tracking_id", "tracking_id|Tracking ID|TrackingID|ID Laporan|No. Laporan|Nomor Laporan|No Tiket|Kode Laporan|ID"),
    ("judul", "Judul Laporan|Judul|Judul Aduan|title|Perihal|Subjek"),
    ("jenis", "Klasifikasi Laporan|Klasifikasi|Jenis Laporan|Tipe Laporan|classification"),
    ("berkadar", "Kadar Pengawasan|Berkadar Pengawasan|Situasi|Sifat Pengaduan"),
    ("kategori", "kategori|Kategori Laporan|Topik|topic_name|category"),
    (
        "opd",
        "dinas_tujuan|Instansi|Instansi Terdisposisi|Disposisi|Terdisposisi ke|Unit Kerja|OPD|SKPD|PD|Perangkat Daerah",
    ),
    ("opd", "Tujuan Disposisi|Instansi Tujuan"),
    ("status", "status|Status Laporan|Status Terakhir|Status Tindak Lanjut|Keterangan"),
    ("tgl_masuk", "tanggal_masuk|Tanggal Masuk|Tanggal Laporan|Tgl. Lapor|Tanggal Aduan|Waktu Laporan|created_at"),
    ("tgl_verifikasi", "Tanggal Verifikasi|Tgl Verifikasi"),
    ("tgl_disposisi", "Tanggal Disposisi|Tgl Disposisi|Waktu Disposisi|Tanggal Terdisposisi"),
    ("tgl_tindak_lanjut", "Tanggal Tindak Lanjut|Tgl TL|TL Pertama|Tanggal Respon|Waktu Respon"),
    ("tgl_selesai", "Tanggal Selesai|Tgl Selesai|Tanggal Tutup"),
    ("kanal", "Kanal|Sumber|Sumber Aduan|Media|Asal Laporan"),
    ("lokasi", "kecamatan_final|Kecamatan|Lokasi|Lokasi Kejadian|Kelurahan/Desa"),
    ("rahasia", "rahasia|Laporan Rahasia"),
    ("anonim", "anonim"),
    ("tautan", "Link|URL|Tautan"),
    # words of offices' own tables
    ("tracking_id", "Nomor Aduan|No. Pengaduan|ID Aduan|Nomor Tracking|Kode Tiket"),
    ("judul", "Judul Pengaduan"),
    ("opd", "OPD Tujuan|OPD Terkait|Dinas"),
    ("status", "Status Aduan|Status Pengaduan"),
    ("tgl_masuk", "Tanggal Lapor|Tgl. Aduan|Tanggal Pengaduan"),
    ("tgl_tindak_lanjut", "Tanggal TL|Tanggal Tindaklanjut|Tgl Respons|Waktu Tindak Lanjut|Tanggal TL Pertama"),
    ("tgl_selesai", "Tanggal Penyelesaian|Waktu Selesai|Tgl Tutup"),
    ("kanal", "Saluran|Kanal Aduan"),
]


@pytest.mark.parametrize(("column", "words"), ROSTER_WORDS)
def test_every_word_of_the_import_schema_is_known(column: str, words: str) -> None:
    for word in words.split("|"):
        for spelling in (word, word.upper(), f" {word.replace(' ', '_')}: "):
            assert read_headers([spelling], ROSTER).columns == {spelling.strip(): column}


def test_the_columns_that_acceptance_checks_use_are_all_read() -> None:
    for words, columns in ((sheets.ROSTER, ROSTER), (sheets.DIRECTORY, DIRECTORY)):
        reading = read_headers(words, columns)
        assert list(reading.columns) == words
        assert (reading.unknown, reading.dropped, reading.repeated, reading.missing(columns)) == ((), (), (), ())


@pytest.mark.parametrize(
    "header",
    [
        "Nama Pelapor",
        "NIK",
        "No HP",
        "No. Telp",
        "Telepon",
        "Email Pelapor",
        "Alamat Pelapor",
        "pelapor",
        "reporter_name",
        "No KTP",
        "Nama",
        "E-mail",
        "Isi Laporan",
        "isi_laporan_awal",
        "Uraian",
        "Tanggal Lahir",
        "No. HP/WA",
    ],
)
def test_a_personal_column_is_dropped_even_when_a_mapping_asks_for_it(header: str) -> None:
    reading = read_headers([header], ROSTER, {header: "lokasi"})
    assert (reading.dropped, reading.positions) == ((header,), {})


def test_a_directory_keeps_phones_and_names_of_officers_but_no_identity_number() -> None:
    reading = read_headers(["Nama Pejabat", "No. HP", "NIP", "NIK", "Email"], DIRECTORY)
    assert reading.columns == {"Nama Pejabat": "nama", "No. HP": "no_wa"}
    assert reading.dropped == ("NIP", "NIK", "Email")


def test_unknown_columns_are_named_and_the_running_number_is_not() -> None:
    assert read_headers(["No.", "Status", "Prioritas", ""], ROSTER).unknown == ("Prioritas",)


def test_of_two_words_for_one_column_the_better_one_wins() -> None:
    reading = read_headers(["Keterangan", "Status Laporan"], ROSTER)
    assert (reading.positions, reading.unknown, reading.repeated) == ({"status": 1}, ("Keterangan",), ())


def test_the_same_header_twice_is_not_decided_here() -> None:
    assert read_headers(["Status", "STATUS"], ROSTER).repeated == ("Status",)


def test_a_saved_mapping_wins_and_may_leave_a_column_out() -> None:
    reading = read_headers(["Keadaan", "Status"], ROSTER, {"KEADAAN": "status", "Status": "-"})
    assert (reading.positions, reading.unknown) == ({"status": 0}, ("Status",))


def test_a_layout_is_the_set_of_its_headers() -> None:
    assert layout(["Status", "ID", ""]) == layout(["i.d.", "STATUS"])
    assert layout(["Status"]) != layout(["ID"])
    assert fold("Tgl. Lapor") == fold("tgl_lapor") == "tgllapor"
