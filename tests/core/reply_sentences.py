"""What officers write, and what it means. Read on Wednesday 12 August 2026; Monday the 17th is a holiday."""

DONE = r"""
1
1.
 1 pak
no 1
pilih 1
1️
1. Sudah ditindaklanjuti di LAPOR
1 sudah
sudah
Sudah.
sdh pak
udh bu
udah kak
Sudah pak, terima kasih
sampun pak
selesai
Selesai pak.
sudah selesai
sdh selesai
udh selesai bu
udah beres
Sudah ditindaklanjuti
sdh ditindaklanjuti
sudah di tindak lanjuti
sudah ditindak lanjuti pak
sudah kami tindaklanjuti
sdh kami tindak lanjuti pak
Siap, sudah kami tindaklanjuti di LAPOR
sudah di TL pak
sdh TL
Sudah ditl
sudah dijawab
sudah dijawab di lapor
sdh dibalas di SP4N LAPOR
sudah direspon
Sudah kami respon di aplikasi
sudah ditanggapi kemarin
telah selesai ditindaklanjuti
tlh kami tindaklanjuti
Telah kami jawab melalui aplikasi SP4N-LAPOR!
sudah tuntas
sdh rampung
wis rampung pak
sampun rampung
sudah kelar
sudah clear pak
done
done pak
finish
sudah diperbaiki
lampunya sudah diperbaiki kemarin
sudah kami tangani pak
sudah ditangani tim lapangan
lubang jalan sudah ditambal
sudah dibersihkan pak
sampah sudah diangkut
Assalamualaikum, mohon izin melaporkan, sudah ditindaklanjuti
mohon maaf sudah selesai dari kemarin
mohon ijin pak sdh selesai
sudah selesai, tidak ada kendala
Sudah selesai. Tidak ada masalah pak.
sudah selesai mohon dicek
sudah ditindaklanjuti mohon dicek kembali
sudah selesai ya pak
alhamdulillah sudah selesai
sudahhh selesaiii
sudah slesai
sdh selesei
sudah ditindaklanjti
jawaban sudah kami kirim
sudah kami upload jawabannya
jawaban sudah diinput di lapor
sudah dilakukan perbaikan
sudah dilakukan penanganan oleh tim
sudah kami tindaklanjuti tanggal 12/8
sudah ditindaklanjuti tgl 10 agustus
sudah kami tindaklanjuti hari Senin
sudah kami jawab tadi pagi
hari ini sudah selesai
sudah selesai hari ini
sudah dicek dan sudah diperbaiki
proses sudah selesai
sudah selesai diproses
la mare pak
ampon mare
Sudah selesai. Apa perlu foto?
laporan 1916449 sudah ditindaklanjuti
1916449 sudah
1916449 1
#7KX sudah
kode 7KX selesai
sudah kami tindaklanjuti, terima kasih atas pengingatnya
sudah kami kerjakan
Baik pak, sudah dijawab oleh admin kami
sudah kami tindak lanjuti dan akan kami laporkan ke pimpinan
sudah terbalas pak
sdh ditindak lanjuti oleh bidang bina marga
sudah ditindaklanjuti sesuai SOP
barusan kami jawab di lapor
Yth. Admin, laporan tersebut sudah kami tindaklanjuti.
sudah semua pak
selesai diperbaiki
lampu sudah menyala
sudah selesai kok pak
sdh sy bls di lapor
nggih sampun
dengan ini kami sampaikan bahwa laporan tersebut telah ditindaklanjuti
Sdh ditangani dan sdh dilaporkan di aplikasi
sudah kami hubungi pelapor, laporan selesai
Laporan 1916449 sudah ditindaklanjuti oleh petugas pada hari Selasa 11 Agustus 2026
Sudah selesai dikerjakan tanggal 11 Agustus 2026
sudah ditindaklanjuti, jawaban menyusul Jumat
sudah normal kembali
la mareh ndan
so beres pak
so ada kase beres kemarin
su selesai bapa
sa su balas di aplikasi bapa
sudahmi pak
sdh di eksekusi pak
Kan sudah kami jawab dari hari senin!!
yg kmrn sdh pak
selesai foto terlampir
1, terima kasih
1 (satu)
sdh d tindak lanjuti
sdh d jwb
selesai 100%
sudah dikerjakan, foto menyusul besok
sudah selesai. besok saya laporkan ke pimpinan
sdh selesai td pagi pak, sdh kami upload jg di lapor
MAN-2026-0001 sudah ditindaklanjuti
Laporan no. 1.916.449 sdh selesai
sudah ditambal biaya Rp 1.500.000
hubungi 081200000001 sudah selesai
sudah selesai, tapi fotonya menyusul
sudah selesai tapi maaf baru lapor
mohon maaf terlambat tapi sudah selesai
2 lampu sudah menyala
jl. raya no 45 sdh kami tambal
sdh sy bersihkan pak
9900346 (2 hari kerja, #K7X) – batas 18 Agustus 2026 sdh
9900346 (2 hari kerja, #K7X) – batas 18 Agustus 2026\nsdh pak
1 (sudah)
id 9900346 sdh
tracking id : 9900346 - sudah
sudah pada tanggal 4 Agustus kami tindaklanjuti
sudah kami datangi dan kami perbaiki
sudah dicek dan sudah diperbaiki
sudah dilakukan kegiatan perbaikan
informasi dari warga sudah kami tindaklanjuti
sudah kami tangani, kami akan cek kembali
sudah selesai, silakan dicek dulu
so selesai pak
so beres pak laporannya
sudah mi pak
selesai mi
sudah dikerja mi pak
sudah kami lakukan penambalan pada hari Senin kemarin
Sudah dong pak, cek aja
sudah sekarang
bukan kewenangan kami tapi sudah kami tangani
Dinas PUPR menyampaikan bahwa laporan telah ditindaklanjuti
satu
1 (satu) pak
sampun dipun tindaklanjuti
jwbn sdh diupload ke sp4n
maaf baru balas, sdh ditindaklanjuti dari kemarin
mhn maaf baru sempat balas. Sudah selesai
maaf pak baru buka wa, sdh diperbaiki
tiga titik sudah ditambal
sampahnya sdh bersih pak
saluran sudah lancar lagi
sdh selesai dari dulu
sdh pak sdh
eh sudah
maaf 1
wes tak jawab nang lapor pak
wis mari cak
telah dilaksanakan pembersihan
sudah dilaksanakan pada hari selasa
"""

