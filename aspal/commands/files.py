"""Files of the command line: small ones that an admin hands in (TOML or JSON), and where a result is to be written."""

import json
import os
import stat
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import click

from aspal.commands.frame import refuse


class GivenFile(click.Path):
    """A file that is read."""

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """One clear line when there is none."""
        file = Path(value)
        mode = _mode(file)
        if mode is None:
            refuse(f"{file}: berkas ini tidak ada")
        if stat.S_ISDIR(mode):
            refuse(f"{file}: ini folder, bukan berkas")
        if not os.access(file, os.R_OK):
            refuse(f"{file}: berkas ini tidak boleh dibaca oleh pengguna yang menjalankan perintah")
        return file


class NewFile(click.Path):
    """Where a result is written. Tried before the work begins: that the folder is missing is no news for the end."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """One clear line when nothing can be written there."""
        file = Path(value)
        mode = _mode(file)
        if mode is not None and stat.S_ISDIR(mode):
            refuse(f"{file}: ini folder; tulis juga nama berkasnya")
        if mode is not None and not stat.S_ISREG(mode):  # a finished file takes the place of what stands there
            refuse(f"{file}: bukan berkas biasa; tulis nama berkas lain")
        if file.is_symlink():
            file = file.resolve()
        try:
            tempfile.TemporaryFile(dir=file.parent).close()
            if file.exists():
                file.open("ab").close()
        except FileNotFoundError:
            refuse(f"{file}: folder {file.parent} tidak ada")
        except OSError as error:
            refuse(f"{file}: tidak dapat ditulis ({error.strerror})")
        return file


def _mode(file: Path) -> int | None:
    """What kind of file stands there; None when there is none. One clear line where nobody may look: what an admin put
    in /root is closed to the user of the services."""
    try:
        return file.stat().st_mode
    except PermissionError:
        user = "pengguna yang menjalankan perintah"
        refuse(f"{file}: folder {file.parent} tidak boleh dibuka oleh {user}; letakkan berkasnya di folder lain")
    except OSError:
        return None


def table_from(file: Path) -> dict[str, Any]:
    """The table in the file; one clear line when there is none."""
    try:
        text = file.read_text("utf-8")
        found = json.loads(text) if file.suffix.lower() == ".json" else tomllib.loads(text)
    except (UnicodeDecodeError, ValueError) as error:
        refuse(f"{file}: {error}")
    if not isinstance(found, dict):
        refuse(f"{file}: harus berupa tabel")
    return found
