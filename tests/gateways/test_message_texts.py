"""The texts in templates_msg: every kind is there, within every rule, and reads well."""

import re
from dataclasses import replace

import pytest

from aspal.gateways import text_rules, texts
from aspal.gateways.texts import Button, Template, Variable

TEXTS = texts.load()
APPROVED = [kind for kind in TEXTS.kinds() if not TEXTS.kind(kind).is_session]
TO_LIAISON = ("disposisi_baru", "pengingat_tindak_lanjut", "mendekati_batas", "klaim_belum_tercatat")
CASE = (
    *TO_LIAISON,
    "eskalasi_kepala_opd",
    "eskalasi_lewat_batas",
    "lewat_batas_waktu",
    "verifikasi_tertunda",
    "bukan_kewenangan",
    "minta_perpanjangan",
)
DIGESTS = (
    "ringkasan_penghubung",
    "ringkasan_pimpinan",
    "ringkasan_admin",
    "rekap_sekda",
    "rekap_bulanan",
    "rekap_peringkat",
    "tunggakan_tahunan",
)
SESSION = (
    "tanya_laporan", "janji_dicatat", "pengganti_dicatat", "daftar", "bantuan", "mengapa", "berhenti_dicatat",
    "mulai_dicatat", "bukan_terdaftar", "tidak_dipahami", "tanggal_tidak_jelas", "terima_kasih",
)  # fmt: skip
OK = replace(TEXTS.kind("disposisi_baru"), kind="uji", name="aspal_uji_v1")


def test_every_kind_of_the_ladder_has_its_text() -> None:
    others = ("pengawasan", "kontak_bermasalah", "persetujuan_kontak", "minta_pengganti", "kabar_sistem", "uji_pagi",
              "konfirmasi_penghubung", "mohon_balas")  # fmt: skip
    expected = {*CASE, *(f"{kind}_rahasia" for kind in CASE), *DIGESTS, *others, "rekap_mingguan_opd"}
    assert set(APPROVED) == expected
    assert {*SESSION} <= {*TEXTS.kinds()} - expected


@pytest.mark.parametrize("kind", TEXTS.kinds())
def test_every_text_keeps_every_rule(kind: str) -> None:
    assert text_rules.problems(TEXTS.kind(kind)) == []


@pytest.mark.parametrize("kind", TEXTS.kinds())
def test_every_text_reads_well_with_its_samples(kind: str) -> None:
    text = TEXTS.preview(kind).text
    assert not re.search(r"\{|\}|\.\.|,,|  | [,.;:]|: -|\(\)|\"\"", text)
    assert text[0].isupper() or text[0].isdigit()
    assert text[-1] in ".!" or text[-1].isdigit()


@pytest.mark.parametrize("kind", APPROVED)
def test_an_office_signs_inside_the_text_and_greets_formally(kind: str) -> None:
    template = TEXTS.kind(kind)
    assert template.body.startswith("Kepada Yth. {{1}},")
    assert template.variables[-1].name == "kantor"
    assert template.body.endswith("SP4N-LAPOR!")


@pytest.mark.parametrize("kind", TO_LIAISON)
@pytest.mark.parametrize("twin", ["", "_rahasia"])
def test_the_liaison_can_press_or_write(kind: str, twin: str) -> None:
    template = TEXTS.kind(kind + twin)
    assert [(b.id, b.title) for b in template.buttons] == [
        ("done", "Sudah"),
        ("in_process", "Sedang diproses"),
        ("not_ours", "Bukan kewenangan"),
    ]
    assert "BANTUAN" in template.body


@pytest.mark.parametrize("kind", ["persetujuan_kontak", "minta_pengganti"])
def test_a_question_of_consent_is_answered_with_a_button(kind: str) -> None:
    assert [button.id for button in TEXTS.kind(kind).buttons] == ["yes", "no"]