IN_PROCESS = """
belumpi pak, sementara mi dikerja
sudah dilakukan survey
2
2 pak
2. sedang diproses
2 sedang diproses
proses
proses pak
dalam proses
dlm proses
diproses
sedang diproses
sdg diproses
sdg di proses
msh proses
masih dalam proses
masih diproses
on proses
on progress
on process pak
sedang kami proses
kami proses
sudah kami proses
sdh diproses
sudah dalam proses
sedang ditindaklanjuti
sdg kami tindak lanjuti
masih dikerjakan
lagi dikerjakan pak
lg diperbaiki
sedang perbaikan
masih tahap pengecekan
sedang dikoordinasikan dengan bidang
masih koordinasi dengan PLN
sudah dikoordinasikan dengan PLN
sudah dicek ke lokasi
sudah disurvei
sudah kami teruskan ke bidang teknis
Sudah kami disposisikan ke bidang
Mohon izin Bapak, untuk laporan tersebut masih kami koordinasikan dgn DLH
pelapor sudah kami hubungi
Sudah kami sampaikan ke bidang terkait, mohon ditunggu hasilnya
sudah dijadwalkan
belum selesai, masih dikerjakan
blm selesai masih proses
belum selesai msh proses pak
sudah ditindaklanjuti tapi belum selesai
sudah ditindaklanjuti, masih proses perbaikan
sudah dikerjakan tapi blm tuntas
sudah dicek, akan diperbaiki
sudah hampir selesai
hampir selesai
sudah 80% dikerjakan
sudah selesai 80 persen
sebagian sudah selesai
sudah selesai sebagian
sudah mulai dikerjakan
yang kemarin sudah selesai, yang ini masih proses
sudah ditindaklanjuti dan akan segera diselesaikan
masih menunggu hasil survei
tasih proses pak
durung rampung, isih digarap
gik eproses pak
masih nunggu material, sedang dikerjakan
sedang kami proses hari ini
masih proses sejak 10/8
progres pak
otw lokasi
siap pak masih dalam penanganan
sudah ditindaklanjuti namun belum tuntas
sedang menunggu persetujuan
sedang diproses 1916449
sudah selesai survei, sedang disusun jawabannya
laporan tgl 10/8 masih proses
tinggal finishing, sudah dikerjakan
laporan sudah disampaikan ke bidang
sudah ditindaklanjuti tetapi belum maksimal
telah dilakukan survei lokasi
progress 75%
masih menunggu anggaran
siap, kami proses
tim kami sudah turun ke lokasi
separo sdh dikerjakan
sudah dikerjakan namun hujan jd berhenti dulu
sdh 2x kami perbaiki tp rusak lg
sudah ditambal, tapi aspalnya mengelupas
2 belum selesai
sudah saya perintahkan ke kabid untuk ditindaklanjuti
sudah saya perintahkan diselesaikan hari ini
sudah kami tugaskan UPT menangani
sudah saya suruh kerjakan
sudah ada tim yang menangani
sudah saya serahkan ke pak budi yang menangani
sudah kami teruskan ke pihak yang menangani
sudah kami koordinasikan dengan bidang yang ditugaskan memperbaiki
sudah dibuatkan surat tugas untuk diperbaiki
sudah dianggarkan utk diperbaiki tahun depan
sudah kami bahas dan disepakati diperbaiki bulan depan
sudah waktunya diperbaiki
sudah pernah ditangani 2 tahun lalu
dulu sudah diperbaiki, sekarang rusak lagi
sudah diperbaiki, sekarang berlubang lg
sementara dikerja pak
ijek diproses pak
progres sampai dengan hari ini mencapai 65%
progres sampai dengan 12 agustus 70%
sebagian bukan kewenangan kami, sebagian sudah kami kerjakan
sudah diperbaiki sementara, permanennya nanti
sudah ditambal darurat, menunggu pengaspalan
sudah ditambal, tinggal menunggu pengaspalan
dua
nomor dua pak
maksudnya proses
eh maksud saya masih proses
sdh dipasang rambu dulu
sudah dipasang rambu peringatan
sudah kami tangani dulu
4 lubang, 1 sudah ditambal
5 titik, 3 titik sudah ditambal
3 dari 5 titik sdh ditambal
dari 4 lampu, 2 sudah diganti
satu sudah selesai
alat sudah datang langsung dikerjakan
hari senin kami sudah ke lokasi tapi warganya ga ada
nembe dipun proses
maaf maksud saya 2
saat ini masih dalam tahap pengerjaan
tim sedang bekerja
sudah dilaksanakan rapat
sudah dilaksanakan peninjauan lapangan
lampu yg mati 10, yg sdh diganti 6
"""

