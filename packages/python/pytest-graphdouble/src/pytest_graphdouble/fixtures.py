"""The fixtures."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from graphdouble import Bot, Mistake, Server, World, attach, run_bot, start

from .options import wanted_by
from .report import keep, state_of

#: On a server that others use, too, what is left of a killed run goes away by itself.
IDLE, KEPT = "10m", "1d"


@pytest.fixture(scope="session")
def graphdouble(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server for the session, or for each worker of pytest-xdist; that of `--graphdouble-url` or GRAPHDOUBLE_URL, if there is one."""
    config = request.config
    url = config.getoption("--graphdouble-url") or os.environ.get("GRAPHDOUBLE_URL")
    server = attach(url) if url else start_server(config)
    yield server
    server.stop()


def start_server(config: pytest.Config) -> Server:
    return start(binary=config.getoption("--graphdouble-bin"), within=config.getini("graphdouble_within"))


@pytest.fixture
def graphdouble_world(request: pytest.FixtureRequest, graphdouble: Server) -> Iterator[World]:
    """A world for the test, with ids, tokens and people of its own."""
    wanted, config = wanted_by(request.node), request.config
    if not graphdouble.is_running:
        # A test before this one has ended it. That one has failed; this one has done nothing.
        graphdouble.restart()
    is_shared = graphdouble.process is None
    kept = config.getoption("--graphdouble-keep")
    expires = None if not is_shared else IDLE if kept == "none" else KEPT
    world = create(graphdouble, wanted.name or name_of(request.node, is_shared), wanted, expires)
    state = state_of(request.node)
    state.world, state.wanted = world, wanted
    yield world
    if not graphdouble.is_running:
        return
    if kept == "all" or (kept == "failed" and state.has_failed):
        keep(world, request.node, is_shared)
        if is_shared:
            return
    remove(world)


def create(server: Server, name: str, wanted: Any, expires: str | None) -> World:
    try:
        return server.create_world(wanted.world, name=name, clock=wanted.clock, expires=expires)
    except Mistake as error:
        # Two tests may have the same name.
        if error.status != 409 or wanted.name or "already exists" not in str(error):
            raise
        return server.create_world(wanted.world, name=f"{name}-{secrets.token_hex(3)}", clock=wanted.clock, expires=expires)


def remove(world: World) -> None:
    try:
        world.remove()
    except Mistake as error:
        if error.status != 404:  # the test has removed it
            raise


def name_of(node: pytest.Item, is_shared: bool) -> str:
    """The name of a world says whose it is. On a server of our own it is the same in each run, and so are its ids."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", node.name).strip("-")[:60]
    return f"{name}-{secrets.token_hex(3)}" if is_shared else name


@pytest.fixture
def graphdouble_bot() -> Any:
    """Override it: it starts your bot, and its value is the URL at which the bot takes webhooks, or the bot that `graphdouble_run` returns.
    The app of the world is attached to it, with the handshake. Without it the apps are puppets."""
    return None


@pytest.fixture
def graphdouble_run(request: pytest.FixtureRequest) -> Iterator[Callable[..., Bot]]:
    """Starts a bot as a process, waits until it listens, and ends it with the test: `graphdouble_run(["python", "bot.py"], env=…)` returns
    the bot, with its `url`, its `log`, and `line(pattern)`, which waits until it prints such a line. It runs in the root folder, unless
    `folder=` says otherwise. What it prints is in the report of a test that fails."""
    bots: list[Bot] = state_of(request.node).bots

    def run(command: Any, **settings: Any) -> Bot:
        __tracebackhide__ = True
        settings.setdefault("folder", request.config.rootpath)
        bot = run_bot(command, **settings)
        bots.append(bot)
        return bot

    yield run
    for bot in bots:
        bot.stop()


def app_of(world: World, wanted: str | None) -> str:
    """The app that the bot of a test is."""
    apps = world.apps
    if wanted is not None or len(apps) == 1:
        return world.app(wanted).name
    if "bot" in apps:
        return "bot"
    raise pytest.UsageError(
        f"which app is the bot? The world has {', '.join(apps)}: name one in the marker, graphdouble(app=…), or in the ini value graphdouble_app"
    )


def attach_bot(node: pytest.Item, bot: Any) -> None:
    """Attaches what the fixture `graphdouble_bot` has returned."""
    state = state_of(node)
    url = getattr(bot, "url", bot)
    if not isinstance(url, str) or state.world is None or state.attached == url:
        return
    state.world.app(app_of(state.world, state.wanted.app)).webhook(url)
    state.attached = url
