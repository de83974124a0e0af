"""Text files become messages: every variable filled, none left over, nothing too long."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.gateways import texts
from aspal.gateways.texts import Button, TextProblem

FILE = """
kind = "uji"
name = "aspal_uji_v1"
language = "id"
category = "utility"
body = \"\"\"
Kepada Yth. {penerima}, laporan nomor {nomor}. Keterangan: {catatan}. Terima kasih.\"\"\"

[samples]
penerima = "Ibu Melati"
nomor = "1916449"
catatan = "Sedang dicek"

[[buttons]]
id = "done"
title = "Sudah"
"""
VALUES = {"penerima": "Bapak Surya", "nomor": "1916502", "catatan": "Menunggu bahan"}
TEXTS = texts.load()


def loaded(folder: Path, text: str = FILE, name: str = "uji.toml") -> texts.Texts:
    (folder / name).write_text(text, encoding="utf-8")
    return texts.load(folder)


def session(folder: Path, body: str) -> texts.Texts:
    text = FILE.replace('"utility"', '"session"').split("body =")[0]
    return loaded(folder, f'{text}body = "{body}"\n[samples]\ndaftar = "A. 1916449"\n')


def test_variables_are_numbered_in_the_order_in_which_they_stand(tmp_path: Path) -> None:
    template = loaded(tmp_path).kind("uji")
    assert template.body == "Kepada Yth. {{1}}, laporan nomor {{2}}. Keterangan: {{3}}. Terima kasih."
    assert [(v.name, v.sample) for v in template.variables] == [
        ("penerima", "Ibu Melati"),
        ("nomor", "1916449"),
        ("catatan", "Sedang dicek"),
    ]
    assert template.buttons == (Button("done", "Sudah"),)


def test_a_message_is_rendered_as_text_and_as_numbered_variables(tmp_path: Path) -> None:
    rendered = loaded(tmp_path).render("uji", VALUES)
    assert rendered.text == (
        "Kepada Yth. Bapak Surya, laporan nomor 1916502. Keterangan: Menunggu bahan. Terima kasih."
    )
    assert rendered.variables == {"1": "Bapak Surya", "2": "1916502", "3": "Menunggu bahan"}
    assert rendered.buttons == (Button("done", "Sudah"),)


def test_missing_and_unknown_variables_are_refused_by_name_and_without_values(tmp_path: Path) -> None:
    with pytest.raises(TextProblem) as caught:
        loaded(tmp_path).render("uji", {"penerima": "Bapak Surya", "judul": "Rahasia"})
    assert str(caught.value) == "uji: variabel kurang ['catatan', 'nomor'], tidak dikenal ['judul']"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Laporan {nomor} untuk {nama}: {catatan}.", "(belum ada: {penerima}; tidak dikenal: {nama})"),
        ("Yth. {penerima}, {nomor} dan {nomor}: {catatan}.", "(lebih dari sekali: {nomor})"),
        ("Yth. {penerima}: {catatan} {nomor}.", "(urutannya {penerima}, {nomor}, {catatan})"),
        ("Yth. {penerima}, {Nomor}: {catatan}.", "(belum ada: {nomor}; tidak dikenal: {Nomor})"),
    ],
)
def test_other_words_with_wrong_variables_are_refused_by_their_names(tmp_path: Path, body: str, told: str) -> None:
    template = loaded(tmp_path).kind("uji")
    with pytest.raises(TextProblem) as caught:
        template.edited(body, {variable.name: variable.sample for variable in template.variables}, ["Sudah"])
    assert str(caught.value).endswith(told)


def test_values_are_cleaned_and_long_ones_are_cut(tmp_path: Path) -> None:
    values = {"penerima": "Bapak\nSurya  *", "nomor": "1", "catatan": "x" * 500}
    variables = loaded(tmp_path).render("uji", values).variables
    assert variables["1"] == "Bapak Surya ∗"
    assert variables["3"] == "x" * (texts.CAPS["catatan"] - 1) + "…"


def test_an_empty_value_is_said_in_words_and_a_sentence_does_not_end_twice(tmp_path: Path) -> None:
    kinds = loaded(tmp_path)
    assert "Keterangan: tanpa keterangan. Terima" in kinds.render("uji", {**VALUES, "catatan": " "}).text
    assert "Keterangan: Sudah dicek. Terima" in kinds.render("uji", {**VALUES, "catatan": "Sudah dicek."}).text
    assert kinds.render("uji", {**VALUES, "nomor": ""}).variables["2"] == "-"


def test_a_list_is_refused_rather_than_cut() -> None:
    values = {"penerima": "Bapak Surya", "jumlah": "40", "kantor": "Dinas Kominfo", "daftar": "1916449; " * 90}
    with pytest.raises(TextProblem, match="daftar 810 karakter, batasnya 700"):
        TEXTS.render("ringkasan_penghubung", values)


def test_free_text_keeps_the_lines_of_a_list(tmp_path: Path) -> None:
    rendered = session(tmp_path, "Untuk yang mana?\\n{daftar}").render("uji", {"daftar": "A. 1916449\nB.\t1916502"})
    assert rendered.text == "Untuk yang mana?\nA. 1916449\nB. 1916502"


def test_a_message_beyond_the_whole_limit_is_refused(tmp_path: Path) -> None:
    long = session(tmp_path, "Laporan. " * 150 + "{daftar}")
    with pytest.raises(TextProblem, match="batasnya 1600"):
        long.render("uji", {"daftar": "x" * 300})


def test_only_our_own_link_survives_as_a_link() -> None:
    values = {v.name: v.sample for v in TEXTS.kind("disposisi_baru").variables}
    text = TEXTS.render("disposisi_baru", {**values, "judul": "Lihat www.jahat.example"}).text
    assert "Tautan: https://www.lapor.go.id/pengaduan/1916449" in text
    assert "jahat" not in text


def test_the_fingerprint_follows_what_whatsapp_approves(tmp_path: Path) -> None:
    before = loaded(tmp_path).kind("uji").fingerprint
    assert loaded(tmp_path, FILE.replace("Ibu Melati", "Ibu Sari")).kind("uji").fingerprint == before
    for old, new in (("Keterangan", "Catatan"), ("_v1", "_v2"), ('"Sudah"', '"Selesai"'), ('"utility"', '"session"')):
        assert loaded(tmp_path, FILE.replace(old, new)).kind("uji").fingerprint != before


def test_the_confidential_kind_is_used_where_there_is_one() -> None:
    assert TEXTS.confidential("disposisi_baru") == "disposisi_baru_rahasia"
    assert TEXTS.confidential("pengawasan") == "pengawasan"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('kind = "uji"', 'kind = "lain"', "nama berkas"),
        ('kind = "uji"\n', "", "kind"),
        ("{nomor}", "{nomer}", "contoh"),
        ("{nomor}", "{penerima}", "sekali"),
        ('catatan = "Sedang dicek"\n', "", "contoh"),
        ('title = "Sudah"', 'judul = "Sudah"', "buttons"),
        ('language = "id"', 'language = "id"\nbahasa = "id"', "tidak dikenal: bahasa"),
        ("[samples]", "[samples", "uji.toml"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_is_wrong(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(TextProblem, match=r"^uji\.toml: ") as caught:
        loaded(tmp_path, FILE.replace(old, new))
    assert says in str(caught.value)


def test_an_empty_folder_and_an_unknown_kind_are_named(tmp_path: Path) -> None:
    with pytest.raises(TextProblem, match="tidak ada berkas"):
        texts.load(tmp_path)
    with pytest.raises(TextProblem, match="'tidak_ada'"):
        TEXTS.kind("tidak_ada")


@given(st.sampled_from(TEXTS.kinds()), st.text(max_size=400))
def test_whatever_a_citizen_wrote_every_kind_stays_sendable(kind: str, text: str) -> None:
    template = TEXTS.kind(kind)
    rendered = template.render({variable.name: text for variable in template.variables})
    assert len(rendered.text) <= template.limit
    assert list(rendered.variables) == [str(n + 1) for n in range(len(template.variables))]
    for variable, value in zip(template.variables, rendered.variables.values(), strict=True):
        assert value
        assert "  " not in value
        assert (template.is_session and variable.name == "daftar") or not set(value) & set("\n\t")