NOT_OURS = """
itu bukan kitong pu bagian bapa
bukan torang pe urusan itu
3
3 pak
3. bukan kewenangan kami
3 bukan kewenangan
bukan kewenangan kami
bkn kewenangan kami
bukan wewenang kami
bukan ranah kami
bukan tupoksi kami
bkn tupoksi dinas kami
tidak termasuk kewenangan kami
tdk masuk kewenangan kami
kami tidak berwenang
sudah bukan kewenangan kami
ini bukan kewenangan dinas kami tapi PUPR
di luar kewenangan kami
diluar wewenang dinas
bukan tugas kami
bukan urusan dinas kami
bukan wilayah kami
salah alamat pak
salah disposisi
sepertinya salah disposisi pak
mohon dialihkan ke Dinas PUPR
mohon dilimpahkan ke dinas perhubungan
tolong didisposisikan ulang
mohon disposisikan ke Dinas Pertanian
mohon didisposisi ulang ke BPBD
mohon didispokan ke dishub
sudah kami cek, bukan kewenangan kami
mohon maaf bukan kewenangan kami
merupakan kewenangan provinsi
itu kewenangan pemerintah provinsi
dudu wewenange kami
sanes kewenangan kami
bukan kewenagan kami
1916449 bukan kewenangan kami
bukan dinas kami
bukan wilayah kerja kami pak
itu bukan jalan kami
Untuk laporan tersebut kewenangan Balai Besar pak, bukan kami
bukan kami
1916449 3
bukan jalan kabupaten, kewenangan provinsi
tolong dikembalikan ke admin, bukan bidang kami
sudah kami jawab bahwa bukan kewenangan kami
Bukan kewenangan
Bukan kewenangan kami, tapi kewenangan Dinas Perhubungan
Laporan ini bukan kewenangan Dinas PUPR, melainkan Dinas Perkim
Mohon maaf, untuk laporan ini bukan kewenangan kami melainkan kewenangan Dinas Perhubungan
menurut kami bukan kewenangan kami
bukan kewenangan kami, tapi akan kami bantu teruskan ke provinsi
bukan kewenangan kami tapi kami bantu koordinasikan
sepertinya bukan kewenangan kami
tiga
laporan ini bukan untuk kami
itu jalan provinsi pak
ini masuk jalan nasional
menurut kami bukan kewenangan kami
eh salah pencet, 3
tolong dipindah ke disdukcapil aja
itu aset desa, bukan kami yang kelola
ini kewenangannya BPN
"""

