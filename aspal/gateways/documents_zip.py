"""Archives: files from memory and from disk in one ZIP, written without holding them all."""

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

_ODD = re.compile(r"[^\w.()+-]+")


def write(target: Path | BinaryIO, entries: Iterable[tuple[str, bytes | Path]]) -> None:
    """Each entry under its name; a name that is there already gets a number."""
    seen: set[str] = set()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            name = _free(safe_name(name), seen)
            seen.add(name.casefold())
            if isinstance(content, Path):
                archive.write(content, name)
            else:
                archive.writestr(name, content)


def safe_name(name: str) -> str:
    """A name that no system takes for a path outside the archive; folders are kept."""
    parts = [_ODD.sub("_", part).strip("._") for part in name.replace("\\", "/").split("/")]
    return "/".join(part[-100:] for part in parts if part) or "berkas"


def _free(name: str, seen: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    number, wanted = 1, name
    while wanted.casefold() in seen:
        number += 1
        wanted = f"{stem}-{number}{dot}{ending}" if dot else f"{name}-{number}"
    return wanted