@pytest.mark.parametrize("kind", [*(f"{kind}_rahasia" for kind in CASE), "pengawasan"])
def test_a_confidential_text_knows_the_number_and_dates_only(kind: str) -> None:
    names = {variable.name for variable in TEXTS.kind(kind).variables}
    assert names <= {"penerima", "nomor", "tanggal_disposisi", "batas", "kantor"}
    assert {"penerima", "nomor", "kantor"} <= names


def test_pengawasan_is_a_number_and_a_due_date() -> None:
    assert [v.name for v in TEXTS.kind("pengawasan").variables] == ["penerima", "nomor", "batas", "kantor"]


@pytest.mark.parametrize("kind", DIGESTS)
def test_a_digest_has_room_for_its_list(kind: str) -> None:
    template = TEXTS.kind(kind)
    assert {v.name for v in template.variables} == {"penerima", "jumlah", "daftar", "kantor"}
    assert next(v.cap for v in template.variables if v.name == "daftar") == 700


def test_names_at_whatsapp_are_unique() -> None:
    names = [TEXTS.kind(kind).name for kind in TEXTS.kinds()]
    assert len(set(names)) == len(names)


def test_a_stranger_is_told_the_way_and_nothing_else() -> None:
    template = TEXTS.kind("bukan_terdaftar")
    assert template.variables == ()
    assert "lapor.go.id" in template.body


def variant(*fixed: str, **changes: object) -> Template:
    """The good text with other words around `len(fixed) - 1` variables."""
    variables = tuple(Variable(f"v{n}", "contoh", 20) for n in range(len(fixed) - 1))
    body = "".join(part + ("{{%d}}" % n if n < len(fixed) else "") for n, part in enumerate(fixed, 1))  # noqa: UP031
    return replace(OK, **{"fixed": fixed, "variables": variables, "body": body, **changes})


LONG = " laporan dari kantor yang sudah diterima dan dicatat "


@pytest.mark.parametrize(
    ("template", "says"),
    [
        (variant("", LONG), "paling depan"),
        (variant("« ", LONG), "paling depan"),
        (variant(LONG, ""), "paling belakang"),
        (variant(LONG, "."), "paling belakang"),
        (variant(LONG, " ", LONG), "dipisah kata"),
        (variant(LONG, ") (", LONG), "dipisah kata"),
        (variant("Pesan: ", " ini"), "sedikitnya 3"),
        (variant("kata " * 250), "batasnya 1024"),
        (variant(LONG + "😀"), "emoji"),
        (variant(LONG + "✅"), "emoji"),
        (variant(LONG + "\tx"), "tab"),
        (variant(LONG + "    x"), "spasi"),
        (variant(LONG + "\n\n\nx"), "baris"),
        (variant(LONG + "wa.me/62"), "wa.me"),
        (variant("Selamat pagi" + LONG), "promosi: selamat"),
        (variant(LONG, name="Aspal-Uji"), "'name'"),
        (variant(LONG, language="en"), "'language'"),
        (variant(LONG, category="marketing"), "'category'"),
        (variant(LONG, buttons=tuple(Button(f"b{n}", f"B{n}") for n in range(4))), "3 tombol"),
        (variant(LONG, buttons=(Button("b", "x" * 21),)), "20 karakter"),
        (variant(LONG, buttons=(Button("b", ""),)), "20 karakter"),
        (variant(LONG, buttons=(Button("a", "X"), Button("b", "X"))), "kembar"),
        (variant(LONG, buttons=(Button("a", "X"), Button("a", "Y"))), "kembar"),
        (variant(LONG, buttons=(Button("A b", "X"),)), "id tombol"),
        (variant(LONG, buttons=(Button("a", "Cancel"),)), "berlangganan"),
        (variant(LONG, buttons=(Button("a", "BERHENTI"),)), "berlangganan"),
        (variant(LONG, LONG, variables=(Variable("v", "x" * 21, 20),)), "contoh"),
    ],
)
def test_each_rule_names_the_text_that_breaks_it(template: Template, says: str) -> None:
    assert any(says in problem for problem in text_rules.problems(template))


def test_free_text_may_begin_with_a_variable() -> None:
    assert text_rules.problems(variant("", " bersedia.", category="session", buttons=())) == []