EXTENSION = """
bisa minta waktu lg gak pak?
4
4 pak
4. minta perpanjangan
4 minta perpanjangan
minta perpanjangan
mohon perpanjangan waktu
minta tambahan waktu
mohon tambahan waktu
mohon waktu
minta waktu pak
mohon diberi waktu
bisa minta perpanjangan?
boleh minta tambahan waktu pak?
minta perpanjangan sampai 20 agustus
Mohon perpanjangan waktu 5 hari kerja karena menunggu material
perpanjangan
perpanjangan sampai 14/8
perpanjangan sampai jumat depan ya bu
mohon kelonggaran waktu
belum selesai, minta perpanjangan
mohon penundaan batas waktu
waktunya mohon diperpanjang
1916449 minta perpanjangan
mohon waktu dulu pak
butuh tambahan waktu 3 hari
PERPANJANGAN
mhn wktu tambahan 5 hr
blm sanggup pak minta tambah waktu seminggu
bisa diperpanjang gak pak?
boleh minta perpanjangan ndak
mohon dispensasi waktu
empat
minta waktu 3 hari lagi, boleh?
boleh minta waktu sampai jumat?
minta waktu sampai senin ya, bisa?
"""

NOTE = """
vendor janji Jumat
besok saya cek dulu
kata PLN besok baru datang
rekanan menjanjikan material datang hari kamis
besok kami rapatkan dulu dgn bidang
jadwal survey lokasi tgl 19 agustus
Kamis kami turun survei lokasi bersama camat
menunggu tukang, katanya sabtu datang
insya allah bsk sy infokan perkembangannya
besok kami kabari
kami tunggu material sampai Jumat
ternyata padam lagi pak, besok kami cek
ta' taoh pak
ok
oke pak
baik
Baik, terima kasih
siap
siap pak
siap laksanakan
Siap, akan kami tindaklanjuti
terima kasih
makasih infonya
👍
ya
iya pak
nggih
belum
blm pak
belum selesai
blm selesai
belum bisa selesai
blm bisa
tidak selesai
tdk selesai
belum ditindaklanjuti
blm di tindak lanjuti
durung
durung rampung
dereng rampung pak
gi' ta' mare
ghi' ta' mare pak
bellun mare
masih belum selesai
belum diproses
akan kami tindaklanjuti
akan segera kami tindak lanjuti
segera kami selesaikan
sgr ditindaklanjuti
akan selesai
nanti kami kerjakan
secepatnya
insya Allah segera
sudah selesai?
sudah ditindaklanjuti?
apakah sudah selesai
apa sudah selesai
sudah selesai belum
sdh selesai apa belum
sudah kan pak
sudahkah diselesaikan
kapan selesai
kalau sudah selesai kami laporkan
klo sdh selesai kami kabari
setelah selesai kami laporkan
jika sudah ditindaklanjuti kami info
katanya sudah selesai
sepertinya sudah selesai
mungkin sudah selesai
harusnya sudah selesai
tolong segera diselesaikan
mohon segera ditindaklanjuti
harap diselesaikan
harus selesai
wajib ditindaklanjuti
semoga cepat selesai
bukan kewenangan kami?
apakah ini bukan kewenangan provinsi?
kalau bukan kewenangan kami bagaimana
ini kewenangan kami
tidak perlu perpanjangan
kami tidak minta tambahan waktu
perpanjangan KTP warga
apa itu perpanjangan
bukan tugas mudah
ya sudah
yaudah
iya sudah pak
sudah dibaca
sudah kami terima
sudah paham
sudah dulu ya
sudah cukup
sudah selesai rapat
selesai rapat kami cek
besok ada rapat
hari Jumat ada upacara
tidak bisa besok
besok belum bisa
Jumat belum tentu selesai
siapa yang menangani?
otw
tolong bantu
daftar penerima bantuan sosial
stop dulu pengaduannya
mulai minggu depan ada pegawai baru
1 bukan kewenangan kami
1 dan 2
12
kami kawal sampai selesai
target selesai
supaya selesai
sudah siap
sudah ada di meja pimpinan
saya sedang di luar kota
kenapa belum
mohon arahan
asal sudah selesai
dikira sudah selesai
tidak benar sudah selesai
laporan ini sudah pernah masuk
selamat pagi
tidak ada laporan
sudah mau selesai
kok belum selesai
kok sudah selesai
Belum ditindak lanjuti karena pelapor tidak dapat dihubungi
Terima kasih, akan segera kami sampaikan kepada bidang terkait
setelah lebaran
habis 17an pak
susah pak
1 belum
1 blm 2 blm
1 sdh 2 blm
1. nanti kami kerjakan
1 kalau sudah selesai kami kabari
1 tidak bisa
3 belum
3 pohon sudah ditebang
4 rumah sdh kami datangi
sudah 3 hari
surat nomor 045/1234567 terlampir
nanti setelah sudah selesai kami laporkan
akan kami laporkan jika sudah selesai
kirain sudah ditindaklanjuti
bukan berarti sudah selesai
yang penting selesai
mboten saget pak
sudah dianggarkan tahun depan
tidak jelas kewenangan siapa
bukan tugas saya, admin lama
saya kira sudah selesai
siap diproses
saya sudah pensiun
bukannya sudah selesai?
1?
kami cek dulu
tidak selesai besok
ga bisa selesai jumat
foto menyusul
mohon ditunggu
selamat sore
Kenapa belum selesai juga? Besok harus selesai!
jumat wajib sudah dijawab
akan kami tambal
9900346 (2 hari kerja, #K7X) – batas 18 Agustus 2026
Kami ingatkan laporan 9900346 tercatat belum ditindaklanjuti selama 2 hari kerja. Batas tindak lanjut: 18 Agustus 2026.
selamat siang ini dengan dinas pupr
besok setelah rapat kami kabari kalau sudah selesai
info dari kepala desa sudah diperbaiki, kami cek dulu
info dari desa sudah diperbaiki
warga bilang sudah diperbaiki sendiri
sudah selesai katanya
sudah selesai kata pak kades
sudah diperbaiki menurut info warga
sudah selesai mungkin
seingat saya sudah dijawab
sudah selesai, saya cek dulu ya
sudah diperbaiki pak, nanti saya pastikan lagi
sudah sore pak, besok lagi ya
sudah malam pak
mungkin bukan tupoksi kami
katanya bukan kewenangan kami
kata kabid bukan kewenangan kita, saya tanya lagi
sepertinya bukan kewenangan kami, kami pastikan dulu
belum tentu bukan kewenangan kami
sebagian ruas bukan kewenangan kami
tolong jangan dialihkan ke dinas lain pak, kami yang tangani
mohon dialihkan arus lalu lintasnya
mohon dikembalikan berkasnya
saya lagi dinas luar sampai jumat
masih di jakarta sampai jumat
kontrak sampai 20 agustus
sampai dengan hari ini belum ada jawaban
siap, batas waktu tgl 14 agustus
batasnya jumat ya
lurah mengatakan sudah diperbaiki
pak lurah menyampaikan sudah selesai
jawab saja sudah ditindaklanjuti
bisa jadi bukan kewenangan kami
ini sebetulnya bukan kewenangan kami tapi tetap kami bantu
warga minta selesai jumat
pelapor minta dikerjakan besok
pengerjaan terhenti sampai tgl 14
begitu alat sudah datang langsung dikerjakan
begitu material sudah ada, langsung kami kerjakan
pas alat sudah ada langsung dikerjakan
sudah sudah, jangan diingatkan terus
bukan kewenangan kami menurut pelapor, tapi kami tetap proses
bukan kewenangan kami tapi tetap kami tangani
ini jalan kabupaten
tolong kerjakan hari ini juga
kenapa minta waktu sampai jumat?
maksudnya sudah?
tidak ada kendala kewenangan, hanya dana
bukan hanya kewenangan kami
"""

