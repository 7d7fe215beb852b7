"""What the end of a load test shows beside Locust's table: the worst threads, what waited for our own limits, and the lints."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import astuple, dataclass
from typing import Any, ClassVar

from graphdouble import GraphdoubleError, Server
from locust import events
from locust.env import Environment
from locust.runners import STATE_RUNNING, STATE_SPAWNING, MasterRunner, WorkerRunner

WORST = 10
MOST_THREADS = 1000
MESSAGE = "graphdouble_report"
SLOW_QUEUE_MS = 50


@dataclass(frozen=True, order=True)
class Sample:
    """An exchange: how long the person waited for it, and where to look at it."""

    ms: float
    person: str
    name: str
    outcome: str
    url: str


class Report:
    """What this process has seen; on a master, what all workers have."""

    _all: ClassVar[dict[int, Report]] = {}

    def __init__(self) -> None:
        #: The longest exchange of each thread, by its address.
        self.threads: dict[str, Sample] = {}
        self.outcomes: Counter[str] = Counter()
        self.worlds: set[tuple[str, str]] = set()
        self.slowest_queue = 0.0

    @classmethod
    def of(cls, environment: Environment) -> Report:
        """The report of a test."""
        return cls._all.setdefault(id(environment), cls())

    @classmethod
    def forget(cls, environment: Environment) -> None:
        """Begins a new one."""
        cls._all.pop(id(environment), None)

    def add(self, sample: Sample, queue: float, world: tuple[str, str]) -> None:
        """Counts an exchange."""
        self.worlds.add(world)
        self.outcomes[sample.outcome] += 1
        self.slowest_queue = max(self.slowest_queue, queue)
        self._keep(sample)

    def _keep(self, sample: Sample) -> None:
        self.threads[sample.url] = max(sample, self.threads.get(sample.url, sample))
        if len(self.threads) > MOST_THREADS:
            self.threads = {one.url: one for one in self.worst}

    @property
    def worst(self) -> list[Sample]:
        """The threads with the longest exchanges."""
        return heapq.nlargest(WORST, self.threads.values())

    def data(self) -> dict[str, Any]:
        """What a worker sends."""
        return {
            "worst": [list(astuple(sample)) for sample in self.worst],
            "outcomes": dict(self.outcomes),
            "worlds": [list(world) for world in self.worlds],
            "slowest_queue": self.slowest_queue,
        }

    def merge(self, data: dict[str, Any]) -> None:
        """Takes in what a worker has sent."""
        for row in data["worst"]:
            self._keep(Sample(*row))
        self.outcomes.update(data["outcomes"])
        self.worlds.update((url, name) for url, name in data["worlds"])
        self.slowest_queue = max(self.slowest_queue, data["slowest_queue"])

    def text(self) -> str:
        """The report, with what the servers know."""
        counts = ", ".join(f"{name} {count}" for name, count in sorted(self.outcomes.items()))
        lines = [f"graphdouble: {sum(self.outcomes.values())} exchanges: {counts or 'none'}"]
        if self.slowest_queue > SLOW_QUEUE_MS:
            lines.append(
                f"  a webhook waited {self.slowest_queue:.0f} ms for a place of the app, which is no time of the bot: "
                "`delivery: { at_once: … }` of the world gives it more places"
            )
        lines.append("  the worst threads:")
        lines += [f"    {one.ms:8.1f} ms  {one.outcome:9}  {one.person}  {one.name}  {one.url}" for one in self.worst]
        for url, name in sorted(self.worlds):
            lines += [f"  lints of {name} at {url}:", *(f"    {line}" for line in lints_of(url, name))]
        return "\n".join(lines)


def lints_of(url: str, name: str) -> list[str]:
    server = Server(url)
    try:
        found = server.world(name).lint()
    except GraphdoubleError as error:
        return [f"cannot be asked for: {error}"]
    finally:
        server.stop()
    times: Counter[tuple[str, str]] = Counter()
    for finding in found:
        times[finding["app"], finding.lint] += finding["times"]
    advice = {(finding["app"], finding.lint): finding["advice"] for finding in found}
    return [f"{app}: {lint}, {count} times: {advice[app, lint]}" for (app, lint), count in times.most_common()] or ["none"]


@events.init.add_listener
def prepare(environment: Environment, **_: Any) -> None:
    """A master gets what its workers have seen: with their figures, and the rest when they stop."""
    if isinstance(environment.runner, MasterRunner):
        report = environment.events.worker_report
        report.add_listener(lambda client_id, data: Report.of(environment).merge(data[MESSAGE]) if MESSAGE in data else None)
        environment.runner.register_message(MESSAGE, lambda environment, msg, **_: Report.of(environment).merge(msg.data))
    if isinstance(environment.runner, WorkerRunner):
        environment.events.report_to_master.add_listener(lambda client_id, data: data.update({MESSAGE: take(environment)}))


@events.test_start.add_listener
def begin(environment: Environment, **_: Any) -> None:
    Report.forget(environment)


@events.test_stop.add_listener
def end(environment: Environment, **_: Any) -> None:
    """A worker sends the rest before it says that it has stopped. A master that was stopped by hand has all reports now."""
    if isinstance(environment.runner, WorkerRunner):
        environment.runner.send_message(MESSAGE, take(environment))
    else:
        show(environment)


def take(environment: Environment) -> dict[str, Any]:
    """What a worker has seen since it was asked last."""
    data = Report.of(environment).data()
    Report.forget(environment)
    return data


@events.quitting.add_listener
def leave(environment: Environment, **_: Any) -> None:
    """When the run time is over, the reports of workers come after the stop of the master; after Ctrl-C the workers still run."""
    runner = environment.runner
    if isinstance(runner, MasterRunner) and runner.state in (STATE_RUNNING, STATE_SPAWNING):
        runner.stop()
    if not isinstance(runner, WorkerRunner):
        show(environment)


def show(environment: Environment) -> None:
    """Prints the report, unless it is empty because it was printed before."""
    report = Report.of(environment)
    if report.outcomes:
        print(f"\n{report.text()}", flush=True)
        Report.forget(environment)
