"""The form of an address of the page, which is that of the server."""

from __future__ import annotations

import pytest
from graphdouble import World, inspector_url

SERVER = "http://127.0.0.1:4004"


@pytest.mark.parametrize(
    ("shown", "url"),
    [
        ({}, "/_inspector/"),
        ({"world": "default"}, "/_inspector/#/default/"),
        ({"world": "default", "page": "shop"}, "/_inspector/#/default/"),
        ({"world": "a b/ü?#", "page": "shop & co", "person": "crowd.17"}, "/_inspector/#/a%20b%2F%C3%BC%3F%23/chat?page=shop%20%26%20co&person=crowd.17"),
    ],
)
def test_an_address(shown: dict[str, str], url: str) -> None:
    assert inspector_url(SERVER, **shown) == SERVER + url


def test_the_address_of_a_world_is_the_one_that_the_server_gives(world: World) -> None:
    assert world.page_url == world.description.get("inspector", inspector_url(world.url, world.name))