# text | the promised day, or "unclear"
PROMISE = """
bukan besok tp jumat | 2026-08-14
besok pagi kitong kasi selesai bapa | 2026-08-13
bsk kami sampaikan jawabannya | 2026-08-13
minta waktu sampai jumat utk cek lokasi | 2026-08-14
besok | 2026-08-13
bsk | 2026-08-13
bsk pak | 2026-08-13
besok pagi | 2026-08-13
sesuk pak | 2026-08-13
besok selesai | 2026-08-13
akan selesai besok | 2026-08-13
besok kami tindaklanjuti | 2026-08-13
kami tindak lanjuti bsk ya pak | 2026-08-13
insya Allah besok | 2026-08-13
insyaallah besok kami jawab | 2026-08-13
blm, bsk ya | 2026-08-13
belum selesai, besok kami selesaikan | 2026-08-13
blm selesai besok kami lanjutkan | 2026-08-13
lusa | 2026-08-14
lusa kami kirim jawabannya | 2026-08-14
hari ini | 2026-08-12
hari ini kami selesaikan | 2026-08-12
hr ini sy jawab | 2026-08-12
nanti sore kami upload | 2026-08-12
siang ini kami jawab | 2026-08-12
Jumat | 2026-08-14
jum'at | 2026-08-14
hari Jumat pak | 2026-08-14
Jumat ini selesai | 2026-08-14
Jumat depan | 2026-08-21
Jumat minggu depan kami selesaikan | 2026-08-21
Senin pagi | 2026-08-17
senin | 2026-08-17
kami selesaikan hari Senin | 2026-08-17
Selasa ya pak | 2026-08-18
besok Senin kami kerjakan | 2026-08-17
kamis besok | 2026-08-13
14/8 | 2026-08-14
selesai 14/8 | 2026-08-14
12/8 | 2026-08-12
14-08-2026 | 2026-08-14
14/08/2026 | 2026-08-14
14.08.2026 kami jawab | 2026-08-14
2026-08-14 | 2026-08-14
14/8/26 | 2026-08-14
14 Agustus | 2026-08-14
14 agt kami selesaikan | 2026-08-14
14 Agustus 2026 | 2026-08-14
tgl 14 | 2026-08-14
tgl14 | 2026-08-14
tgl. 14 kami jawab | 2026-08-14
tanggal 18 agustus kami tindaklanjuti | 2026-08-18
3 hari lagi | 2026-08-15
tiga hari lagi | 2026-08-15
2-3 hari lagi selesai | 2026-08-15
3 hari kerja lagi | 2026-08-18
dalam 3 hari kami selesaikan | 2026-08-15
butuh waktu 2 hari | 2026-08-14
seminggu lagi | 2026-08-19
1 minggu lagi | 2026-08-19
2x24 jam kami jawab | 2026-08-14
akhir bulan | 2026-08-31
akhir bulan ini selesai | 2026-08-31
minggu ini kami selesaikan | 2026-08-14
minggu depan selesai | 2026-08-21
paling lambat Jumat | 2026-08-14
target selesai Jumat | 2026-08-14
mohon waktu sampai Jumat | 2026-08-14
tunggu sampai Jumat | 2026-08-14
masih proses, selesai Jumat | 2026-08-14
sedang diproses, besok kami jawab | 2026-08-13
sudah dicek, besok diperbaiki | 2026-08-13
sudah kami tindak lanjuti, besok selesai | 2026-08-13
besok kami cek, hari Jumat selesai | 2026-08-14
Senin sampai Selasa kami kerjakan | 2026-08-18
Jumat tanggal 14 | 2026-08-14
1916449 besok | 2026-08-13
1916449 selesai 14/8 | 2026-08-14
siap, paling lambat tgl 14 sudah selesai | 2026-08-14
besok sudah selesai | 2026-08-13
sudah, besok saya upload | 2026-08-13
belum pak. besok ya | 2026-08-13
jumat ga selesai, senin ya | 2026-08-17
mohon waktu 2 hari | 2026-08-14
jam 3 nanti kami upload | 2026-08-12
besok mulai dikerjakan | 2026-08-13
gik ta' mare pak, lagghuna | 2026-08-13
durung mas, sesuk | 2026-08-13
minta waktu s/d jumat | 2026-08-14
Akan kami tindak lanjuti paling lambat 3 hari kerja | 2026-08-18
Baik, akan kami tindaklanjuti pada tanggal 14 Agustus 2026 | 2026-08-14
Siap, hari Selasa tanggal 18 Agustus kami selesaikan | 2026-08-18
InsyaAllah hari Jumat selesai pak | 2026-08-14
Belum, alat berat rusak. Senin dikerjakan | 2026-08-17
Tim akan turun hari Kamis | 2026-08-13
Sudah ditinjau lapangan, perbaikan dijadwalkan Jumat | 2026-08-14
sudah dijadwalkan hari Jumat | 2026-08-14
Laporan #1916449: besok | 2026-08-13
13 Agustus 2026 pukul 10.00 kami selesaikan | 2026-08-13
minggu depan hari Rabu kami jawab | 2026-08-19
hari Kamis minggu ini selesai | 2026-08-13
bsok pagi tim ksana utk perbaikan | 2026-08-13
kami targetkan selesai tanggal 19 agustus | 2026-08-19
Senin tgl 18 kami selesaikan | unclear
baik pak, akan kami tindaklanjuti hari Jumat | 2026-08-14
minggu depan | 2026-08-21
kami usahakan besok | 2026-08-13
mangke sonten, besok kami selesaikan | 2026-08-13
20 agustus sudah selesai | 2026-08-20
Rabu | unclear
10/8 kami selesaikan | unclear
Senin atau Selasa kami selesaikan | unclear
Kamis tanggal 14 kami selesaikan | unclear
31/2 kami jawab | unclear
tanggal 5 | unclear
Jumat sudah selesai | 2026-08-14
2 hr lg pak | 2026-08-14
seminggu lg | 2026-08-19
lg 2 hari pak | 2026-08-14
3 hari kerja lg selesai | 2026-08-18
beri kami waktu 3 hari kerja | 2026-08-18
sore ini pak | 2026-08-12
tgl 18 bulan 8 | 2026-08-18
tgl 18 bln agustus kami jawab | 2026-08-18
tgl 25 bulan ini kami kerjakan | 2026-08-25
tgl 1 bulan depan | 2026-09-01
blm bs besok pak, senin baru bs | 2026-08-17
besok bs pak | 2026-08-13
laporan tgl 10 agustus itu besok kami jawab | 2026-08-13
laporan 10/8 kami selesaikan 14/8 | 2026-08-14
mbenjing enjing pak | 2026-08-13
secepatnya pak, max besok | 2026-08-13
plg lambat lusa | 2026-08-14
hari rabu tgl 19 | 2026-08-19
Senin tgl 24 kami selesaikan | 2026-08-24
minggu depan lah pak | 2026-08-21
14 - 18 agustus kami kerjakan | 2026-08-18
Kamis - Jumat kami kerjakan | 2026-08-14
kami agendakan selasa dpn | 2026-08-18
mlm ini sy kerjakan jawabannya | 2026-08-12
kami jadwalkan tgl 19-21 agst | 2026-08-21
estimasi selesai 20 agst | 2026-08-20
eh lusa mksdnya | 2026-08-14
ralat, senin | 2026-08-17
jadinya jumat pak | 2026-08-14
tggu 2 hr lg ya pak | 2026-08-14
besok atau lusa | unclear
setelah tgl 17 kami kerjakan | unclear
habis tanggal 17 pak | unclear
selambat-lambatnya hari Jumat tgl 14 Agustus 2026 | 2026-08-14
sebelum jumat | 2026-08-14
besok jo pak | 2026-08-13
besok pi pak baru dikerja | 2026-08-13
mungkin besok selesai | unclear
semoga besok selesai | unclear
seharusnya jumat selesai | unclear
paling cepat jumat | unclear
mungkin jumat | unclear
kami selesaikan sebelum batas waktu tgl 14 | 2026-08-14
minta maaf besok kami kerjakan | 2026-08-13
kami minta jumat selesai | 2026-08-14
minta waktu seminggu | 2026-08-19
minta tempo seminggu | 2026-08-19
dipun garap benjing | 2026-08-13
tolong beri waktu sampai jumat | 2026-08-14
koreksi: jumat | 2026-08-14
besok bersih pak | 2026-08-13
maaf mundur ke selasa | 2026-08-18
harapannya minggu ini sudah selesai | unclear
bsk tak kerjakan pak | 2026-08-13
kerjakan besok | 2026-08-13
"""

