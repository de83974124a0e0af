"""What is to be reached: for each key the figure that it must have and the one that it aims at."""

from collections.abc import Mapping
from dataclasses import dataclass

MISSED, MUST, AIM = "MISSED", "must", "aim"


@dataclass(frozen=True)
class Target:
    """`most`: the figure must not be above; otherwise not below."""

    key: str
    words: str
    unit: str
    must: float
    aim: float
    most: bool = True

    def verdict(self, figure: float, slack: float = 1.0) -> str:
        """How far the figure gets; `slack` widens the must."""
        if self._holds(figure, self.aim):
            return AIM
        return MUST if self._holds(figure, self.must * slack if self.most else self.must / slack) else MISSED

    def _holds(self, figure: float, bound: float) -> bool:
        return figure <= bound if self.most else figure >= bound


TARGETS = (
    Target("send_cpu_ratio_sqlite", "CPU a message, due case to marked message / bare SDK", "x", 1.0, 0.5),
    Target("send_cpu_ratio_postgres", "the same on PostgreSQL (the sender's CPU)", "x", 1.0, 0.5),
    Target("send_rate_one_core", "messages a second, one sender on one core", "/s", 1000, 2500, most=False),
    Target("scan_idle_ms_1m", "scan with nothing due over the many open", "ms", 2.0, 1.0),
    Target("scan_idle_growth", "the same / over the few open", "x", 2.0, 1.3),
    Target("plan_10k_s", "due cases of the many open planned", "s", 1.5, 0.6),
    Target("inbound_ratio_sqlite", "signed replies stored / bare route that inserts", "x", 0.9, 1.25, most=False),
    Target("inbound_ratio_postgres", "the same on PostgreSQL", "x", 0.8, 0.95, most=False),
    Target("inbound_p99_ms", "slowest hundredth of the answers, 16 connections", "ms", 100, 50),
    Target("rss_sender_mb", "peak memory of the sender among the many open", "MB", 100, 64),
    Target("rss_web_mb", "peak memory of the web process under load", "MB", 120, 90),
    Target("cron_idle_ratio", "idle `aspal run tick` / bare `import sqlalchemy`", "x", 2.0, 1.2),
    Target("import_100k_ratio", "export previewed and applied / read and inserted bare", "x", 15, 8),
    Target("import_rss_mb", "peak memory of that import", "MB", 400, 250),
    Target("page_p95_ms", "slow requests (p95) of the slowest page over the many complaints", "ms", 150, 60),
    Target("page_queries", "questions to the database of the page that asks most", "", 30, 15),
    Target("report_100k_s", "the slowest report or document about the many", "s", 2.0, 1.0),
    Target("report_rss_mb", "peak memory of these reports", "MB", 300, 120),
)
# Nothing may be lost, told twice or left hanging; there is no nearly.
FAULTS = ("reset_after_accept", "too_many_requests", "error_after_accept", "hang_after_accept", "kill")
COUNTED = ("doubled", "lost", "stuck")
FAULT_TARGETS = tuple(
    Target(f"fault_{fault}_{what}", f"{fault.replace('_', ' ')}: messages {what}", "", 0, 0)
    for fault in FAULTS
    for what in COUNTED
)


def verdicts(figures: Mapping[str, float], slack: float) -> dict[str, str]:
    """A verdict for each figure that was measured."""
    found = {}
    for target in (*TARGETS, *FAULT_TARGETS):
        if target.key in figures:
            room = 1.0 if target in FAULT_TARGETS else slack
            found[target.key] = target.verdict(figures[target.key], room)
    return found
