"""What two replays come to, in one or two sentences for the person who writes the rules. Pure."""

from collections import Counter
from collections.abc import Mapping

from aspal.core.ladder.words import WHOM
from aspal.core.replay.compare import by_audience
from aspal.core.words import Role

CATEGORY = "utility"  # WhatsApp's category of every template that a chain sends


def summary(now: Counter[tuple[Role, str]], draft: Counter[tuple[Role, str]], prices: Mapping[str, int]) -> list[str]:
    """ "41 pesan lebih sedikit (312 menjadi 271).", then who hears more or less, then the money."""
    before, after = by_audience(now), by_audience(draft)
    lines = [_total(before.total(), after.total())]
    lines += [
        f"{_capital(WHOM[role])} {_number(abs(after[role] - before[role]))} pesan lebih "
        f"{_way(after[role] - before[role])} ({_number(before[role])} menjadi {_number(after[role])})."
        for role in Role
        if after[role] != before[role]
    ]
    price = prices.get(CATEGORY)
    if price and before.total() != after.total():
        lines.append(f"Biaya {rupiah(before.total() * price)} menjadi {rupiah(after.total() * price)}.")
    return lines


def _total(before: int, after: int) -> str:
    if before == after:
        return f"Jumlah pesan tetap {_number(after)}."
    more = f"{_number(abs(after - before))} pesan lebih {_way(after - before)}"
    return f"Aturan baru: {more} ({_number(before)} menjadi {_number(after)})."


def _way(difference: int) -> str:
    return "banyak" if difference > 0 else "sedikit"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def rupiah(amount: int) -> str:
    """ "Rp1.250.000"."""
    return f"Rp{_number(amount)}"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
