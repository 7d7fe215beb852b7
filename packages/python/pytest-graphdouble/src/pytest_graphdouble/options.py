"""The options, the ini values and the marker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

MARKER = (
    "graphdouble(world=…, clock=…, app=…, name=…): the world of the test: a file or a map, `clock` frozen (the default) or follow, "
    "the app that `graphdouble_bot` is, and the name of the world"
)


def add_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("graphdouble", "graphdouble, a local stand-in for Meta's Graph API")
    group.addoption(
        "--graphdouble-keep",
        choices=["none", "failed", "all"],
        default="none",
        help="keep the worlds of these tests: on a server that runs already they stay there for a day; otherwise what happened in them is "
        "written below .graphdouble/kept",
    )
    group.addoption("--graphdouble-url", metavar="URL", help="use the server that runs there; GRAPHDOUBLE_URL does the same")
    group.addoption("--graphdouble-bin", metavar="FILE", help="start this binary")
    group.addoption(
        "--graphdouble-deny-lints",
        nargs="?",
        const="all",
        metavar="NAMES",
        help="a test fails if its bot did one of these mistakes, which cause no error; all if no names are given",
    )
    parser.addini("graphdouble_world", "the world file of tests that name none, below the root folder")
    parser.addini("graphdouble_app", "the app that `graphdouble_bot` is; if it is not set, the only app of the world, or the one named `bot`")
    parser.addini("graphdouble_within", "how long a step waits for the bot", default="5s")
    parser.addini("graphdouble_run", "flags of `graphdouble run` for files *.graphdouble.yaml, such as --exec and --app")


@dataclass(frozen=True)
class Wanted:
    """What a test wants of its world."""

    world: Any = None
    clock: str = "frozen"
    app: str | None = None
    name: str | None = None


def wanted_by(node: pytest.Item) -> Wanted:
    """The nearest marker counts for each of its words."""
    given: dict[str, Any] = {}
    for marker in node.iter_markers("graphdouble"):
        known = set(Wanted.__dataclass_fields__)
        if marker.args or set(marker.kwargs) - known:
            found = ", ".join([*map(repr, marker.args), *sorted(set(marker.kwargs) - known)])
            raise pytest.UsageError(f"{node.nodeid}: the marker graphdouble does not know {found}: known are {', '.join(sorted(known))}, as keywords")
        given = {**marker.kwargs, **given}
    config = node.config
    given.setdefault("world", config.getini("graphdouble_world") or None)
    given.setdefault("app", config.getini("graphdouble_app") or None)
    if isinstance(given["world"], str | Path):
        given["world"] = _found(Path(given["world"]), config)
    return Wanted(**given)


def _found(file: Path, config: pytest.Config) -> Path:
    """Below the folder from which pytest was called, or below the root folder."""
    for folder in (config.invocation_params.dir, config.rootpath):
        if (folder / file).is_file():
            return folder / file
    raise pytest.UsageError(f"there is no world file {file}: looked below {config.rootpath}")
