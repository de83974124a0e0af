"""What messages cost: a count of each category times the office's price for one. Pure.

The prices are the office's own entry: WhatsApp's differ by country and change, and the provider adds its fee.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

CATEGORIES = ("utility", "marketing", "authentication", "service")  # service: free text within the 24-hour window
DEFAULT_PRICES: Mapping[str, int] = {"utility": 400, "marketing": 750, "authentication": 500, "service": 0}  # rupiah


@dataclass(frozen=True, slots=True)
class Month:
    """What left in one month, by category."""

    first: date
    counts: Mapping[str, int]
    prices: Mapping[str, int]

    @property
    def total(self) -> int:
        """Messages."""
        return sum(self.counts.values())

    def cost_of(self, category: str) -> int:
        """Rupiah."""
        return self.counts.get(category, 0) * self.prices.get(category, 0)

    @property
    def cost(self) -> int:
        """Rupiah."""
        return sum(self.cost_of(category) for category in self.counts)


def by_month(
    sent: Iterable[tuple[date, str | None, int]], filed_as: Mapping[str, str], prices: Mapping[str, int]
) -> list[Month]:
    """One line a month, oldest first. A kind that WhatsApp has not filed yet is taken for utility."""
    months: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for day, kind, count in sent:
        category = filed_as.get(kind, "utility") if kind else "service"
        months[day.replace(day=1)][category] += count
    return [Month(first, dict(counts), prices) for first, counts in sorted(months.items())]


def by_kind(sent: Iterable[tuple[date, str | None, int]], first: date) -> list[tuple[str | None, int]]:
    """How many of each kind left in that month, the commonest first."""
    counts: dict[str | None, int] = defaultdict(int)
    for day, kind, count in sent:
        if day.replace(day=1) == first:
            counts[kind] += count
    return sorted(counts.items(), key=lambda one: (-one[1], one[0] or ""))
