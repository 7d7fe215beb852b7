"""What a test leaves behind: sections of its report, and files of worlds that are kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from graphdouble import Bot, GraphdoubleError, World

LOG_LINES = 100
SHOWN_THREADS = 3


@dataclass
class State:
    """What the plugin knows of a test."""

    world: World | None = None
    wanted: Any = None
    bots: list[Bot] = field(default_factory=list)
    attached: str | None = None
    has_failed: bool = False


STATE = pytest.StashKey[State]()


def state_of(node: pytest.Item) -> State:
    return node.stash.setdefault(STATE, State())


def sections(state: State) -> list[tuple[str, str]]:
    """What somebody wants to see who reads of a failure."""
    found: list[tuple[str, str]] = []
    if state.world is not None:
        try:
            found += of_world(state.world)
        except GraphdoubleError as error:
            found.append(("graphdouble", str(error)))
    for bot in state.bots:
        shown = bot.log.splitlines()[-LOG_LINES:]
        found.append(("the bot's log", "\n".join(shown) or "it printed nothing"))
    return found


def of_world(world: World) -> list[tuple[str, str]]:
    transcripts, explanations = [], []
    newest = sorted(world.threads(), key=lambda thread: (thread["last_message"] or {}).get("at", ""), reverse=True)
    for summary in newest[:SHOWN_THREADS]:
        names = (summary["page"], summary["person"])
        thread = world.thread(*names)
        transcripts.append("\n".join([f"{thread['person']}@{thread['page']}, owner {thread.owner}", *thread.texts]))
        explanations.append(str(world.explain(*names)))
    found = [("graphdouble transcript", "\n\n".join(transcripts) or "nobody has written")]
    if explanations:
        found.append(("graphdouble explanation", "\n\n".join(explanations)))
    if findings := world.lint():
        found.append(("graphdouble lints", "\n".join(map(str, findings))))
    return [*found, ("graphdouble page", world.page_url)]


def keep(world: World, node: pytest.Item, is_shared: bool) -> None:
    """Writes what happened in a world. On a server that others use the world itself stays, too."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", node.nodeid).strip("-")
    folder = node.config.rootpath / ".graphdouble" / "kept" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parents[1] / ".gitignore").write_text("*\n")
    files: list[tuple[str, Callable[[], Any]]] = [("ledger.jsonl", world.ledger), ("scenario.yaml", world.scenario), ("snapshot.json", world.snapshot)]
    for file, read in [*files, ("report.txt", lambda: sections(state_of(node)))]:
        write(folder / file, read)
    where = f"world {world.name}: {world.page_url}" if is_shared else ""
    node.config.stash.setdefault(KEPT, []).append(f"{node.nodeid}: {folder.relative_to(node.config.rootpath)} {where}".rstrip())


def write(file: Path, read: Callable[[], Any]) -> None:
    try:
        content = read()
    except GraphdoubleError as error:  # the test has removed its world, or too much has happened
        content = f"{error}\n"
    if isinstance(content, list):
        content = "".join(f"--- {one[0]}\n{one[1]}\n\n" if isinstance(one, tuple) else f"{json.dumps(one)}\n" for one in content)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())


KEPT = pytest.StashKey[list[str]]()
