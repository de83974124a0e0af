"""How officers spell: everyday Indonesian, with a little Javanese and Madurese, into plain words. Pure.

A reply becomes clauses of known spellings, so that the rules of `intent` and `dates` are written once.
"""

import re
import unicodedata
from dataclasses import dataclass

from aspal.core.replies.dates import DAY_WORDS

# plain word -> how it is also written. Left side is what the rules know.
_SPELLINGS = """
sudah: sudahmi sdhmi somi sdh sdah sda udh udah uda suda sudh suadh sudha sdhh
sudah: dah telah tlh tlah sampun mpun wis wes uwis ampon sampon ella
belum: belumpi blmpi blm blum belom blom belm bellum blmm durung dereng dorong bellun belun bhellun
tidak: tdk tidk tdak tak ga gak gk nggak ngga enggak engga kagak ora mboten boten ndak nda tade bunten enten
bukan: bkn bukn dudu sanes banne benni bunten
selesai: slesai selsai selesei seleai selesia slesei selese sls slse kelar
selesai: klar rampung tuntas beres finish finis done clear close closed
diselesaikan: dislesaikan diselesaikn terselesaikan terselesai dituntaskan dirampungkan dibereskan diclose
selesaikan: slesaikan selesaiin tuntaskan rampungkan bereskan menyelesaikan
ditindaklanjuti: ditindaklanjutin ditindaklanjut ditindaklanjutkan ditindak
ditindaklanjuti: ditl tertindaklanjuti ditindaklnjuti ditindaklanjti
tindaklanjuti: tindaklanjutin tindaklanjutkan menindaklanjuti menindaklanjutinya tindaklanjutinya
tindaklanjut: tl tindaklanjutnya penindaklanjutan
dijawab: terjawab dijwb jwb jawab menjawab
dibalas: terbalas balas membalas dibls bls dibales bales
didisposisikan: didisposisi didispokan dispokan didispo disposisikan terdisposisikan mendisposisikan
dihubungi: hubungi
ditanggapi: tertanggapi tanggapi menanggapi ditanggapin
direspon: direspons merespon respon respons direspond
diproses: dproses diprosess prosess prosses proces eproses dipunproses prosesnya memproses terproses
progres: progress progresnya ongoing onprogress onproses onprogres
dalam: dlm dlam
sedang: sdg sdang sdng lg nembe sementara
masih: msh masi msih mash tasih isih gik ijek ijik taksih
separuh: separo separoh sparo sparuh
setengah: stengah stgh
sebagian: sbagian sbgian sebgian
waktu: wktu wkt
maksud: maksudnya mksd mksdnya mksudnya
berapa: brp brapa
kapan: kpn kpan
jangan: jgn jng jgan
maksimal: max maks maksimum mksmal
paling: plg plng
pagi: enjing isuk
sore: sonten
malam: mlm mlam
depan: dpn dpan
dilakukan: lakukan melakukan
dijadwalkan: jadwalkan menjadwalkan
diagendakan: agendakan mengagendakan
kewenangan: wewenang kewenagan kewenanagan kwenangan wewenange kewenangannya wewenangnya berwenang kewengan
tupoksi: tusi tugasfungsi tupoksinya
perpanjangan: perpanjang diperpanjang memperpanjang perpanjngan perpajangan perpanjangn
besok: bsk bsok besuk besuknya sesuk mbenjing benjing mbesuk lagguna lagghuna besoknya
lusa: lsa
hari: hr hri harian ari
minggu: mgg mggu mnggu pekan
bulan: bln
jam: pukul pkl jm
tanggal: tgl tggl tnggal tgal tgll
senin: snn senen
selasa: sls_ slasa
rabu: rebo rabo
kamis: kms kemis
jumat: jumaat jum jmt jmat jumuah
sabtu: sbt setu saptu
akan: akn bakal arep badhe bade
segera: sgr segra sgera secepatnya scptnya asap
nanti: nnti ntar entar mengko mangke engkok engko nti
kalau: kalo klo kl jika bila apabila klau kalaupun jikalau
setelah: stlh sesudah stelah bakda
menunggu: tggu tgu tunggu nunggu ngenteni ditunggu menanti nunggunya
sampai: smp sampe smpe hingga sd
kemarin: kmrn kmarin kemaren wingi semalam
tadi: td barusan tadinya
lalu: lampau
mohon: mhn mohn nyuwun
tolong: tlg tlong toling
kami: km kmi kita kt qta
saya: sy aku kulo kula sya
yang: yg yng sing se_
dengan: dgn dg sareng
untuk: utk untk kagem
dan: n_ & serta
tapi: tp tpi tetapi namun cuma cuman nanging tape
karena: krn karna krna amargi polana
juga: jg jga
laporan: lap laporannya lapran aduan pengaduan aduannya pengaduannya keluhan
lapor: sp4n sp4nlapor laporgoid
lanjut: lanjutkan dilanjutkan dilanjut
dikerjakan: dikerja dikerjain kerjakan dikerjkan digarap mengerjakan garap
ditangani: tangani ditanganin menangani tertangani penanganan
diperbaiki: perbaiki dibenerin dibenahi didandani memperbaiki
dicek: cek mengecek ngecek dicheck check pengecekan dicekk
disurvei: survei survey disurvey mensurvei
dikoordinasikan: koordinasi koordinasikan berkoordinasi dikoordinasi koord koor koordinasinya
diteruskan: teruskan meneruskan diterusin
dilaporkan: laporkan melaporkan dilaporin laporin
dikirim: kirim kirimkan dikirimkan mengirim terkirim
diupload: upload unggah diunggah mengunggah mengupload diapload terupload
diinput: input dientri entri dientry diketik menginput
minta: mintak minta2 meminta nyuwon
bisa: bs bsa iso saget dapat dpt
pak: pk bapak bapa bpk bp p_ bang bg
bu: ibu buk
terima: trm trima
terimakasih: makasih mksh mksih tks thx thanks trims trimakasih trmksh tengkiu suwun nuwun sakalangkong kesoon kasoon
siap: syiap siaap siyap
baik: bae baek baiklah
oke: ok okay okey okeh oks okee
iya: ya y yaa yya iyaa yoi yup inggih nggih enggih enggi engghi injih njih yo
maaf: maap mf ngapunten nyoonsapora
izin: ijin
insyaallah: insyaalloh inshaallah insyallah insya_allah inshallah isyaallah
alhamdulillah: alhamdulilah
"""
_DAY_WORD = rf"(?:{'|'.join(sorted(DAY_WORDS))})"
# Words that are two words, or one word written as two, before they are looked up.
_PHRASES = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"\bin(?:sya|sha|syaa|shaa)[ -]?al+ah\b", "insyaallah"),
        (r"\bgh?i[k']? ?ta[k']? ", "belum "),  # Madurese: not yet
        (r"\b(?:ella|la|pon|ampon|sampon|wis|wes|uwis) mar[ei]h?\b", "sudah selesai"),  # Madurese: is finished
        (r"\b(?:ya|iya|yo|yaa) ?(?:sudah|sudahlah|sdh|udah|udh|uda|wis|wes|dah)(?: ?lah)?\b", "baiklah"),  # "very well"
        (r"\b(?:yaudah|yasudah|yowes|yowis|sudahlah|udahlah)\b", "baiklah"),
        (r"\b(?:torang|kitorang|kitong|katong|kita) (?:pu|pe) ([a-z]+)", r"\1 kami"),
        (r"\b(?:torang|kitorang|kitong|katong)\b", "kami"),  # Sulawesi, Papua: we
        (r"\bsa (?=su\b|so\b|sudah\b|sdh\b)", "saya "),
        (r"\bkas[ie]h? (?=selesai|beres|tuntas|bersih|nyala|menyala)", ""),  # "kase beres": make it so
        (r"\bs[ou] (?:ada )?(?=selesai|beres|kelar|rampung|tuntas|(?:kami |saya |sy )?(?:di[a-z]{4,}|balas|bls|jawab"
         r"|jwb|kerja|tangani|perbaiki|tindak|selesai|beres|bersih|nyala|menyala))", "sudah "),  # already
        (r"\b(?:trada|tra ada|te ada|tara ada)\b", "tidak ada"),
        (r"\b(sudah|sdh|selesai|beres) mi\b", r"\1"),  # Sulawesi: by now
        (r"\bbaru (?:saja|aja)\b", "tadi"),
        (r"\bterima ?kasih(?: (?:banyak|bnyk|byk))?\b", "terimakasih"),
        (r"\bmatur (?:suwun|nuwun|sembah nuwun)\b|\bmator sakalangkong\b", "terimakasih"),
        (r"\b(?:mohon|mhn|nyuwun) (?=maaf|maap|izin|ijin|pangapunten)", ""),  # manners, not a request
        (r"\b(maaf|maap|mf|sori|sorry)((?: (?:pak|bu|kak|mas|mbak|min|kami|kmi|saya|sy))?) (?:baru|br)"
         r"(?: bisa| bs| sempat)? (?:m?em?balas|balas|bls|bales|merespon|respon|jawab|menjawab|buka|baca|lihat)\b",
         r"\1\2"),  # "maaf baru balas": that is not what was begun
        (r"\b(?:begitu|pas) (?!(?:pak|bu|ya|iya|juga|pula|saja|aja|lah|kan|dulu|sudah|sdh)\b)(?=[a-z])", "setelah "),
        (r"\b(?:saat|ketika) ini\b", "sekarang"),
        (r"\btak (?=kerja|garap|jawab|bales|balas|cek|input|kirim|urus|selesaikan|tindak ?lanjut|proses)", "kami "),
        (r"\bdipun[ -]?(?=[a-z]{4})", "di"),  # Javanese: the passive
        (r"\bdi[ -]+(?=eksekusi|ganti|pasang|tambal|bersihkan|angkut|keruk|pangkas|potong|tertibkan|laksanakan|lakukan"
         r"|bangun\b|sambung|semprot|benahi|benerin|kerja\b|t(?:indak|l\b)|proses|jawab|balas|selesai|selsai|respon|tanggap|kerjakan|kerjain|tangani"
         r"|perbaiki|cek\b|survei|survey|teruskan|laporkan|kirim|upload|unggah|input|tutup|koordinasi|lanjut)", "di"),
        (r"\btindak[ -]*(?:lan?jut|lnjut|lanjt)", "tindaklanjut"),
        (r"\bon[ -](?:the[ -])?(?:proses+|progres+|process|going)\b", "progres"),
        (r"\bsp4n(?:[ -]*lapor!?)?|\blapor!|\blapor\.go\.id\b", "lapor"),
        (r"\btanggung ?jawab", "tanggungjawab"),
        (r"\bdi ?luar\b", "diluar"),
        (r"\bke ?depan\b", "kedepan"),
        (r"\b(kami|kmi|saya|sy|kita) (?=(?:tambal|bersihkan|angkut|pasang|ganti|pangkas|potong|keruk|aspal|tertibkan"
         r"|eksekusi|cor|semprot|sambung|laksanakan)\b)", r"\1 di"),  # "sudah kami tambal"
        (r"\b(hari|hr|hri|kerja|minggu|mgg|bulan|bln|seminggu|sehari|sebulan) lg\b", r"\1 lagi"),  # else "sedang"
        (r"\blg (?=\d{1,2} ?(?:hari|hr|minggu|mgg|bulan|bln)\b)", "lagi "),
        (r"\bs[./]d\.?(?=\s|\d)", " sampai "),
        (rf"(\d|\b{_DAY_WORD}) *(?: -|[–—]) *(?=\d|{_DAY_WORD}\b)", r"\1 sampai "),  # "18/8 - 20/8"
    )
)  # fmt: skip
_ABBREVIATION = re.compile(
    r"\b(tgl|no|sdh|blm|yg|dgn|bpk|kab|kec|dll|jl|utk|tdk|dlm|hr|jam|pkl|a\.n|u\.p|kepada|yth)\."
)
_TOKEN = re.compile(r"\d+(?:[./:-]\d+)*%?|[a-z]+(?:-[a-z]+)*|\d+|[?!.,;:\n…—]")
_JOINED = re.compile(r"\b(tanggal|tgl|tggl|jam|pkl)(?=\d)")
_BREAK, _STOP = frozenset(",;:\n…—"), frozenset(".!?\n")
_CONJUNCTIONS = frozenset({"tapi", "karena", "sedangkan", "sehingga", "makanya"})

