"""What a reply says: a long table of sentences as officers write them, then what must hold for any text at all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.replies import Command, Intent, Reading, understand
from aspal.core.replies.parts import about
from aspal.core.replies.vocabulary import these
from aspal.core.workdays import Calendar
from tests.core import reply_sentences as said

TODAY = date(2026, 8, 12)  # a Wednesday
CALENDAR = Calendar("Asia/Jakarta", {date(2026, 8, 17): "Hari Kemerdekaan"}, [])


def read(text: str, button: str | None = None, today: date = TODAY) -> Reading:
    return understand(text, today=today, calendar=CALENDAR, button=button)


def lines(block: str) -> list[str]:
    return [line.replace("\\n", "\n") for line in block.split("\n") if line]


@pytest.mark.parametrize(
    ("intent", "block"),
    [
        (Intent.DONE, said.DONE),
        (Intent.IN_PROCESS, said.IN_PROCESS),
        (Intent.NOT_OURS, said.NOT_OURS),
        (Intent.EXTENSION, said.EXTENSION),
        (Intent.NOTE, said.NOTE),
    ],
)
def test_everyday_sentences_mean_what_a_person_would_take_them_for(intent: Intent, block: str) -> None:
    wrong = [(line, str(read(line).intent)) for line in lines(block) if read(line).intent is not intent]
    assert wrong == []
    assert [line for line in lines(block) if read(line).command or read(line).promise_until] == []


def test_a_promise_is_read_with_its_day() -> None:
    wrong = []
    for line in lines(said.PROMISE):
        text, _, day = line.partition(" | ")
        got = read(text)
        fits = got.date_unclear if day == "unclear" else got.promise_until == date.fromisoformat(day)
        if not fits or (got.intent is Intent.PROMISE) != (day != "unclear"):
            wrong.append((text, day, got.intent, got.promise_until, got.date_unclear))
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    ["eh blm ding", "blm pak ternyata", "belum diapa2in pak", "ternyata belum dikerjakan sama sekali", "maaf salah",
     "belum ada tindakan", "salah kirim pak"],
)  # fmt: skip
def test_an_earlier_done_is_denied(text: str) -> None:
    assert read(text).denies


@pytest.mark.parametrize(
    "text", ["foto belum terkirim", "belum ada foto", "belum tahu pak", "belum bisa kirim foto", "warga belum puas"]
)
def test_what_else_may_be_missing_denies_nothing(text: str) -> None:
    assert not read(text).denies


def test_who_owns_a_case_after_all_is_understood() -> None:
    assert read("maaf, ternyata kewenangan kami").owns
    assert not read("maaf, ternyata bukan kewenangan kami").owns
    assert not read("apakah ini kewenangan kami?").owns


@pytest.mark.parametrize(
    "text",
    ["ini lokasinya dimana ya?", "mohon info alamat lengkapnya pak", "pelapornya siapa ya pak", "ada fotonya gak pak?",
     "mohon petunjuk pak", "bisa dijelaskan maksud laporannya?", "tdk bisa login aplikasi sp4n pak", "mohon info pak",
     "sudah selesai. Fotonya dikirim kemana?", "jl trunojoyo sebelah mana",
     "alamat lengkapnya dimana", "boleh minta fotonya pak", "kok masih diingatkan terus"],
)  # fmt: skip
def test_a_question_about_the_case_is_told_from_a_note(text: str) -> None:
    assert read(text).asks


@pytest.mark.parametrize(
    "text",
    ["sudah selesai. Oke pak?", "apa boleh buat pak", "tidak apa2 pak", "ta' mare ghi' pak", "belum tau kapan pak",
     "terima kasih infonya", "siap, mohon arahan", "minta waktu sampai Jumat, boleh?", "masih proses", "lokasi jauh",
     "kami akan cari tahu siapa pemilik lahannya dulu",
     "kami tidak tahu siapa pemilik lahan di lokasi tersebut"],
)  # fmt: skip
def test_what_asks_nothing_is_no_question(text: str) -> None:
    assert not read(text).asks


@pytest.mark.parametrize(("text", "assents"), [
    ("siap", True), ("oke pak siap", True), ("baik bu", True), ("terima kasih", False), ("maaf pak", False),
    ("siap, besok dikerjakan", False),
])  # fmt: skip
def test_a_courtesy_may_say_yes_where_something_was_asked(text: str, assents: bool) -> None:
    assert read(text).assent is assents


@pytest.mark.parametrize("text", ["kerjakan tgl 14", "Budi tolong selesaikan besok", "segera jawab hari ini"])
def test_an_order_is_told_from_who_says_that_they_do_it(text: str) -> None:
    assert read(text).orders
    assert not read(f"kami {text.split()[-1]}").orders
    assert not read("besok kami selesaikan, tim kerjakan sekarang").orders


def test_what_is_said_of_several_cases_is_told_apart_or_asked_about() -> None:
    wrong = []
    for line in lines(said.SEVERAL):
        text, first, second = line.split(" | ")
        got = [str(read(about(text, (number,))).intent) for number in ("9900346", "9900351")]
        expected = ["note" if one == "ask" else one for one in (first, second)]
        if got != expected or read(text).parted is ("ask" in (first, second)):
            wrong.append((text, got))
    assert wrong == []


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert sum(len(lines(block)) for block in vars(said).values() if isinstance(block, str)) >= 350


@pytest.mark.parametrize(
    ("payload", "intent", "case"),
    [
        ("done", Intent.DONE, None),
        ("in_process", Intent.IN_PROCESS, None),
        ("not_ours:17", Intent.NOT_OURS, "17"),
        ("done|7KX", Intent.DONE, "7KX"),
    ],
)
def test_a_button_says_what_it_says_whatever_its_title(payload: str, intent: Intent, case: str | None) -> None:
    got = read("judul tombol", payload)
    assert (got.intent, got.button_case) == (intent, case)


def test_an_unknown_button_is_read_by_its_title() -> None:
    assert read("Sudah", "tombol_lama_9").intent is Intent.DONE


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("DAFTAR", Command.LIST, ""),
        ("daftar.", Command.LIST, ""),
        ("Daftar laporan 2", Command.LIST, "2"),
        (" Bantuan! ", Command.HELP, ""),
        ("menu", Command.HELP, ""),
        ("HELP", Command.HELP, ""),
        ("mengapa", Command.WHY, ""),
        ("MENGAPA 1916449", Command.WHY, "1916449"),
        ("kenapa #7KX?", Command.WHY, "7KX"),
        ("Stop.", Command.STOP, ""),
        ("berhenti", Command.STOP, ""),
        ("Mulai", Command.START, ""),
        ("cuti", Command.LEAVE, ""),
        ("CUTI 12/8-15/8 pengganti 081200000001", Command.LEAVE, "12/8-15/8 pengganti 081200000001"),
    ],
)
def test_a_command_is_the_whole_message(text: str, command: Command, argument: str) -> None:
    got = read(text)
    assert (got.command, got.argument) == (command, argument)


@pytest.mark.parametrize(
    "text",
    ["stop dulu pak", "bantuan sosial belum cair", "mulai besok dikerjakan", "kenapa 1916449 belum",
     "cuti bersama kapan?", "daftar penerima", "berhenti dong"],
)  # fmt: skip
def test_a_word_inside_a_sentence_commands_nothing(text: str) -> None:
    assert read(text).command is None


def test_who_asks_about_aspal_itself_gets_the_answer_of_a_command() -> None:
    wrong = []
    for line in lines(said.ASKED):
        text, _, command = line.partition(" | ")
        if read(text).command != command:
            wrong.append((text, read(text).command))
    assert wrong == []
    assert [line for line in lines(said.NOT_ASKED) if read(line).command] == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1916449 sudah", ("1916449",)),
        ("#1916449", ("1916449",)),
        ("laporan no. 1.916.449, selesai", ("1916449",)),
        ("https://www.lapor.go.id/pengaduan/1916449 sudah", ("1916449",)),
        ("MAN-2026-0001 sudah", ("MAN-2026-0001",)),
        ("man 2026 0001", ("MAN-2026-0001",)),
        ("1916449 dan 1916450 sudah", ("1916449", "1916450")),
        ("hubungi 081200000001", ()),
        ("hubungi +62 812-0000-0001", ()),
        ("0341 123456", ()),
        ("NIP 197001012000031001", ()),
        ("NIK 3527010101700001", ()),
        ("Rp 1.500.000", ()),
        ("biaya 1500000 rupiah", ()),
        ("sdh ditangani, biaya 2.500.000 dr APBD", ()),
        ("anggaran sebesar 1916449", ()),
        ("volume 12.000", ()),
        ("sdh dibayar 500000", ()),
        ("12.500 meter", ()),
        ("12082026", ()),
        ("12/08/2026", ()),
        ("-7.1916449, 113.2412345", ()),
        ("surat nomor 045/1234567", ()),
        ("kode pos 69211", ()),
        ("https://drive.google.com/x/1234567", ()),
        ("0001916449", ()),
    ],
)
def test_only_digits_that_can_be_nothing_else_are_a_report_number(text: str, numbers: tuple[str, ...]) -> None:
    assert read(text).case_numbers == numbers


def test_other_digits_are_kept_as_possible_numbers() -> None:
    assert read("biaya 1500000 rupiah").possible_numbers == ("1500000",)


@pytest.mark.parametrize(
    ("text", "codes"),
    [("#7KX sudah", ("7KX",)), ("kode 7kx selesai", ("7KX",)), ("7KX sudah", ()), ("kode: #7KX", ("7KX",))],
)
def test_a_short_code_needs_its_mark(text: str, codes: tuple[str, ...]) -> None:
    assert read(text).codes == codes


@pytest.mark.parametrize(
    ("text", "letters"),
    [("A", ("A",)), ("b.", ("B",)), ("yang C pak", ("C",)), ("A dan C", ("A", "C")), ("(b)", ("B",)),
     ("A, B", ("A", "B")), ("A B C", ("A", "B", "C")), ("ada", ()), ("a da", ()), ("K", ()),
     ("apa", ()), ("1", ()), ("a sudah", ())],
)  # fmt: skip
def test_letters_answer_only_when_they_are_everything(text: str, letters: tuple[str, ...]) -> None:
    assert read(text).letters == letters


@pytest.mark.parametrize(
    ("text", "answer"),
    [("YA", True), ("ya pak", True), ("Bersedia.", True), ("setuju", True), ("Tidak", False), ("tdk bisa", False),
     ("Tidak bersedia", False), ("siap", None),
     ("ya bersedia, insyaallah", True), ("siap, saya bersedia menggantikan", True), ("bersedia?", None),
     ("boleh, saya bersedia", True), ("maaf tidak bersedia, saya juga dl", False), ("bersedia, tp sampai kamis", None),
    
     ("mohon maaf tidak bisa pak", False), ("maaf, saya tdk sanggup", False), ("belum bersedia", None),
     ("ya sudah", None), ("iya nanti", None)],
)  # fmt: skip
def test_yes_and_no_are_bare(text: str, answer: bool | None) -> None:
    assert read(text).answer is answer


def test_a_bare_number_names_a_case_and_says_nothing() -> None:
    got = read("nomor 1916449 pak")
    assert (got.names_only, got.intent, got.courtesy) == (True, Intent.NOTE, False)


def test_on_a_friday_friday_is_unclear_and_this_friday_is_today() -> None:
    friday = date(2026, 8, 14)
    assert read("Jumat kami selesaikan", today=friday).date_unclear
    assert read("hari Jumat ini kami selesaikan", today=friday).promise_until == friday


def test_a_day_and_month_over_new_year_is_the_coming_one() -> None:
    assert read("5/1 selesai", today=date(2026, 12, 28)).promise_until == date(2027, 1, 5)
    assert read("tgl 3 selesai", today=date(2026, 12, 28)).promise_until == date(2027, 1, 3)
    assert read("10/8 selesai", today=date(2026, 12, 28)).date_unclear


WORDS = st.sampled_from(
    sorted(
        these("""
    sudah belum tidak selesai diproses besok jumat 12/8 tgl 3 hari lagi akhir bulan minggu depan kami akan ? . , 1 2
    1916449 #7KX bukan kewenangan minta perpanjangan waktu kalau ditindaklanjuti 31/2 29/2 A ya
        """)
    )
)


@given(st.text(max_size=200) | st.lists(WORDS, max_size=12).map(" ".join), st.dates(date(2025, 1, 1), date(2028, 1, 1)))
def test_any_text_is_read_without_an_error(text: str, today: date) -> None:
    got = read(text, today=today)
    assert (got.intent is Intent.PROMISE) == (got.promise_until is not None)
    assert got.promise_until is None or got.promise_until >= today


@given(
    st.sampled_from(["belum", "blm", "tidak", "tdk", "durung"]),
    st.sampled_from(["selesai", "ditindaklanjuti", "beres"]),
)
def test_not_finished_is_never_finished(no: str, verb: str) -> None:
    for text in (f"{no} {verb}", f"kami {no} bisa {verb}", f"{no} sempat kami {verb} pak"):
        assert read(text).intent is not Intent.DONE


@given(st.sampled_from([line for line in lines(said.DONE) if "?" not in line]))
def test_the_same_words_as_a_question_claim_nothing(line: str) -> None:
    assert read(f"apakah {line.rstrip('.')}?").intent is Intent.NOTE


@given(st.integers(1, 60), st.sampled_from(["hari lagi", "hari kerja lagi"]))
def test_days_from_now_are_counted_from_today(count: int, unit: str) -> None:
    day = read(f"{count} {unit}").promise_until
    expected = TODAY + timedelta(days=count) if unit == "hari lagi" else CALENDAR.add_workdays(TODAY, count)
    assert day == expected
