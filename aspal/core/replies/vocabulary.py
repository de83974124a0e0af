"""The words and phrases by which `intent` judges, in the spelling of `words`. Data, no behaviour."""

import re

from aspal.core.replies.dates import NUMBERS


def these(text: str) -> frozenset[str]:
    """A set of words."""
    return frozenset(text.split())


def any_of(text: str) -> str:
    """A pattern for one of these words."""
    return f"(?:{'|'.join(text.split())})"


# Manners: a reply of nothing else says nothing about a case.
COURTESY = these("""
    pak bu kak kakak mas mbak min admin ndan komandan bos gus kyai yth iya siap oke baik baiklah terimakasih terima
    kasih maaf izin mohon assalamualaikum waalaikumsalam wr wb salam selamat pagi siang sore malam hormat laksanakan
    arahan arahannya infonya informasinya informasi info pengingatnya pengingat perhatiannya atas dengan kami saya
    untuk yang nomor no ini itu tersebut alhamdulillah menyampaikan sampaikan menyampikan bahwa terkait perihal
    monggo lapor laporan semua semuanya tim kominfo dinas ijin hehe sip mantap noted dimengerti mengerti paham
    ditunggu sama-sama permisi njih ya kepada dari juga sekalian perintah dicatat diterima jelas kak. amin aamiin atensi
    atensinya kerjasamanya bantuannya telat terlambat
""")
# What may stand beside a bare "sudah" that means "done".
BESIDE_SUDAH = these("""
    pak bu kak kakak mas mbak min admin ndan komandan iya ya oke baik terimakasih maaf izin assalamualaikum selamat
    pagi siang sore malam kami saya untuk yang nomor no ini itu tersebut alhamdulillah laporan semua semuanya juga
    njih tim dinas id tracking tiket kode dong sekarang kemarin
""")
# What may stand beside a bare "selesai".
NEUTRAL = COURTESY | these("""
    proses diproses ditangani diperbaiki pengerjaan perbaikan id tracking tiket kode kasus disposisi di pada
""")
NOT = these("belum tidak bukan jangan tanpa gagal batal")
FINISH = these("selesai diselesaikan selesaikan")
FOLLOW = these("ditindaklanjuti tindaklanjuti tindaklanjut dijawab dibalas ditanggapi direspon")
# Work in the field.
FIELD = these("""
    dikerjakan ditangani diperbaiki dilaksanakan terlaksana dibersihkan ditambal diaspal dipasang terpasang diganti
    dipangkas dipotong diangkut dikeruk dieksekusi ditertibkan teratasi diatasi menyala nyala normal dibangun dicor
    disemprot difogging diservis disambung ditutupi bersih lancar mengalir mulus
""")
# Finished only where it was done in LAPOR: "jawaban sudah dikirim", "sudah diupload di lapor".
EVIDENCE = these("dikirim diupload diinput disampaikan sampaikan diisi dilaporkan ditutup")
EVIDENCE_OF = these("lapor aplikasi sistem jawaban jawabannya tanggapan tanggapannya tindaklanjut web")
# After "sudah dilakukan ...".
WORKS = these("""
    tindaklanjut penyelesaian pengerjaan ditangani perbaikan pembersihan pengaspalan penambalan pemasangan
    penggantian penertiban eksekusi
""")
CARRIED_OUT = these("dilaksanakan terlaksana")
MEETINGS = these("musyawarah sosialisasi pertemuan sidak monitoring kunjungan penyuluhan pembinaan teguran mediasi")
# Steps on the way: "sudah dicek" is in process.
STAGE = these("""
    diproses proses progres dikoordinasikan dicek disurvei ditinjau tinjau peninjauan tinjauan diverifikasi
    verifikasi dipelajari dikaji kajian didalami diteliti ditelusuri telusuri penelusuran dirapatkan dibahas
    pembahasan diteruskan didisposisikan dijadwalkan dijadwal diagendakan dianalisa dianalisis dikonfirmasi
    konfirmasi klarifikasi diklarifikasi dihubungi diukur didata pendataan mendata dimusyawarahkan mediasi dimediasi
    dipanggil bekerja diajukan diusulkan tender lelang pengukuran menghubungi ditangani dikerjakan penjadwalan turun
    lokasi lapangan dilanjut lanjut
""")
PRESENT = these("sedang masih dalam tahap proses mulai hampir lagi tahapan")
WORK = FINISH | FOLLOW | FIELD | STAGE | WORKS | these("pengerjaan perbaikan menunggu")
# Not all of it.
PARTIAL = these("sebagian separuh setengah hampir baru mulai tinggal sisanya kecuali bertahap")
# "Sudah dipasang rambu" is what one does while the hole is still there.
MAKESHIFT = these("rambu rambu-rambu barikade barrier pembatas plang spanduk")
# Beside "tapi" these take nothing back of what was said before: "sudah selesai, tapi fotonya menyusul".
NO_RESERVE = COURTESY | these("""
    tapi foto fotonya dokumentasi dokumentasinya bukti buktinya menyusul lampiran terlampir telat terlambat lama baru
    dilaporkan dibalas lupa
""")
# "Eh maaf salah, belum selesai" takes an earlier "sudah" back.
TAKES_BACK = COURTESY | FINISH | FOLLOW | FIELD | these("belum eh oh ternyata rupanya salah ralat koreksi masih baru")
UNTOUCHED = these("diapa diapa-apakan diapa-apain disentuh tindakan pengerjaan perbaikan sama apa-apa dimulai mulai")
MISSING_OTHERWISE = these("""
    foto fotonya bukti buktinya dokumentasi dokumentasinya tahu pernah diterima terima menerima jelas tentu dilihat
    lihat baca dibaca dikirim diupload diinput paham
""")
# What stands before what was meant: "eh maksud saya masih proses".
LEADS_ON = these("eh oh ralat koreksi maksud kan lho loh lha")
SENT_WRONGLY = re.compile(r"\b(?:salah (?:kirim|dikirim|pencet|tekan|ketik)|kepencet|tidak sengaja|abaikan)\b")
# The future.
AHEAD = these("""
    akan segera nanti mau rencana rencananya direncanakan besok lusa insyaallah semoga mudah-mudahan target depan
""")
# Conditions, requests, hearsay, doubts: whatever follows is not claimed.
UNSURE = these("""
    kalau setelah sebelum agar supaya biar asal sampai menunggu minta mohon tolong harap diharapkan harapan harus
    wajib perlu bisa katanya kata kira pikir anggap rasa infonya kabarnya menurut sepertinya kayaknya kyknya mungkin
    barangkali seharusnya mestinya harusnya kira-kira kirain dikira dianggap usahakan diusahakan berusaha upayakan
    diupayakan silakan silahkan ingin hendak semestinya pastikan dipastikan memastikan cepat lekas jika saat ketika
    seandainya andai bila siapa-siapa apabila target kayanya rasanya perasaan setahu setau sepengetahuan seingat
    bilang dengar denger dengar-dengar
""")
# Beside a claim: somebody else's word, or a guess.
HEARSAY = these("katanya kata menurut kabarnya infonya mungkin barangkali sepertinya kayaknya kyknya kayanya rasanya")
_OTHERS = any_of(
    "lurah kades kadus desa kelurahan camat warga masyarakat pelapor rt rw tetangga kontraktor vendor pln pdam rekanan"
    " tukang penyedia pelaksana pemborong toko supplier distributor"
)
HEARD_FROM = re.compile(
    r"\b(?:info|informasi|kabar) (?:dari|dr)\b|\b(?:dijawab|tulis|isi|diisi) (?:saja|aja)\b"  # "jawab saja sudah"
    rf"|\b{_OTHERS} (?:\w+ )?(?:me(?:ngatakan|nyampaikan|nginformasikan|ngabarkan|ngaku)|lapor|dilaporkan)\b"
)
# Somebody else's day: "vendor janji Jumat", "kata PLN besok baru datang".
THEIR_WORD = re.compile(
    rf"\b(?:ka?ta(?:nya)?|kabarnya|infonya|menurut|bilang(?:nya)?|dengar)\b|\b{_OTHERS} (?:\w+ )?(?:men)?janji\w*"
    r"|\bdijanjikan\b|\b(?:alat|material|barang|bahan|onderdil|suku cadang)\w*(?: \w+)? (?:datang|tiba)\b"
)
# Who will first "pastikan dulu", "tanya lagi" does not claim yet.
ASCERTAIN = these("pastikan dipastikan memastikan tanya tanyakan menanyakan bertanya dikonfirmasi konfirmasi kroscek")
LOOK = these("dicek diverifikasi verifikasi ditelusuri telusuri lihat dilihat")
AGAIN = these("lagi sedang coba nanti")  # "lg" may be either
# What may stand between "sudah" and its verb: who did it, and when.
OURSELVES = these("kami saya kita")
PARTS_OF_DAY = these("pagi siang sore malam")
BETWEEN = OURSELVES | PARTS_OF_DAY | these("""
    pak bu iya ya alhamdulillah juga semua semuanya kembali berhasil lama sudah tadi d e di pada hari tanggal jam
    kemarin laporan nomor no ini itu tersebut dilakukan kegiatan pekerjaan tindakan langsung
""")  # fmt: skip
AND_THEN = these("dan lalu kemudian sekaligus")
NEXT_SPAN = re.compile(r"\b(?:tahun|bulan|minggu) (?:depan|berikutnya)\b")
# Questions, also without a question mark.
ASKING = these("""
    apakah apa kapan bagaimana gimana gmn kenapa mengapa knp siapa berapa brp mana kah kan sudahkah belumkah
    bolehkah bisakah adakah gimna piye pripun kapan-kapan toh ta
""")
ASKING_TIME = these("""
    minta beri berikan kasih diberi diberikan waktu tempo tenggat dulu sedikit sebentar bisa dapat lagi
""")
# What will only be told: "besok kami kabari".
NEWS = these("dilaporkan disampaikan sampaikan kabari kabarkan infokan update diupdate dikabari dikabarkan memberitahu")
# Looking, asking and meeting: done by then, nothing of the work is.
PRELIMINARY = NEWS | these("""
    dicek disurvei ditinjau tinjau peninjauan tinjauan diverifikasi verifikasi dipelajari dikaji kajian didalami
    diteliti ditelusuri telusuri penelusuran dirapatkan dibahas pembahasan dikonfirmasi konfirmasi klarifikasi
    diklarifikasi dihubungi menghubungi diukur pengukuran didata pendataan mendata dikoordinasikan diteruskan
    didisposisikan diajukan diusulkan menunggu
""")
ON_THE_WAY = these("turun lokasi lapangan proses diproses bekerja lanjut dilanjut")  # says little beside one of those
_VOWS = these("""
    janji dijanjikan waktu usahakan diusahakan upayakan diupayakan insyaallah target maksimal paling dikirim
    diupload diinput ditargetkan eksekusi selambat-lambatnya selambatnya
""")
COMMITS = WORK | NEWS | _VOWS  # a day beside one of these is a promise
# A day on which the officer is somewhere else, or that is only the limit said again, is no promise.
ELSEWHERE = these("""
    batas batasnya deadline rapat upacara libur cuti acara diklat bimtek sakit dinas-luar dl undangan masuk kantor ultah
    pensiun mutasi terhenti berhenti dihentikan
""")