# text | what it says of 9900346 | of 9900351; "ask" where it is not certain
SEVERAL = r"""
9900346 masih proses, yg sdh 9900351 | in_process | done
maaf yg 9900346 blm, yg sdh 9900351 | note | done
9900346 masih proses, yg 9900351 | ask | ask
9900346 sdh, 9900351 msh proses | done | in_process
9900346 selesai dan 9900351 bkn kewenangan kami | done | not_ours
9900346 bkn kewenangan kami, yg 9900351 sdh selesai | not_ours | done
no 9900346 sdh, no. 9900351 bsk | done | promise
9900346: 1. 9900351: 2. | done | in_process
9900346 1\n9900351 3 | done | not_ours
1. 9900346 sdh selesai\n2. 9900351 msh proses | done | in_process
Izin melaporkan pak:\n- 9900346: sdh diperbaiki\n- 9900351: Jumat\nTrims | done | promise
9900346 (sdh), 9900351 (blm) | done | note
9900346 n 9900351 proses | in_process | in_process
9900346 dan 9900351 sdh selesai | done | done
9900346, 9900351 sdh | done | done
sdh selesai 9900346, msh proses 9900351 | done | in_process
sdh selesai 9900346 dan 9900351 | done | done
yg sdh: 9900346. yg blm: 9900351 | done | note
9900346 sudah tetapi 9900351 belum bisa | done | note
9900351 belum, tapi 9900346 sudah | done | note
9900346 (2 hari kerja, #K7X) – batas 18 Mei 2026 sdh\n9900351 (1 hari kerja, #K8X) – batas 19 Mei 2026 blm | done | note
9900351 bkn kewenangan kami sedangkan 9900346 sdh | done | not_ours
9900346 sdh, 9900351 sdh blm? | done | note
9900346 duplikat dgn 9900351 | ask | ask
9900346 sdh kecuali 9900351 | ask | ask
bukan 9900346 tapi 9900351 yg sdh | ask | ask
nunggu PLN 9900346, sdh selesai 9900351 fotonya menyusul | ask | ask
9900346 nunggu PLN, sdh selesai 9900351 kemarin | ask | ask
Izin melaporkan: 9900346 sdh, 9900351 | ask | ask
Sudah kami cek semua. 9900346 sdh, 9900351 | ask | ask
9900346 bkn kewenangan kami, 9900351 jg | ask | ask
9900346 dan 9900351 dobel, yg satu sdh selesai | ask | ask
9900346 atau 9900351 sudah | ask | ask
"""

