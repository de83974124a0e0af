"""What a presenter reads in the terminal."""

from datetime import datetime

from aspal.bootstrap import House
from aspal.core import wording
from aspal.core.phone import normalise
from aspal.demo.exports import NEWER
from aspal.demo.history import BY
from aspal.records import phonebook

# The chain that the room watches: a liaison, the head of that unit, and Kominfo's admin.
CAST = ("0812-0000-0010", "0812-0000-0009", "0812-0000-0006")
CASE = "9900346"
TIME = "jam"  # the file that tells other processes what time it is in the demo

TEXT = """
ASPAL, demo Kabupaten Teluk Kenanga. Semua data rekaan; tidak ada pesan yang keluar dari komputer ini.

  Alamat      {address}
  Masuk       {email}
  Kata sandi  {password}
  Jam demo    {moment}; kecepatannya diatur di halaman simulator

Yang dapat dicoba:
  1. Masuk, lalu buka {address}/simulator{phones}
     Begitu kantor buka pukul 07.30, pengingat pagi tiba, dan laporan berumur 3 hari kerja naik ke kepala OPD.
  2. Balas dari ponsel penghubung DPUPR: tekan tombol, kutip pesan, kirim foto, atau ketik "{case} selesai besok".
  3. Tekan "Jam kerja berikutnya" beberapa kali: akhir pekan dan hari libur dilompati, yang belum dijawab naik.
  4. LAPOR bergerak: impor ekspor yang lebih baru; pengingat berhenti, disposisi baru dimulai:
     {command} import roster {newer} --apply
  5. Mengapa seseorang menerima, atau tidak menerima, pesan:
     {command} why {case}

Ctrl-C untuk berhenti.
"""


def text(house: House, start: datetime, program: str) -> str:
    """Address, login and five things to try. The commands use the demo's own database and clock."""
    settings = house.settings
    folder = settings.media_dir.parent
    return TEXT.format(
        address=settings.public_base_url,
        email=BY,
        password=settings.demo_password,
        moment=wording.long_moment(start, settings.office_time_zone),
        phones=_phones(house),
        case=CASE,
        command=f"DATABASE_URL={settings.database_url} ASPAL_CLOCK=$(cat {folder / TIME}) {program}",
        newer=folder / NEWER,
    )


def _phones(house: House) -> str:
    with house.db.read() as conn:
        ids = {phone.address: phone.contact_id for phone in phonebook.phones(conn)}
    return "?" + "&".join(f"hp={ids[normalise(number)]}" for number in CAST)
