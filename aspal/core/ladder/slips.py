"""What is written in a file of rules and nobody reads: a slip of the pen that would change nothing, unnoticed. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from aspal.core.ladder.data import ladder_data, ladder_from

_ASIDE = "version"  # as `aspal ladder show --json` prints it


def slips(data: Mapping[str, Any]) -> list[str]:
    """The unknown names outside the steps, which are refused while they are read. For data that is a ladder."""
    known = ladder_data(ladder_from(data))
    return sorted({*_unknown(data, known), *_in_parts(data, known)} - {_ASIDE})


def _in_parts(data: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    yield from _unknown(data.get("pagu", {}), known["pagu"])
    yield from _unknown(data["batas"], known["batas"])
    for name, limit in known["batas"].items():
        yield from _unknown(data["batas"][name], limit)
    for said, recap in zip(data.get("rekap", ()), known["rekap"], strict=True):
        yield from _unknown(said, recap)


def _unknown(said: Mapping[str, Any], known: Mapping[str, Any]) -> set[str]:
    return set(said) - set(known)
