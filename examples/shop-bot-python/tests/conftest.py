"""Runs the bot as it is run for real, as a process of its own, against graphdouble in place of Meta."""

import re
import sys
from collections.abc import Iterator

import pytest
from graphdouble import Bot

SETTINGS = {"GRAPH_URL": "url", "PAGE_TOKEN": "token", "APP_ID": "id", "APP_SECRET": "secret", "VERIFY_TOKEN": "verify_token"}
STOPPED_BY_SIGTERM = 128 + 15


@pytest.fixture
def graphdouble_bot(graphdouble_world, graphdouble_run) -> Bot:
    settings = graphdouble_world.app("bot").env(SETTINGS)
    return graphdouble_run([sys.executable, "bot.py"], env=settings, ready=r"listening on (\S+)")


@pytest.fixture(autouse=True)
def complaints(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """The bot prints no complaint but those that the test adds here. When it is asked to stop, it finishes what it has begun."""
    known: list[str] = []
    bot = request.getfixturevalue("graphdouble_bot") if "graphdouble_bot" in request.fixturenames else None
    yield known
    if bot:
        assert bot.stop() == STOPPED_BY_SIGTERM
        expected = ["listening on ", "standby, not ours to answer: ", *known]
        assert [line for line in bot.log.splitlines() if not any(re.match(one, line) for one in expected)] == []
