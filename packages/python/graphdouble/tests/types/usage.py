"""What a checker of types must accept, and what it must find. `.ci/python` runs mypy over this file; an `ignore` that is not needed is an error."""

from __future__ import annotations

from datetime import timedelta

from graphdouble import Message, Step, World, aio, contains


def blocking(world: World) -> None:
    alice, bot = world.person("alice"), world.app("bot")
    said: Step = alice.says("Hi", within=timedelta(seconds=2), replies_to="Hello")
    alice.blocks()
    alice.taps_ad("tulips", says="Hi")
    bot.sends("Hello", to=alice, refused={"code": 10})
    bot.extends("24h")
    message: Message = alice.gets(text=contains("Hello"))
    labels: list[str] = message.buttons
    print(said.mid, labels)
    alice.sayz("Hi")  # type: ignore[attr-defined]
    alice.says()  # type: ignore[call-arg]
    alice.says("Hi", replys_to="Hello")  # type: ignore[call-arg]
    bot.extends(24)  # type: ignore[arg-type]
    world.inbox().replies("Hi", from_="instagram_app")


async def not_blocking(world: aio.World) -> None:
    alice = await world.person("alice")
    said: Step = await alice.says("Hi")
    message: Message = await alice.gets()
    print(said.mid, message.text)
    alice.says("Hi").mid  # type: ignore[attr-defined]
    await alice.sayz("Hi")  # type: ignore[attr-defined]
