"""The bot as a WSGI application in the process of the test: no process to start, and debuggers stop in it."""

import pytest
from graphdouble import contains


@pytest.mark.parametrize("number", range(8))
def test_an_ad_leads_to_an_order(graphdouble_world, graphdouble_bot, number):
    alice = graphdouble_world.person()
    alice.taps_ad("tulips", says=f"Hi {number}")
    assert alice.gets(attachments=contains({"type": "template"})).text == f"Hello! You said: Hi {number}"
    alice.taps_button("Order")
    alice.gets(text=contains("Thank you"))


def test_a_webhook_that_comes_twice_is_answered_twice_by_this_bot(graphdouble_world, graphdouble_bot):
    alice, bot = graphdouble_world.person(), graphdouble_world.app("bot")
    graphdouble_world.fault(webhook="messages", app="bot", goes="twice")
    alice.says("Hi")
    alice.gets()
    alice.gets()
    bot.has_delivery(field="messages", attempt=2, status=200)
    assert [finding.lint for finding in graphdouble_world.lint()] == ["answered_twice"]
