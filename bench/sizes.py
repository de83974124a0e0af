"""How much work each case is given. Ratios do not depend on it much; the million does."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """`slack`: how much worse than the must a figure may be in a short run."""

    rounds: int
    due: int  # messages of one send case
    open_cases: int  # among which they are due
    few: int  # open cases against which the growth of the idle scan is measured
    many: int
    planned: int  # due at once among the many
    idle_scans: int
    inbound: int  # signed replies to one server
    ticks: int
    rows: int  # of the imported export
    fault_due: int
    hangs: float = 0.01
    reported: int = 100_000  # complaints of the one year that the rapor is about
    paged: int = 100_000  # complaints that the office's pages stand over
    requests: int = 25  # of each page
    thorough: bool = True  # faults and the many open on PostgreSQL too
    slack: float = 1.0


FULL = Sizes(3, 2_000, 100_000, 10_000, 1_000_000, 10_000, 200, 1_200, 7, 100_000, 400)
QUICK = Sizes(
    1,
    500,
    20_000,
    5_000,
    50_000,
    1_000,
    50,
    400,
    3,
    5_000,
    100,
    reported=20_000,
    paged=20_000,
    thorough=False,
    slack=1.5,
)
TINY = Sizes(
    1, 20, 100, 50, 200, 20, 3, 20, 1, 50, 20, hangs=0.0, reported=100, paged=1_000, requests=2, slack=1000.0
)  # the smoke test: right, not fast
BY_NAME = {"full": FULL, "quick": QUICK, "tiny": TINY}