SPELLING = {
    spelled.rstrip("_"): plain
    for line in _SPELLINGS.strip().splitlines()
    for plain, _, others in [line.partition(":")]
    for spelled in [plain, *others.split()]
    if not spelled.endswith("_")
}
# Long words that are safe to recognise with a slip of the finger: no other everyday word lies that near.
_NEAR = ("selesai", "diselesaikan", "ditindaklanjuti", "tindaklanjuti", "kewenangan", "perpanjangan", "dikoordinasikan")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a reply that says one thing, in plain words."""

    words: tuple[str, ...]
    asks: bool  # its sentence ends in a question mark

    @property
    def text(self) -> str:
        return " ".join(self.words)


def clauses(text: str) -> tuple[Clause, ...]:
    """The reply's clauses, without empty ones. Numbers and dates stay as they were written."""
    found: list[Clause] = []
    sentence: list[list[str]] = [[]]

    def end(asks: bool) -> None:
        found.extend(Clause(tuple(words), asks) for words in sentence if words)
        sentence[:] = [[]]

    for token in _TOKEN.findall(_prepared(text)):
        if token in _STOP:
            end(token == "?")
        elif token in _BREAK:
            sentence.append([])
        else:
            word = plain(token)
            if word in _CONJUNCTIONS:
                sentence.append([])
            sentence[-1].append(word)
    end(False)
    return tuple(found)