# After these a leading digit counts something: "2 hari lagi", "3 titik".
THINGS = these("titik unit lokasi ruas pohon lubang lampu tiang rumah")
COUNTED = THINGS | these("""
    hari minggu bulan jam menit tahun dan atau x laporan kasus orang kali rt rw km meter ribu
    juta tanggal januari februari maret april mei juni juli agustus september oktober november desember agt ags sept
    okt nov des warga petugas personil alat armada dari
""")
_COUNT = rf"(?:\d{{1,2}}|{'|'.join(NUMBERS)})"
SO_MANY = re.compile(
    rf"^(?:yang |dan )?{_COUNT} sudah\b|\b{_COUNT} (?:\w+ )?dari (?:total )?{_COUNT}\b"
    r"|^(?:yang )?sudah (?!tanggal|jam|nomor|no )\w+ (?:[2-9]|\d\d)$"  # "(yang mati 10,) yang sudah diganti 6"
)

_DUTY = any_of("kewenangan ranah tupoksi domain yurisdiksi aset lingkup kapasitas tanggungjawab") + "(?:nya)?"
_LOOSE_DUTY = any_of("tugas urusan wilayah bagian bidang area laporan jalan punya milik ruas")
_OFFICE = any_of("opd dinas instansi kantor kecamatan kelurahan desa bagian bidang rsud badan pemkab pemda pemkot")
_HIGHER = any_of("provinsi propinsi pusat kementerian kemenag balai bpjn bbws bbpjn pln bpn perhutani polri polres")
_WRONG = any_of("alamat disposisi sasaran kamar opd dinas instansi tujuan pendisposisian")
_PASS_ON = any_of(
    "dialihkan alihkan dilimpahkan limpahkan pelimpahan redisposisi diredisposisi dikembalikan dipindahkan pindahkan"
    " dipindah didisposisikan"
)
_INSIDE = any_of("bidang kabid seksi kasi staf sekretaris pak bu kadis camat lurah kami")
_PLEASE = any_of("mohon tolong harap minta sebaiknya agar silakan silahkan bisa")

