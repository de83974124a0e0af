"""What a request for leave says: from when to when, and who stands in. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from aspal.core import far_days, phone
from aspal.core.replies.dates import Workdays, mentions, spans
from aspal.core.replies.words import clauses as clauses_of

_NUMBER = re.compile(r"\+?(?:62|0)[\s.-]?8[\d\s.-]{7,15}\d")


@dataclass(frozen=True, slots=True)
class Leave:
    """As much of a request as the text tells."""

    first_day: date | None = None
    last_day: date | None = None
    substitute: str | None = None  # a phone number in one spelling

    @property
    def complete(self) -> bool:
        return self.first_day is not None and self.substitute is not None

    def filled_from(self, earlier: "Leave") -> "Leave":
        """What is missing here, as it was told before."""
        first, last = (
            (self.first_day, self.last_day) if self.first_day else (earlier.first_day, earlier.last_day)
        )  # fmt: skip
        return Leave(first, last, self.substitute or earlier.substitute)


def read(text: str, today: date, calendar: Workdays) -> Leave:
    """ "12/8 - 15/8 pengganti 0812…" in any order. Days that are over, turned round or absurd are not taken."""
    substitute, rest = None, text
    for found in _NUMBER.finditer(text):
        try:
            substitute = phone.normalise(found[0])
        except phone.PhoneError:
            continue
        rest = text[: found.start()] + " , " + text[found.end() :]
    words = " ; ".join(clause.text for clause in clauses_of(rest))
    for first, last in spans(words, today, calendar):
        if first <= last and last >= today and not far_days.of_leave((first, last), today):
            return Leave(first, last, substitute)
        return Leave(substitute=substitute)
    days = {mention.day for mention in mentions(words, today, calendar)}
    day = next(iter(days)) if len(days) == 1 else None
    meant = day is not None and day >= today and not far_days.of_leave([day], today)
    return Leave(day, day, substitute) if meant else Leave(substitute=substitute)