def plain(word: str) -> str:
    """One word as the rules know it, or as it was written."""
    if word[0].isdigit():
        return word
    for form in (word, _squeezed(word), word.replace("-", "")):
        if form in SPELLING:
            return SPELLING[form]
    stem = re.sub(r"(?:nya|lah)$", "", word)
    if stem != word and stem in SPELLING:
        return SPELLING[stem]
    if len(word) >= 7:
        return next((near for near in _NEAR if _one_slip(word, near)), word)
    return word


def _prepared(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[\u200b-\u200f\u2060\ufe0e\ufe0f*_~]", "", text)
    text = re.sub(r"[\u2018\u2019\u02bc`´]", "'", text)
    text = re.sub(r"([a-z])\1{2,}", r"\1", text)  # sudahhhh
    text = re.sub(r"\bjum'?at\b", "jumat", text)
    for pattern, replacement in _PHRASES:
        text = pattern.sub(replacement, text)
    text = _ABBREVIATION.sub(r"\1 ", text.replace("'", ""))
    return _JOINED.sub(r"\1 ", text)


def _squeezed(word: str) -> str:
    """ "sudahh" -> "sudah": a doubled last letter is emphasis."""
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def _one_slip(word: str, target: str) -> bool:
    """One letter missing, too many, wrong, or two swapped."""
    if abs(len(word) - len(target)) > 1 or word[0] != target[0]:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, target, strict=False)) if a != b), min(len(word), len(target)))
    a, b = word[start:], target[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
