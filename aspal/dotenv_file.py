"""`.env`: read strictly, so that a slip of the pen is told instead of leaving a default in force."""

from collections.abc import Collection, Iterator
from io import StringIO
from pathlib import Path


class DotenvProblem(Exception):
    """Why the file cannot be used, in words for an admin; never with what stands in it."""


def read(file: Path) -> dict[str, str]:
    """Name -> value, as they are written; nothing when there is no such file. Raises DotenvProblem."""
    text = _text(file)
    if not text:
        return {}
    from dotenv import dotenv_values
    from dotenv.parser import parse_stream

    for line in parse_stream(StringIO(text)):
        is_bare = line.key is not None and line.value is None  # such as NAME or NAME:value
        if line.error or is_bare or "\n" in (line.value or ""):  # a quote closed lines later has swallowed these
            raise DotenvProblem(
                f"baris {line.original.line} bukan NAMA=nilai; periksa tanda = dan apakah tanda kutipnya ditutup"
            )
    return {name: value for name, value in dotenv_values(stream=StringIO(text)).items() if value is not None}


def strangers(names: Collection[str], known: Collection[str]) -> Iterator[str]:
    """A sentence about each name that means nothing, with the one that may have been meant."""
    from difflib import get_close_matches

    for name in names:
        if name not in known:
            meant = get_close_matches(name.upper(), known, n=1, cutoff=0.75)
            yield f"{name} tidak dikenal dan tidak dipakai" + (f"; maksudnya {meant[0]}?" if meant else "")


def doubled(file: Path) -> Iterator[str]:
    """A sentence about each name that stands there twice with two values: only the last of them holds.

    Raises DotenvProblem.
    """
    from dotenv.parser import parse_stream

    first: dict[str, tuple[int, str | None]] = {}
    for line in parse_stream(StringIO(_text(file))):
        if line.key is None:
            continue
        at, value = first.setdefault(line.key, (line.original.line, line.value))
        if value != line.value:
            twice = f"{line.key} tertulis dua kali (baris {at} dan {line.original.line})"
            yield f"{twice}; yang terakhir berlaku, hapus yang salah"


def _text(file: Path) -> str:
    """What stands in it; nothing where there is none, or a folder of that name."""
    try:
        return file.read_text("utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        return ""
    except UnicodeDecodeError:
        raise DotenvProblem("bukan teks UTF-8; simpan ulang dengan pengodean UTF-8") from None
    except OSError as error:
        if _is_out_of_sight(file):  # `runuser -u aspal` typed in /root, say
            closed = f"folder {file.parent.absolute()} tidak boleh dibuka pengguna ini"
            raise DotenvProblem(f"{closed}; jalankan aspal di folder pemasangannya") from None
        raise DotenvProblem(f"tidak dapat dibaca ({error.strerror}); jalankan sebagai pengguna pemiliknya") from None


def _is_out_of_sight(file: Path) -> bool:
    try:
        file.stat()
    except OSError:
        return True
    return False