NOT_OURS_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:bukan|tidak)(?! (?:hanya|jelas|yakin|tahu|pasti|paham))(?: \w+){{0,4}}? {_DUTY}\b",
        # "Bukan tugas mudah" says nothing; "bukan tugas kami" does.
        rf"\bbukan(?: \w+)? {_LOOSE_DUTY}(?: pokok| dan fungsi| kerja)? (?:dari )?(?:kami|{_OFFICE})\b",
        rf"\bbukan (?:di |pada |ke |dari |untuk )?{_OFFICE} kami\b",
        r"\bbukan (?:(?:di|pada|ke|untuk|buat|punya|milik) )?kami"
        r"(?: pak| bu| yang (?:ditangani|berwenang|mengelola|kelola|mengurus|urus|punya))*$",
        rf"\bdiluar (?:\w+ )?(?:{_DUTY}|wilayah|tugas)\b",
        rf"\b(?:salah|keliru) (?:kirim )?{_WRONG}\b",
        rf"\b{_DUTY} (?:pemerintah )?{_HIGHER}\b",
        r"^(?:maaf |izin |pak |bu )*(?:ini|itu|(?:jalan|ruas|lokasi) (?:ini|itu|tersebut))(?: \w+)? (?:jalan|ruas)"
        rf" {any_of('provinsi propinsi nasional negara tol')}(?: pak| bu| min)*$",
        # Passing it on inside the unit is work, not a refusal.
        rf"\b{_PLEASE}(?: \w+){{0,3}}? {_PASS_ON}\b(?! (?:ke|kepada|kpd) {_INSIDE})",
        rf"\b{_PLEASE}(?: \w+){{0,3}}? disposisi ulang\b",
    )
)
# Less than "not ours": a part of it, a guess, somebody else's word, or the opposite.
NOT_QUITE_OURS = re.compile(
    rf"\b{any_of('sebagian mungkin barangkali katanya kata jangan')}\b"
    r"|\bmenurut (?:pak |bu )?(?:pelapor|warga|masyarakat|mereka|dia|beliau|lurah|kades|camat|desa)\b"
    rf"|\b(?:kendala|masalah|persoalan|soal) {_DUTY}\b|\b(?:belum tentu|bukan berarti|bisa jadi)\b"
    rf"|\b{_PASS_ON} (?:arus|lalu|berkas|dokumen|surat|uang|dana|anggaran|air|saluran)"
)
_TAKEN_ON = any_of("bantu dibantu ditangani dikerjakan diproses diperbaiki")
OURS_PATTERN = re.compile(
    rf"\b(?<!bukan )(?<!tidak )(?:kewenangan|tupoksi|ranah|tugas) (?:{_OFFICE} )?kami\b"
    rf"|^tapi (?:kami )?tetap (?:akan )?(?:kami )?(?:{_TAKEN_ON}|(?:di)?tindaklanjuti|proses)\b"
    rf"|^tapi (?:\w+ ){{0,2}}?kami (?:\w+ )?{_TAKEN_ON}\b"
    r"(?! (?:di)?(?:koordinasikan|teruskan|sampaikan|komunikasikan))"
)
OTHER_ENDS = re.compile(
    rf"\b(?:selesai|beres) (?:{any_of('rapat cuti')}\w*|"
    + any_of("dinas upacara makan sholat salat shalat acara tugas ujian apel libur istirahat sakit kegiatan bimtek"
             " diklat jumatan kuliah membaca dibaca baca")
    + r")\b"
)  # fmt: skip

