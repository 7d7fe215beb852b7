"""Files `*.graphdouble.yaml` are scenario files. Each of their scenarios is an item, which `graphdouble run` runs."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from graphdouble import GraphdoubleError, find_binary

RUN_S = 600


class ScenarioFailed(Exception):
    """A scenario failed. Its text is the drawn failure."""


class ScenarioFile(pytest.File):
    """A scenario file."""

    def collect(self) -> Iterator[pytest.Item]:
        try:
            scenarios = yaml.safe_load(self.path.read_text())["scenarios"]
            names = [str(one["name"]) for one in scenarios]
        except (OSError, ValueError, yaml.YAMLError, LookupError, TypeError):
            raise self.CollectError(self.drawn_mistakes()) from None
        for name in names:
            yield ScenarioItem.from_parent(self, name=name)

    def drawn_mistakes(self) -> str:
        checked = run(self.config, ["check", str(self.path)])
        return checked.stdout + checked.stderr or f"{self.path} is no scenario file"


class ScenarioItem(pytest.Item):
    """A scenario, with all its cases."""

    def runtest(self) -> None:
        # The filter takes all whose names have this text in them; what else it takes is not looked at.
        flags = shlex.split(self.config.getini("graphdouble_run"))
        flags += [] if "--listen" in flags else ["--listen", "127.0.0.1:0"]
        if denied := self.config.getoption("--graphdouble-deny-lints"):
            flags += ["--deny", denied]
        command = ["run", str(self.path), "--filter", self.name, "--report", "jsonl", "--no-bundle", *flags]
        ran = run(self.config, command)
        events = list(read_events(ran.stdout))
        mine = [one for one in events if one.get("event") == "scenario" and is_case_of(one["name"], self.name)]
        if not mine:
            raise ScenarioFailed(f"it did not run (exit code {ran.returncode}):\n{ran.stdout}{ran.stderr}".rstrip())
        findings = [finding for one in mine for finding in one["findings"]]
        if failed := [one for one in mine if not one["passed"]]:
            raise ScenarioFailed("\n\n".join(drawn(one) for one in failed))
        if denied and findings and ran.returncode:
            raise ScenarioFailed("\n".join(str(finding.get("drawn") or finding.get("what") or finding) for finding in findings))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, ScenarioFailed | GraphdoubleError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        return self.path, None, self.name


def is_case_of(name: str, scenario: str) -> bool:
    """`greets [word: a]` is a case of `greets`."""
    return name == scenario or name.startswith(f"{scenario} [")


def drawn(scenario: dict[str, Any]) -> str:
    failure = scenario.get("failure") or {}
    text = failure.get("drawn") or failure.get("message") or "it failed"
    return f"{scenario['name']}\n{text}"


def run(config: pytest.Config, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    binary = find_binary(config.getoption("--graphdouble-bin"))
    command = [binary, *arguments, "--allow-read", str(config.rootpath)]
    # Without standard input: a run that is killed has no children that wait for it.
    return subprocess.run(
        command, cwd=config.rootpath, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=RUN_S, check=False
    )


def read_events(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        if line.startswith("{"):
            yield json.loads(line)