# Questions about ASPAL itself and requests to be left alone, and what answers them.
ASKED = """
tolong kirim daftar laporan kami pak | daftar
kpn batas waktunya? | daftar
ini laporan yg mana lagi ya? | daftar
Daftar pak | daftar
minta daftar laporan min | daftar
laporannya apa ya pak? | daftar
ini laporan yg mana ya | daftar
yg mana pak? | daftar
isinya apa pak laporannya | daftar
linknya mana | daftar
permisi, laporan yg dimaksud apa ya | daftar
dimana sy bs lihat laporannya? | daftar
ada brp laporan yg blm? | daftar
nomor berapa ya | daftar
mohon izin bertanya, laporan apa saja ya yg blm | daftar
daftar laporan saya apa saja | daftar
yg mana saja yg blm dijawab? | daftar
bagaimana laporannya pak? | daftar
ini siapa? | bantuan
ini apa ya? | bantuan
dapat nomor saya dari mana | bantuan
Maaf ini dengan siapa ya | bantuan
maaf pak ini nomor siapa ya? | bantuan
cara jawabnya gmn pak? | bantuan
bagaimana cara membalasnya | bantuan
ini maksudnya apa ya? | bantuan
bantuan pak | bantuan
stop pak | bantuan
jangan kirim lagi | bantuan
jgn wa saya lagi | bantuan
tolong berhenti kirim pesan ke nomor ini | bantuan
kenapa sy dpt pesan ini | mengapa
kenapa saya di wa terus? | mengapa
kenapa saya dikirimi ini | mengapa
ini wa siapa? | bantuan
besok saya cuti | cuti
sy cuti tgl 13 | cuti
izin cuti pak | cuti
saya cuti sampai senin, pengganti bu Rina | cuti
mulai besok saya cuti melahirkan | cuti
"""

# As like them as can be, and said of a case.
NOT_ASKED = """
daftar penerima bantuan terlampir
sudah masuk daftar
siapa yang menangani?
apa sdh ada yg jawab?
laporan 9900346 yg mana ya
kapan laporannya selesai
laporan apa saja sudah selesai
ini bukan laporan kami
dari mana tahunya belum selesai
jangan dikirim ke pimpinan dulu
stop dulu pak
kenapa belum
berapa biayanya
siap
apa boleh buat pak
petugasnya cuti tgl 13
habis cuti saya kerjakan
cuti bersama
tim kami cuti sampai senin
"""
