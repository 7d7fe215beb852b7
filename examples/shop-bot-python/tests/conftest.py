"""Runs the bot as it is run for real, as a process of its own, against graphdouble in place of Meta."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphdouble import Graphdouble, World

FOLDER = Path(__file__).parent.parent
WORLD = {
    "apps": {"bot": {}, "desk": {}},
    "pages": {
        "shop": {"routing": "conversation_routing", "default_app": "desk", "social": "bot", "apps": {"bot": {}, "desk": {}}}
    },
    "people": {"alice": {}, "bob": {"first_name": "Jürg"}},
}
PATIENCE_S = 10  # how long a test that fails takes to say so; one that passes never waits for it


class Lines:
    """The lines that the bot prints. A reader waits for the writer."""

    def __init__(self, stream) -> None:
        self.kept: queue.Queue[str] = queue.Queue()
        self.thread = threading.Thread(target=lambda: [self.kept.put(line.rstrip("\n")) for line in stream])
        self.thread.start()

    def next(self) -> str:
        return self.kept.get(timeout=PATIENCE_S)

    def rest(self) -> list[str]:
        """What nobody has taken, once the bot has ended."""
        self.thread.join(PATIENCE_S)
        return [self.kept.get_nowait() for _ in range(self.kept.qsize())]


class Bot:
    """The bot, attached to a world."""

    def __init__(self, world: World) -> None:
        self.process = spawn_bot(settings_of(world))
        self.output, self.errors = Lines(self.process.stdout), Lines(self.process.stderr)
        ready = self.output.next()
        self.url = ready.removeprefix("listening on ") + "/webhook"
        world.attach("bot", self.url)

    def stop(self) -> None:
        self.process.terminate()
        # uvicorn finishes what has begun, and then lets the signal end the process.
        assert self.process.wait(PATIENCE_S) == -signal.SIGTERM, "the bot stops cleanly when asked to"


def settings_of(world: World) -> dict[str, str]:
    env = world.env("bot")
    names = ["PAGE_TOKEN", "APP_ID", "APP_SECRET", "VERIFY_TOKEN"]
    return {"PORT": "0", "GRAPH_URL": env["GRAPHDOUBLE_URL"]} | {name: env[f"GRAPHDOUBLE_{name}"] for name in names}


def spawn_bot(settings: dict[str, str]) -> subprocess.Popen[str]:
    # httpx would send even loopback calls through a proxy.
    env = {**os.environ, "no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1", **settings}
    return subprocess.Popen(
        [sys.executable, "bot.py"], cwd=FOLDER, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="session")
def graphdouble() -> Iterator[Graphdouble]:
    server = Graphdouble()
    yield server
    server.stop()


@pytest.fixture
def world(graphdouble: Graphdouble) -> Iterator[World]:
    """A world for the test. When the test ends, no lint has found anything."""
    world = graphdouble.create_world(WORLD)
    yield world
    assert world.findings() == []
    world.remove()


@pytest.fixture
def bot(world: World) -> Iterator[Bot]:
    """The bot, attached to the world. When the test ends, the bot finishes what it has begun, and has printed no complaint that the test
    did not take."""
    bot = Bot(world)
    yield bot
    bot.stop()
    assert bot.errors.rest() == []
