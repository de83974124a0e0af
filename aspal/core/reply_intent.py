"""What a reply claims, from its clauses. Pure. When in doubt it is a plain note, and never "done".

Decisions, each with its sentences in tests/core/test_replies.py:
- "Done" needs a finished verb with "sudah" ("sudah kami tindaklanjuti"), or nothing but "sudah" or "selesai".
- A question, a doubt ("katanya"), a condition ("kalau"), a wish or a future ("akan", "segera") never claims anything.
- "Sudah kami proses" means that work has begun: in process. So do checks, surveys, meetings, partial results.
- "Sudah" with an unfinished rest ("tapi belum selesai", "masih", "80 %", "akan diselesaikan") is in process.
- "Bukan kewenangan" outranks a claim in the same text; a request for more time outranks one too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aspal.core.reply_words import Clause


class Intent(StrEnum):
    """What a note says about its case."""

    DONE = "done"  # followed up in LAPOR, they say
    IN_PROCESS = "in_process"
    PROMISE = "promise"  # with a day
    NOT_OURS = "not_ours"
    EXTENSION = "extension"  # asks for more time
    NOTE = "note"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COURTESY = _words(
    "pak bu kak kakak mas mbak min admin ndan komandan bos gus kyai yth iya siap oke baik baiklah terimakasih terima kasih"
    " maaf izin mohon assalamualaikum waalaikumsalam wr wb salam selamat pagi siang sore malam hormat laksanakan arahan"
    " arahannya infonya informasinya informasi info pengingatnya pengingat perhatiannya atas dengan kami saya untuk yang"
    " nomor no ini itu tersebut alhamdulillah menyampaikan sampaikan menyampikan bahwa terkait perihal monggo lapor laporan"
    " semua semuanya tim kominfo dinas ijin hehe sip mantap noted dimengerti mengerti paham ditunggu sama-sama njih ya"
    " kepada dari juga sekalian perintah dicatat diterima jelas kak. amin aamiin atensi atensinya kerjasamanya bantuannya"
)
_BESIDE_SUDAH = _words(
    "pak bu kak kakak mas mbak min admin ndan komandan iya ya oke baik terimakasih maaf izin assalamualaikum selamat pagi siang"
    " sore malam kami saya untuk yang nomor no ini itu tersebut alhamdulillah laporan semua semuanya juga njih tim dinas"
)
_NEUTRAL = COURTESY | _words("proses diproses ditangani diperbaiki pengerjaan perbaikan tiket kasus disposisi di pada")
_NOT = _words("belum tidak bukan jangan tanpa gagal batal")
_FINISH = _words("selesai diselesaikan selesaikan")
_FOLLOW = _words("ditindaklanjuti tindaklanjuti tindaklanjut dijawab dibalas ditanggapi direspon")
_FIELD = _words(
    "dikerjakan ditangani diperbaiki dilaksanakan terlaksana dibersihkan ditambal diaspal dipasang terpasang diganti"
    " dipangkas dipotong diangkut dikeruk dieksekusi ditertibkan teratasi diatasi menyala nyala normal dibangun"
    " dicor disemprot difogging diservis disambung ditutupi"
)
_EVIDENCE = _words("dikirim diupload diinput disampaikan diisi dilaporkan ditutup")
_EVIDENCE_OF = _words("lapor aplikasi sistem jawaban jawabannya tanggapan tanggapannya tindaklanjut web")
_WORKS = _words("tindaklanjut penyelesaian pengerjaan ditangani perbaikan pembersihan pengaspalan penambalan pemasangan penggantian penertiban eksekusi")
_STAGE = _words(
    "diproses proses progres dikoordinasikan dicek disurvei ditinjau tinjau peninjauan tinjauan diverifikasi verifikasi"
    " dipelajari dikaji kajian didalami diteliti ditelusuri telusuri penelusuran dirapatkan dibahas pembahasan diteruskan"
    " didisposisikan dijadwalkan dijadwal diagendakan dianalisa dianalisis dikonfirmasi konfirmasi klarifikasi"
    " diklarifikasi dihubungi diukur didata pendataan mendata dimusyawarahkan mediasi dimediasi dipanggil diajukan"
    " diusulkan tender lelang pengukuran menghubungi ditangani dikerjakan penjadwalan turun lokasi lapangan dilanjut lanjut"
)
_PRESENT = _words("sedang masih dalam tahap proses mulai hampir lagi tahapan")
_WORK = _FINISH | _FOLLOW | _FIELD | _STAGE | _WORKS | _words("pengerjaan perbaikan menunggu")
_PARTIAL = _words("sebagian separuh setengah hampir baru mulai tinggal sisanya kecuali bertahap")
_AHEAD = _words("akan segera nanti mau rencana rencananya direncanakan besok lusa insyaallah semoga mudah-mudahan target depan")
_UNSURE = _words(
    "kalau setelah sebelum agar supaya biar asal sampai menunggu minta mohon tolong harap diharapkan harapan harus wajib"
    " perlu bisa katanya kata kira pikir anggap rasa infonya kabarnya menurut sepertinya kayaknya kyknya mungkin barangkali seharusnya"
    " mestinya harusnya kira-kira kirain dikira dianggap usahakan diusahakan berusaha upayakan diupayakan silakan silahkan"
    " ingin hendak semestinya pastikan dipastikan memastikan cepat lekas jika saat ketika seandainya andai bila untuk"
    " siapa-siapa apabila target kayanya rasanya perasaan setahu setau sepengetahuan"
) - {"untuk"}  # fmt: skip
_ASKING = _words(
    "apakah apa kapan bagaimana gimana gmn kenapa mengapa knp siapa berapa brp mana kok kah kan sudahkah belumkah bolehkah"
    " bisakah adakah gimna piye pripun kapan-kapan toh ta"
)
_OTHER_ENDS = re.compile(
    r"\b(?:selesai|beres) (?:rapat\w*|cuti\w*|dinas|upacara|makan|sholat|salat|shalat|acara|tugas|ujian|apel|libur"
    r"|istirahat|sakit|kegiatan|bimtek|diklat|jumatan|kuliah|membaca|dibaca|baca)\b"
)
_DUTY = r"(?:kewenangan|ranah|tupoksi|domain|yurisdiksi|aset|lingkup|kapasitas|tanggungjawab)(?:nya)?"
_LOOSE_DUTY = r"(?:tugas|urusan|wilayah|bagian|bidang|area|laporan|jalan|punya|milik|ruas)"
_US = r"(?:kami|opd|dinas|instansi|kantor|kecamatan|kelurahan|desa|bagian|bidang|rsud|badan|pemkab|pemda|pemkot)"
_NOT_OURS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:bukan|tidak)(?: \w+){{0,4}}? {_DUTY}\b",
        rf"\bbukan(?: \w+)? {_LOOSE_DUTY}(?: pokok| dan fungsi| kerja)? (?:dari )?{_US}\b",
        rf"\bbukan (?:di |pada |ke |dari |untuk )?(?:opd|dinas|instansi|kantor|kecamatan|kelurahan|desa) kami\b",
        r"\bbukan (?:di |pada |ke )?kami(?: pak| bu| yang menangani| yang berwenang| yang mengelola)*$",
        rf"\bdiluar (?:\w+ )?(?:{_DUTY}|wilayah|tugas)\b",
        r"\b(?:salah|keliru) (?:alamat|disposisi|sasaran|kamar|opd|dinas|instansi|kirim disposisi|tujuan|pendisposisian)\b",
        rf"\b(?:adalah |merupakan |itu |ini |masuk |jadi |menjadi )*{_DUTY} (?:pemerintah )?(?:provinsi|propinsi|pusat|kementerian|balai"
        r"|bpjn|bbws|bbpjn)\b",
        r"\b(?:mohon|tolong|harap|minta|sebaiknya|agar|silakan|silahkan|bisa)(?: \w+){0,3}? (?:untuk )?(?:dialihkan|alihkan"
        r"|dilimpahkan|limpahkan|pelimpahan|redisposisi|diredisposisi|dikembalikan|didisposisikan ulang|disposisi ulang"
        r"|dipindahkan|pindahkan|didisposisikan|disposisikan)\b(?! (?:ke|kepada|kpd) (?:bidang|kabid|seksi|kasi|staf|sekretaris|pak|bu"
        r"|kadis|camat|lurah|kami))",
    )
)  # fmt: skip
_OURS = re.compile(rf"\b(?<!bukan )(?<!tidak )(?:kewenangan|tupoksi|ranah|tugas) (?:\w+ )?{_US}\b")
_ASKS_TIME = re.compile(
    r"\b(?:tambah|tambahan|penambahan|kelonggaran|perpanjangan|toleransi|penundaan) (?:\w+ )?(?:waktu|tenggat|batas|deadline|tempo)\b"
    r"|\bwaktu tambahan\b|\b(?:waktu|tenggat|batas waktu|deadline|tenggang)(?:nya)? (?:\w+ )?(?:perpanjangan|ditambah|diundur|mundur)\b"
    r"|\b(?:minta|mohon|bisa|boleh|mengajukan|ajukan|usul|izin)(?: \w+){0,3}? (?:perpanjangan|penundaan|diundur|pengunduran|kelonggaran)\b"
)  # fmt: skip
_ASKING_TIME = _words("minta beri berikan kasih diberi diberikan waktu tempo tenggat dulu sedikit sebentar bisa dapat lagi")
_ASKS_SOME_TIME = re.compile(r"\b(?:mohon|minta|beri|berikan|kasih|diberi|izin)(?: \w+){0,2}? (?:waktu|tempo|tenggat)\b")
_EXTENDS_OTHER = re.compile(
    r"\bperpanjangan (?:\w+ )?(?:ktp|sim|stnk|izin|kontrak|sewa|paspor|sertifikat|surat|hgb|hgu|jalan|jaringan|pipa|sk|pajak|kk)\b"
)
_COMMITS = _WORK | _words(
    "janji dijanjikan waktu usahakan diusahakan upayakan diupayakan insyaallah target maksimal paling dilaporkan dikirim"
    " disampaikan kabari infokan update diupdate dikabari diupload diinput sampai ditargetkan eksekusi"
)
_ELSEWHERE = _words("rapat upacara libur cuti acara diklat bimtek sakit dinas-luar dl undangan masuk kantor ultah pensiun mutasi")
_PERCENT = re.compile(r"\b(\d{1,3})(?:[.,]\d+)? ?(?:%|persen)")


@dataclass(frozen=True, slots=True)
class Sense:
    """What one clause says, each thing by itself."""

    done: bool = False
    ongoing: bool = False  # being worked on now
    stage: bool = False  # a step of the work is behind them
    unfinished: bool = False  # something is not finished, or will be
    not_ours: bool = False
    ours: bool = False
    more_time: bool = False
    some_time: bool = False  # asks for time; with a day it is a promise


def intent_of(senses: Sequence[Sense]) -> Intent:
    """The one thing that a reply without a promised day says."""
    if any(s.not_ours for s in senses) and not any(s.ours for s in senses):
        return Intent.NOT_OURS
    if any(s.more_time or s.some_time for s in senses):
        return Intent.EXTENSION
    done, unfinished = any(s.done for s in senses), any(s.unfinished for s in senses)
    if any(s.ongoing for s in senses) or (done and unfinished):
        return Intent.IN_PROCESS
    if done:
        return Intent.DONE
    return Intent.IN_PROCESS if any(s.stage for s in senses) else Intent.NOTE


def sense_of(clause: Clause) -> Sense:
    """What the clause says. A question says nothing, except that asking for more time is a request all the same."""
    words, text = clause.words, clause.text
    more_time = _asks_more_time(words, text)
    some_time = bool(_ASKS_SOME_TIME.search(text)) and set(words) <= COURTESY | _ASKING_TIME
    if is_question(clause):
        return Sense(more_time=more_time and "apa" not in words)
    if _OTHER_ENDS.search(text):
        return Sense()
    hypothetical = bool({"kalau", "apabila", "jika"} & set(words[:3]))
    not_ours = not hypothetical and any(pattern.search(text) for pattern in _NOT_OURS)
    done = _claims_done(words)
    return Sense(
        done=done,
        ongoing=not done and _is_ongoing(words),
        stage=_is_stage(words),
        unfinished=_is_unfinished(words, text),
        not_ours=not_ours,
        ours=not not_ours and bool(_OURS.search(text)),
        more_time=more_time,
        some_time=some_time,
    )


def is_question(clause: Clause) -> bool:
    """Also without a question mark: "sudah selesai belum", "apa sudah", "sudah kan"."""
    words = clause.words
    if clause.asks or _ASKING & set(words):
        return True
    return "sudah" in words and words[-1] in _NOT and words.index("sudah") < len(words) - 1


def is_courtesy(clauses: Sequence[Clause]) -> bool:
    """Nothing but "siap, terima kasih, pak"."""
    return all(set(clause.words) <= COURTESY and not clause.asks for clause in clauses)


def finishes(words: Sequence[str]) -> bool:
    """Whether the words speak of finishing or answering, so that a day beside them outweighs an earlier "sudah"."""
    return bool((_FINISH | _FOLLOW | _FIELD | _words("diupload diinput")) & set(words))


def may_promise(clause: Clause, named: frozenset[str]) -> bool:
    """Whether a clause with a day in it promises something; `named` are its words outside the day."""
    if is_question(clause) or _NOT & named or {"kalau", "sejak", "semenjak", "mulai-tanggal", "per"} & named:
        return False
    if named <= COURTESY | _words("sampai sekitar kira-kira insyaallah hari tanggal mulai paling lambat maksimal"):
        return True
    if _ELSEWHERE & named and not (_FINISH | _FOLLOW) & named:
        return False
    return bool(_COMMITS & named)


def is_past(words: Sequence[str]) -> bool:
    """ "Sudah" with a finished verb: a day in this clause tells when it was, and promises nothing."""
    return _perfect(words) is not None


def tells_now(words: Sequence[str]) -> bool:
    """ "Sedang kami proses hari ini" describes, "sedang diproses, selesai hari ini" would promise."""
    named = set(words)
    return bool({"sedang", "masih", "mulai", "laporan"} & named) and not (_FINISH | _words("sampai target paling maksimal")) & named


def splits(clause: Clause) -> tuple[Clause, ...]:
    """ "Sudah dicek akan diperbaiki" says two things: what follows a finished verb and looks ahead stands by itself.

    So does "belum selesai besok kami lanjutkan": a day with a verb of its own after a verb that is denied.
    """
    words = clause.words
    for n in range(2, len(words)):
        if words[n] not in _AHEAD and words[n] not in _words("masih sedang belum"):
            continue
        before, after = words[:n], words[n:]
        if words[n] == "belum" and len(after) == 1:
            continue  # "sudah selesai belum" asks
        denied = bool(_NOT & set(before)) and bool(_WORK & set(before)) and bool(_WORK & set(after))
        if _perfect(before) is not None or (denied and words[n] != "belum"):
            return Clause(before, clause.asks), Clause(after, clause.asks)
    return (clause,)


def _perfect(words: Sequence[str]) -> int | None:
    """Where the verb stands that "sudah" (or "tadi") makes finished; None when there is none."""
    for start, word in enumerate(words):
        if word not in ("sudah", "tadi"):
            continue
        for n in range(start + 1, min(start + 8, len(words))):
            if words[n] in _FINISH | _FOLLOW | _FIELD | _STAGE | _EVIDENCE or words[n] in _WORKS:
                return n
            if words[n] in _NOT:
                break
    return None


def _claims_done(words: Sequence[str]) -> bool:
    if _is_bare(words):
        return True
    at = _perfect(words)
    if at is None or not _is_finished_verb(words, at):
        return _ends_with_done(words)
    start = max(n for n in range(at) if words[n] in ("sudah", "tadi"))
    blocked = _NOT | _UNSURE | _AHEAD | _PARTIAL
    before = set(words[:at]) - ({"bisa", "sampai"} if "sudah" in words[:start] else set())
    after = set(words[at + 1 :])
    if (before & blocked) or (set(words[start:at]) & _words("sedang masih tahap dalam siap")):
        return False
    return not (after & _words("kalau setelah sebagian nanti sampai kecuali separuh setengah bertahap belum") or _part(words))


def _is_finished_verb(words: Sequence[str], at: int) -> bool:
    word = words[at]
    if word in _FINISH | _FOLLOW | _FIELD:
        return not (word in _FINISH and at + 1 < len(words) and words[at + 1] in _STAGE - _words("diproses proses ditangani dikerjakan"))
    if word in _EVIDENCE:
        return bool(_EVIDENCE_OF & set(words)) or (word == "ditutup" and "laporan" in words)
    if word in _WORKS:
        return "dilakukan" in words[:at]
    # "sudah diproses dan diselesaikan", "proses sudah kami cek dan selesai": a finished verb further on.
    later = next((n for n in range(at + 1, len(words)) if words[n] in _FINISH | _FOLLOW | _FIELD), None)
    return later is not None and not set(words[at:later]) & (_NOT | _UNSURE | _AHEAD | _PARTIAL | _words("untuk sedang masih"))


def _ends_with_done(words: Sequence[str]) -> bool:
    """ "Selesai sudah", and "selesai diperbaiki" without a doubt in the clause."""
    if set(words) & (_NOT | _UNSURE | _AHEAD | _PARTIAL | _PRESENT):
        return False
    pairs = list(zip(words, words[1:], strict=False))
    return any(a in _FINISH and (b == "sudah" or b in _FIELD or b in _FOLLOW) for a, b in pairs)


def _is_bare(words: Sequence[str]) -> bool:
    """Nothing but "sudah" or "selesai" and manners. "Sudah" alone is what the reminder offers as an answer."""
    named = set(words)
    if "selesai" in named or ("sudah" in named and _FOLLOW & named):
        return named <= _NEUTRAL | _FOLLOW | _words("sudah selesai 100 100% persen") and "mohon" not in named
    return "sudah" in named and named <= _BESIDE_SUDAH | {"sudah"}


def _is_ongoing(words: Sequence[str]) -> bool:
    named = set(words)
    if named & (_NOT | _AHEAD) or named & (_UNSURE - _words("menunggu sampai")):
        return False
    if _part(words) and (named & (_WORK | {"sudah"})):
        return True
    if "menunggu" in named and named & _words("sedang masih"):
        return True
    now = [n for n, word in enumerate(words) if word in _PRESENT]
    if any(set(words[n + 1 : n + 6]) & _WORK for n in now):
        return True
    bare = named & _words("proses diproses progres") and not named & _words("sudah siap")
    return bool(bare) and named <= _NEUTRAL | _STAGE | _PRESENT


def _is_stage(words: Sequence[str]) -> bool:
    at = _perfect(words)
    if at is not None:
        return not set(words[:at]) & (_NOT | _UNSURE | _AHEAD)
    return words[0] == "otw" and bool(set(words) & _STAGE)


def _is_unfinished(words: Sequence[str], text: str) -> bool:
    """Something of the work is still to be done."""
    named = set(words)
    work = _FINISH | _FOLLOW | _FIELD | _STAGE | _WORKS
    if named & _words("akan segera nanti") and named & (_FINISH | _FIELD):
        return True
    denied = any(word == "tidak" and set(words[n + 1 : n + 5]) & work for n, word in enumerate(words))
    return denied or bool(named & _words("belum tinggal sisanya kecuali")) or "masih ada" in text


def _part(words: Sequence[str]) -> bool:
    """ "80 %", "sebagian", "tinggal finishing"."""
    percent = _PERCENT.search(" ".join(words))
    return bool(set(words) & _PARTIAL) or (percent is not None and int(percent[1]) < 100)


def _asks_more_time(words: Sequence[str], text: str) -> bool:
    named = set(words)
    if _NOT & named or _EXTENDS_OTHER.search(text):
        return False
    alone = "perpanjangan" in named and named <= COURTESY | {"perpanjangan", "minta", "waktu"}
    return alone or bool(_ASKS_TIME.search(text))
