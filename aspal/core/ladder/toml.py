"""A ladder as the TOML that an office edits in a text editor. Pure; the standard library only reads TOML."""

import json
from collections.abc import Mapping
from typing import Any

_HEAD = "# Aturan eskalasi ASPAL. Semua hari adalah hari kerja; hari disposisi adalah hari ke-0.\n"


def to_toml(data: Mapping[str, Any]) -> str:
    """What `ladder_data` gives, so that `tomllib.loads` gives it back."""
    lines = [_HEAD, "[batas]"]
    for name, limit in data["batas"].items():
        inner = ", ".join(f"{key} = {_value(value)}" for key, value in limit.items())
        lines.append(f"{name} = {{ {inner} }}")
    lines += ["", "[pagu]", *_pairs(data["pagu"])]
    for table in ("langkah", "rekap"):
        for item in data[table]:
            lines += ["", f"[[{table}]]", *_pairs(item)]
    return "\n".join(lines) + "\n"


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    # JSON writes strings, numbers and truth as TOML does, but for the one control sign that TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