_TIME = any_of("waktu tenggat batas deadline tempo tenggang")
_LONGER = any_of("tambah tambahan penambahan kelonggaran perpanjangan toleransi penundaan dispensasi")
_REQUEST = any_of("minta mohon bisa boleh mengajukan ajukan usul izin")
ASKS_MORE_TIME = re.compile(
    rf"\b{_LONGER} (?:\w+ )?{_TIME}\b"
    r"|\bwaktu tambahan\b"
    rf"|\b{_TIME}(?:nya)? (?:\w+ )?{any_of('perpanjangan ditambah diundur mundur')}\b"
    rf"|\b{_REQUEST}(?: \w+){{0,3}}? {any_of('perpanjangan penundaan diundur pengunduran kelonggaran')}\b"
)
EXTENDS_OTHER = re.compile(  # what citizens ask for, not the officer
    r"\bperpanjangan (?:\w+ )?"
    + any_of("ktp sim stnk izin kontrak sewa paspor sertifikat surat hgb hgu jalan jaringan pipa sk pajak kk")
    + r"\b"
)
ASKS_TIME = re.compile(
    rf"\b{any_of('mohon minta beri berikan kasih diberi izin')}(?: \w+){{0,2}}? {any_of('waktu tempo tenggat')}\b"
)
AGAIN_BROKEN = re.compile(
    rf"\b{any_of('rusak berlubang padam mati mampet bocor longsor banjir kotor tersumbat roboh muncul menumpuk')}"
    r" (?:lagi|sedang|kembali)\b"
)
STILL_AWAITED = re.compile(
    r"\bmenunggu (?:\w+ )?"
    + any_of(
        "perbaikan pengerjaan pengaspalan penambalan pemasangan penggantian pembersihan pengecoran pengerukan"
        " pelaksanaan pembangunan permanen"
    )
    + r"\b"
)
PERCENT = re.compile(r"\b(\d{1,3})(?:[.,]\d+)? ?(?:%|persen)")
