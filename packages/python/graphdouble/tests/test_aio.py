"""The client for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from conftest import SHOP
from graphdouble import Mistake, Server, ServerGone, StepFailed, aio, contains


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 60))


def test_a_conversation_and_its_end() -> None:
    async def test() -> None:
        async with await aio.start() as server:
            async with await server.create_world(SHOP) as world:
                alice, bot = await world.person("alice"), world.app("bot")
                await alice.taps_ad("tulips", says="Hi")
                await bot.gets("messages", text="Hi")
                await bot.sends("Hello")
                assert (await alice.gets(text=contains("Hello"))).text == "Hello"
                await world.clock("+25h")
                assert (await world.thread("shop", alice)).owner == "bot"
                await world.restore(await world.snapshot())
                with pytest.raises(StepFailed, match="no message matches"):
                    await alice.gets("Bye", within="10ms")
                with pytest.raises(Mistake, match="did you mean `says`"):
                    await world.step(user="alice", sayz="Hi")
            assert [one["name"] for one in await server.worlds()] == ["default"]
        with pytest.raises(ServerGone):
            await server.version()

    run(test())


def test_twenty_people_at_once(server: Server) -> None:
    async def test() -> None:
        there = await aio.attach(server.url)
        async with await there.create_world(SHOP) as world:
            people = await asyncio.gather(*(world.person() for _ in range(20)))
            await asyncio.gather(*(person.says(f"I am {person}") for person in people))
            assert len({thread["person"] for thread in await world.threads()}) == 20

    run(test())


def test_a_call_that_is_cancelled_lets_the_world_go_on(server: Server) -> None:
    async def test() -> None:
        there = await aio.attach(server.url)
        async with await there.create_world(SHOP) as world:
            alice = await world.person("alice")
            await alice.says("Hi")
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(world.ledger(after="now", wait="50s"), 0.1)
            await alice.says("Is anybody there?")
            assert len((await world.thread(alice)).transcript) == 2

    run(test())
