"""Titles in letters."""

import pytest

from aspal.core.addressee import addressee


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Dinas Kesehatan", "opd", "Kepala Dinas Kesehatan"),
        ("DINAS PUPR", "opd", "Kepala DINAS PUPR"),
        ("Badan Pendapatan Daerah", "opd", "Kepala Badan Pendapatan Daerah"),
        ("Bagian Organisasi", "opd", "Kepala Bagian Organisasi"),
        ("Satuan Polisi Pamong Praja", "opd", "Kepala Satuan Polisi Pamong Praja"),
        ("Badan Penanggulangan Bencana Daerah", "opd", "Kepala Pelaksana Badan Penanggulangan Bencana Daerah"),
        ("Sekretariat Daerah", "opd", "Sekretaris Daerah"),
        ("Sekretariat  Daerah Kabupaten Teluk Melati", "opd", "Sekretaris Daerah Kabupaten Teluk Melati"),
        ("Sekretariat DPRD", "opd", "Sekretaris DPRD"),
        ("Inspektorat Daerah", "opd", "Inspektur Daerah"),
        ("Inspektorat", "opd", "Inspektur"),
        ("Kecamatan Muara Pandan", "kecamatan", "Camat Muara Pandan"),
        ("Muara Pandan", "kecamatan", "Camat Muara Pandan"),
        ("Kantor Camat Muara Pandan", "opd", "Camat Muara Pandan"),
        ("Kelurahan Tanjung Melur", "kelurahan", "Lurah Tanjung Melur"),
        ("Desa Sukamaju", "desa", "Kepala Desa Sukamaju"),
        ("Sukamaju", "desa", "Kepala Desa Sukamaju"),
        ("RSUD Teluk Kenanga", "rsud", "Direktur RSUD Teluk Kenanga"),
        ("Rumah Sakit Umum Daerah dr. Sehat", "opd", "Direktur Rumah Sakit Umum Daerah dr. Sehat"),
        ("Kabupaten Teluk Melati", "kabupaten", "Bupati Teluk Melati"),
        ("Pemerintah Kabupaten Teluk Melati", "opd", "Bupati Teluk Melati"),
        ("Kota Teluk Melati", "kabupaten", "Wali Kota Teluk Melati"),
        ("Kantor Kesatuan Bangsa dan Politik", "opd", "Kepala Kantor Kesatuan Bangsa dan Politik"),
        ("Perumda Air Minum Tirta Melati", "bumd", "Pimpinan Perumda Air Minum Tirta Melati"),
        ("Kotabaru Mandiri", "bumd", "Pimpinan Kotabaru Mandiri"),
        ("Diskominfo", "opd", "Pimpinan Diskominfo"),
    ],
)
def test_every_kind_of_unit_has_its_title(name: str, kind: str, expected: str) -> None:
    assert addressee(name, kind) == expected
