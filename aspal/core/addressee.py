"""To whom an official letter to a unit goes: the office of whoever leads it, never a person's name. Pure."""

from collections.abc import Sequence

# How a unit's name begins -> the title that stands there instead; "{}": the title goes before the whole name. The
# longer beginning comes first.
_BY_NAME: Sequence[tuple[str, str]] = (
    ("pemerintah kabupaten", "Bupati"), ("pemkab", "Bupati"), ("kabupaten", "Bupati"), ("bupati", "Bupati"),
    ("pemerintah kota", "Wali Kota"), ("pemkot", "Wali Kota"), ("kota", "Wali Kota"), ("wali kota", "Wali Kota"),
    ("pemerintah provinsi", "Gubernur"), ("pemprov", "Gubernur"), ("provinsi", "Gubernur"),
    ("sekretariat daerah", "Sekretaris Daerah"), ("setda", "Sekretaris Daerah"), ("sekretariat", "Sekretaris"),
    ("inspektorat", "Inspektur"),
    ("kantor kecamatan", "Camat"), ("kantor camat", "Camat"), ("kecamatan", "Camat"), ("camat", "Camat"),
    ("kantor kelurahan", "Lurah"), ("kantor lurah", "Lurah"), ("kelurahan", "Lurah"), ("lurah", "Lurah"),
    ("pemerintah desa", "Kepala Desa"), ("kantor desa", "Kepala Desa"), ("kepala desa", "Kepala Desa"),
    ("desa", "Kepala Desa"), ("nagari", "Wali Nagari"),
    ("rsud", "Direktur {}"), ("rumah sakit", "Direktur {}"), ("rs", "Direktur {}"),
    # The Sekda heads the agency by office; who leads its work is the Kepala Pelaksana.
    ("badan penanggulangan bencana daerah", "Kepala Pelaksana {}"), ("bpbd", "Kepala Pelaksana {}"),
    ("badan usaha", "Pimpinan {}"), ("bumd", "Pimpinan {}"),
    *((word, "Kepala {}") for word in (
        "dinas", "badan", "bagian", "kantor", "satuan", "satpol", "bidang", "balai", "puskesmas", "uptd", "upt",
        "unit pelaksana", "distrik",
    )),
)  # fmt: skip
_BY_KIND = {
    "kecamatan": "Camat {}", "kelurahan": "Lurah {}", "desa": "Kepala Desa {}", "rsud": "Direktur {}"
}  # fmt: skip


def addressee(name: str, kind: str) -> str:
    """ "Camat Muara Pandan", "Kepala Dinas Kesehatan"; "Pimpinan …" where neither name nor kind tells the title."""
    words = " ".join(name.split())
    folded = f"{words} ".casefold()
    for beginning, title in _BY_NAME:
        if folded.startswith(f"{beginning} "):
            rest = words[len(beginning) :].strip()
            return title.format(words) if "{}" in title else f"{title} {rest}".strip()
    return _BY_KIND.get(kind, "Pimpinan {}").format(words)
