"""Small files that an admin hands in: TOML or JSON."""

import json
import tomllib
from pathlib import Path
from typing import Any

from aspal.commands.frame import refuse


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
