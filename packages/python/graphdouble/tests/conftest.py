"""One server for these tests, and a world for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from graphdouble import Server, World, start

SHOP = {
    "apps": {"bot": {}, "desk": {}},
    "pages": {"shop": {"default_app": "bot", "social": "bot", "apps": {"bot": {}, "desk": {}}}},
    "ads": {"tulips": {"page": "shop", "app": "bot"}},
    "people": {"alice": {}, "bob": {"locale": "de_DE"}},
}


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with start() as server:
        yield server


@pytest.fixture
def world(server: Server) -> Iterator[World]:
    with server.create_world(SHOP) as world:
        yield world
