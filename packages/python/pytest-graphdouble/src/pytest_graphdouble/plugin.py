"""The entry point: hooks and fixtures of pytest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from graphdouble import GraphdoubleError

from .fixtures import attach_bot, graphdouble, graphdouble_bot, graphdouble_run, graphdouble_world
from .options import MARKER, add_options
from .report import KEPT, STATE, sections, state_of
from .scenarios import ScenarioFile

__all__ = ["graphdouble", "graphdouble_bot", "graphdouble_run", "graphdouble_world"]

FINDINGS = "graphdouble_findings"


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name.endswith((".graphdouble.yaml", ".graphdouble.yml")):
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Generator[None, Any, Any]:
    __tracebackhide__ = True
    value = yield
    # At once, so that fixtures that depend on the bot find it attached.
    if fixturedef.argname == "graphdouble_bot" and isinstance(request.node, pytest.Item):
        request.getfixturevalue("graphdouble_world")
        attach_bot(request.node, value)
    return value


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    __tracebackhide__ = True
    # A bot that serves several tests is attached to the world of each.
    attach_bot(item, getattr(item, "funcargs", {}).get("graphdouble_bot"))
    value = yield
    deny_lints(item)
    return value


def deny_lints(item: pytest.Item) -> None:
    """Fails a test whose body went well, but whose bot made a mistake."""
    state = item.stash.get(STATE, None)
    if state is None or state.world is None:
        return
    try:
        findings = state.world.lint()
    except GraphdoubleError:
        return  # the test has removed its world
    item.user_properties.extend((FINDINGS, finding.lint) for finding in findings)
    named = item.config.getoption("--graphdouble-deny-lints")
    denied = [finding for finding in findings if named and (named == "all" or finding.lint in named.split(","))]
    if denied:
        pytest.fail("denied lints:\n" + "\n".join(map(str, denied)), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and STATE in item.stash:
        state_of(item).has_failed = True
        if report.when != "teardown":
            report.sections.extend(sections(state_of(item)))
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    reports = [one for found in terminalreporter.stats.values() for one in found if getattr(one, "when", None) == "call"]
    lints = Counter(value for one in reports for name, value in one.user_properties if name == FINDINGS)
    if lints and not config.getoption("--graphdouble-deny-lints"):
        shown = ", ".join(f"{name} ({count})" for name, count in sorted(lints.items()))
        terminalreporter.write_line(f"graphdouble lints: {shown}; --graphdouble-deny-lints shows them as failures")
    for line in config.stash.get(KEPT, []):
        terminalreporter.write_line(f"graphdouble kept {line}")
