"""The cases in their order: rounds interleave, so that a busy moment of the machine meets unit and product alike."""

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench import children, cron, faults
from bench.children import Provider
from bench.databases import Engine
from bench.inbound import WARM_UP
from bench.machine import OTHER_CORE
from bench.sizes import Sizes

BOTH_CORES = ""


class WrongRun(Exception):
    """A case was fast but not right: what it measured does not count."""


@dataclass
class Run:
    """Collects what every round found."""

    sizes: Sizes
    engines: list[Engine]
    folder: Path
    provider: Provider
    found: dict[str, list[float]] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    def note(self, key: str, figure: float) -> None:
        self.found.setdefault(key, []).append(figure)

    def detail(self, key: str, figure: float) -> None:
        self.details.setdefault(key, []).append(round(figure, 4))

    def figures(self) -> dict[str, float]:
        """The median of the rounds."""
        return {key: round(median(values), 4) for key, values in self.found.items()}

    def spans(self) -> dict[str, tuple[float, float]]:
        return {key: (min(values), max(values)) for key, values in self.found.items()}

    # --- cases --------------------------------------------------------------------------------------------------

    def send(self) -> None:
        """The whole path for the due among many open, next to the bare loops."""
        sizes, ready = self.sizes, {}
        for engine in self.engines:
            ready[engine.name] = engine.empty("send")
            self._seed(engine, ready[engine.name], sizes.open_cases, sizes.due, sizes.open_cases // 5)
        for turn in range(sizes.rounds):
            unit = self._bare("sending.bare_sdk")
            self.detail("bare_sdk_cpu_ms", unit * 1000)
            self.detail("bare_http_cpu_ms", self._bare("sending.bare_http") * 1000)
            for engine in self.engines:
                url = engine.copy(ready[engine.name], f"send{turn}")
                told = self._product(engine, url, sizes.due)
                engine.drop(url)
                self.note(f"send_cpu_ratio_{engine.name}", told["cpu_s"] / sizes.due / unit)
                self.detail(f"send_cpu_ms_{engine.name}", told["cpu_s"] / sizes.due * 1000)
                self.detail(f"send_rate_{engine.name}", sizes.due / told["wall_s"])
                for part, used in told["parts"].items():
                    self.detail(f"{part}_cpu_ms_{engine.name}", used["cpu_s"] / sizes.due * 1000)
                if engine.postmaster:
                    self.detail("database_server_cpu_ms", told["server_s"] / sizes.due * 1000)
            self.note("send_rate_one_core", max(self.details[f"send_rate_{e.name}"][-1] for e in self.engines))

    def scan(self) -> None:
        """Nothing due, and very many due, among the many open; both engines, the slower one counts."""
        sizes = self.sizes
        idle, growth, planned = [], [], []
        for engine in self._engines():
            few, many = engine.empty("few"), engine.empty("many")
            self._seed(engine, few, sizes.few, 10)
            self._seed(engine, many, sizes.many, sizes.planned)
            for _ in range(sizes.rounds):
                small = children.run("scanning.idle", url=few, times=sizes.idle_scans)
                large = children.run("scanning.idle", url=many, times=sizes.idle_scans)
                idle.append((engine.name, large["job_ms"]))
                growth.append((engine.name, large["job_ms"] / small["job_ms"]))
            rounds = 1 if engine.postmaster else sizes.rounds  # a million rows take PostgreSQL long to copy
            for turn in range(rounds):
                url = engine.copy(many, f"plan{turn}")
                last = turn == rounds - 1
                told = self._product(engine, url, sizes.planned, only_plan=not last)
                planned.append((engine.name, sum(told["parts"][part]["wall_s"] for part in ("scan", "bundle"))))
                self.detail(f"plan_cpu_s_{engine.name}", sum(told["parts"][p]["cpu_s"] for p in ("scan", "bundle")))
                if last:
                    self.note("rss_sender_mb", told["peak_mb"])
                engine.drop(url)
            engine.drop(many)
        for key, values in (("scan_idle_ms_1m", idle), ("scan_idle_growth", growth), ("plan_10k_s", planned)):
            self._slower(key, values)
        self.found["rss_sender_mb"] = [max(self.found["rss_sender_mb"])]

    def cron(self) -> None:
        """What cron pays each minute for nothing."""
        engine = self.engines[0]
        url = engine.empty("cron")
        self._seed(engine, url, self.sizes.few, 10)
        for tick, bare in cron.measure(url, self.sizes.ticks):
            self.note("cron_idle_ratio", tick / bare)
            self.detail("cron_idle_ms", tick * 1000)
            self.detail("bare_import_ms", bare * 1000)

    def intake(self) -> None:
        """One export, bare and imported."""
        folder, engine = str(self.folder), self.engines[0]
        children.run("intake.write_files", folder=folder, rows=self.sizes.rows)
        for turn in range(self.sizes.rounds):
            bare = children.run("intake.bare", folder=folder, database=f"{folder}/bare{turn}.db")
            url = engine.empty(f"intake{turn}")
            self._seed(engine, url, 1, 2)
            told = children.run("intake.product", folder=folder, url=url)
            if told["counts"]["new"] != self.sizes.rows:
                raise WrongRun(f"import: {told['counts']}")
            self.note("import_100k_ratio", told["cpu_s"] / bare["cpu_s"])
            self.note("import_rss_mb", told["peak_mb"])
            self.details["import"] = told | {"bare_cpu_s": bare["cpu_s"]}
            engine.drop(url)

    def reports(self) -> None:
        """Every report about one crowded year; the slower engine counts, and its slowest report."""
        taken = []
        for engine in self.engines:
            url = engine.empty("reports")
            children.run("reports.seed", BOTH_CORES, url=url, complaints=self.sizes.reported)
            told = children.run("reports.every", url=url)  # once: it lasts as long as three rounds of other cases
            engine.drop(url)
            if told["total"] != self.sizes.reported:
                raise WrongRun(f"reports: {told}")
            taken.append((engine.name, max(told["seconds"].values())))
            self.note("report_rss_mb", told["peak_mb"])
            self.details[f"reports_s_{engine.name}"] = told["seconds"]
        self._slower("report_100k_s", taken)

    def pages(self) -> None:
        """Every page over an office in its second year; the slower engine counts, and its slowest page."""
        slowest = []
        for engine in self.engines:
            url = engine.empty("pages")
            children.run("pages.seed", BOTH_CORES, url=url, cases=self.sizes.paged)
            told = children.run("pages.walk", url=url, times=self.sizes.requests, cases=self.sizes.paged)["pages"]
            engine.drop(url)
            slowest.append((engine.name, max(page["p95_ms"] for page in told.values())))
            self.note("page_queries", max(page["queries"] for page in told.values()))
            self.details[f"pages_{engine.name}"] = told
        self._slower("page_p95_ms", slowest)

    def inbound(self) -> None:
        """Signed replies against the bare route, engine by engine."""
        slowest = []
        for engine in self.engines:
            url = engine.empty("inbound")
            self._seed(engine, url, 1, 2)
            for turn in range(self.sizes.rounds):
                bare = self._under_load(url, "inbound.serve_bare", turn, url=url)
                ours = self._under_load(url, "inbound.serve_product", turn, url=url, provider=self.provider.url)
                self.note(f"inbound_ratio_{engine.name}", ours["rate"] / bare["rate"])
                slowest.append((engine.name, ours["p99_ms"]))
                self.note("rss_web_mb", ours["peak_mb"])
                for name, told in (("bare", bare), ("product", ours)):
                    self.detail(f"inbound_rate_{name}_{engine.name}", told["rate"])
                    self.detail(f"inbound_cpu_ms_{name}_{engine.name}", told["cpu_s"] / self.sizes.inbound * 1000)
        self._slower("inbound_p99_ms", slowest)

    def faults(self) -> None:
        """The provider fails, or the sender dies; afterwards everybody was told once."""
        wrong = {
            "reset_after_accept": {"reset_after": 0.1}, "too_many_requests": {"429": 0.3},
            "error_after_accept": {"500_after": 0.1}, "hang_after_accept": {"hang_after": self.sizes.hangs},
            "kill": {"delay": 0.01},
        }  # fmt: skip
        for engine in self._engines():
            ready = engine.empty("faults")
            self._seed(engine, ready, self.sizes.fault_due, self.sizes.fault_due)
            planned = children.run("faults.plan", url=ready, due=self.sizes.fault_due)["messages"]
            for name, asked in wrong.items():
                url = engine.copy(ready, name)
                self._reset(asked)
                if name == "kill":
                    self._kill_at(url, 0.4 * planned)
                settled = children.run("faults.settle", url=url, provider=self.provider.url)
                stats = self.provider.ask("/__stats")
                for what, count in faults.judged(settled["states"], stats, planned).items():
                    self.note(f"fault_{name}_{what}", count)
                self.details[f"fault_{name}_{engine.name}"] = settled | {"provider": stats, "planned": planned}
                engine.drop(url)
        for key in [key for key in self.found if key.startswith("fault_")]:
            self.found[key] = [max(self.found[key])]

    # --- parts --------------------------------------------------------------------------------------------------

    def _engines(self) -> list[Engine]:
        return self.engines if self.sizes.thorough else self.engines[:1]

    def _seed(self, engine: Engine, url: str, cases: int, due: int, told_before: int = 0) -> None:
        children.run("office.seed", BOTH_CORES, url=url, cases=cases, due=due, told_before=told_before)

    def _reset(self, wrong: dict[str, float] | None = None) -> None:
        self.provider.ask("/__reset")
        self.provider.ask("/__faults", wrong)

    def _bare(self, case: str) -> float:
        self._reset()
        told = children.run(case, provider=self.provider.url, messages=self.sizes.due)
        self._check(case, self.sizes.due)
        return float(told["cpu_s"]) / self.sizes.due

    def _product(self, engine: Engine, url: str, due: int, *, only_plan: bool = False) -> dict[str, Any]:
        self._reset()
        os.sync()  # a copied database that is still being written down is not the product's work
        given: dict[str, Any] = {"url": url, "provider": self.provider.url, "postmaster": engine.postmaster}
        told = children.run("sending.product", due=due, only_plan=only_plan, **given)
        if told["counts"]["bundle"]["messages"] != due:
            raise WrongRun(f"planned: {told['counts']}")
        if not only_plan:
            self._check(f"sending.product on {engine.name}", due)
        return told

    def _check(self, what: str, wanted: int) -> None:
        stats = self.provider.ask("/__stats")
        if not stats["accepted"] == stats["distinct"] == wanted:
            raise WrongRun(f"{what}: {stats}, wanted {wanted}")

    def _slower(self, key: str, values: list[tuple[str, float]]) -> None:
        """The rounds of the engine that does worse; the other's stand in the details."""
        by_engine: dict[str, list[float]] = {}
        for name, value in values:
            by_engine.setdefault(name, []).append(value)
        for name, rounds in by_engine.items():
            self.details[f"{key}_{name}"] = [round(value, 4) for value in rounds]
        self.found[key] = max(by_engine.values(), key=median)

    def _under_load(self, database: str, case: str, turn: int, **given: Any) -> dict[str, Any]:
        server, count = children.start(case, **given), self.sizes.inbound
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            told = children.run("inbound.load", OTHER_CORE, port=port, replies=count, turn=turn)
            used = children.finish(server, "\n")
        finally:
            server.kill()
        rows = children.run("inbound.stored", url=database, bare=case.endswith("bare"))["rows"]
        if told["statuses"] != ["204"] or rows != (turn + 1) * (count + WARM_UP):
            raise WrongRun(f"{case}: answers {told['statuses']}, {rows} rows")
        return told | used

    def _kill_at(self, url: str, accepted: float) -> None:
        sender = children.start("faults.deliver_once", url=url, provider=self.provider.url)
        while self.provider.ask("/__stats")["accepted"] < accepted:
            if sender.poll() is not None:
                raise WrongRun("the sender ended before it could be killed")
            time.sleep(0.005)
        sender.send_signal(signal.SIGKILL)
        sender.communicate()


PARTS: dict[str, Callable[[Run], None]] = {
    "send": Run.send,
    "faults": Run.faults,
    "cron": Run.cron,
    "inbound": Run.inbound,
    "scan": Run.scan,
    "intake": Run.intake,
    "reports": Run.reports,
    "pages": Run.pages,
}


def everything(run: Run, only: list[str]) -> None:
    """Every part, with a line on stderr for whoever waits."""
    for name, part in PARTS.items():
        if not only or name in only:
            begun = time.perf_counter()
            part(run)
            print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
