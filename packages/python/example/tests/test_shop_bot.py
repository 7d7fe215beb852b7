"""The bot as it runs for real, as a process of its own. Nothing here sleeps: what a test expects is waited for on the server."""

import pytest
from graphdouble import contains


def test_an_ad_leads_to_an_order(graphdouble_world, graphdouble_bot):
    alice, bot = graphdouble_world.person(), graphdouble_world.app("bot")
    alice.taps_ad("tulips", says="Hi")
    assert alice.gets(attachments=contains({"type": "template"}), within="5s").buttons == ["Order"]
    alice.taps_button("Order")
    assert alice.gets(text=contains("Thank you")).text == "Thank you! Your tulips are on their way."
    bot.gets_nothing("standby")
    assert graphdouble_world.lint() == []


def test_a_human_takes_over_and_silence_gives_the_thread_back(graphdouble_world, graphdouble_bot):
    alice = graphdouble_world.person()
    alice.says("human")
    alice.gets("One moment, please.")
    alice.is_owned_by("desk")
    graphdouble_world.clock("+25h")
    alice.is_owned_by("bot")


def test_two_people_do_not_meet(graphdouble_world, graphdouble_bot):
    alice, bob = graphdouble_world.person("alice"), graphdouble_world.person("bob", locale="de_DE")
    alice.says("One")
    bob.says("Two")
    assert bob.gets().text == "Hello! You said: Two"
    assert alice.gets().text == "Hello! You said: One"
    assert len(graphdouble_world.calls("/me/messages", status="200")) == 2


@pytest.mark.parametrize("number", range(4))
def test_a_send_that_fails_is_no_message(graphdouble_world, graphdouble_bot, number):
    alice, bot = graphdouble_world.person(), graphdouble_world.app("bot")
    fault = graphdouble_world.fault(at="send", reply="rate_limited")
    alice.says(f"Hi {number}")
    bot.calls({"post": "/me/messages"}, to=alice, refused={"code": 613})
    assert graphdouble_world.faults()[0].fired == fault.fired + 1
    assert graphdouble_world.thread(alice).texts == [f"2026-01-05T09:00:00Z  {alice}: Hi {number}"]


@pytest.mark.graphdouble(clock="follow")
def test_how_long_the_bot_takes(graphdouble_world, graphdouble_bot):
    exchange = graphdouble_world.person().exchange(says="Hi", within="10s")
    assert exchange.outcome == "answered"
    assert exchange.ms["first"] > 0
