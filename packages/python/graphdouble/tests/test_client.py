"""The client against the server, with puppets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from graphdouble import Mistake, Server, StepFailed, World, absent, anything, contains, matches, one_of, serve_wsgi

BUTTONS = {
    "attachment": {
        "type": "template",
        "payload": {"template_type": "button", "text": "What?", "buttons": [{"type": "postback", "title": "Order", "payload": "O"}]},
    }
}


def test_a_conversation(world: World) -> None:
    alice, bot = world.person("alice"), world.app("bot")
    alice.taps_ad("tulips", says="Hi")
    bot.gets("messages", text="Hi", because="webhook.owner")
    bot.gets_nothing("standby")
    bot.sends(BUTTONS)
    assert alice.gets().buttons == ["Order"]
    assert alice.taps_button("Order").answer["mid"]
    bot.gets("messaging_postbacks", payload="O")
    bot.sends({"text": "Which?", "quick_replies": [{"content_type": "text", "title": "Red", "payload": "R"}]})
    message = alice.gets(text=matches("^Wh"), quick_replies=contains({"title": "Red"}))
    assert (message.from_, message.text, message.quick_replies, message.buttons) == ("bot", "Which?", ["Red"], [])
    assert world.thread(alice).texts[-1].endswith("bot: Which? [Red]")


def test_each_message_is_got_once_and_in_order(world: World) -> None:
    alice, bot = world.person("alice"), world.app("bot")
    alice.says("Hi")
    bot.sends("One")
    bot.sends("Two")
    assert alice.gets().text == "Two", "a puppet's messages count from the last step on"
    with pytest.raises(StepFailed, match="an earlier expectation has already matched it"):
        alice.gets()


def test_two_messages_with_one_text_are_two_messages(world: World) -> None:
    alice, bot = world.person("alice"), world.app("bot")
    alice.says("Hi")
    with serve_wsgi(says(bot.env(), "Again", "Again")) as url:
        bot.webhook(url, verify=False)
        alice.says("Hello?")
        first, second = alice.gets("Again"), alice.gets("Again")
    assert first.text == second.text == "Again"
    assert first.mid != second.mid


@pytest.mark.parametrize(("author", "count"), [(None, 2), ("bot", 1)])
def test_the_message_that_is_returned_is_the_one_that_the_server_has_found(world: World, author: str | None, count: int) -> None:
    """The server takes the oldest one that no step has asked for. What is left afterwards shows which one that was."""
    alice, bot = world.person("alice"), world.app("bot")
    with serve_wsgi(says(bot.env(), "One", "Two")) as url:
        bot.webhook(url, verify=False)
        alice.says("A")
        bot.sends("Two")
        alice.says("B")
        got = [alice.gets(from_=author).text for _ in range(count)]
        left = [text for text in ("One", "Two", "One", "Two") if is_left(world, text)]
    assert sorted([*got, *left]) == ["One", "One", "Two", "Two"], (got, left)


def is_left(world: World, text: str) -> bool:
    try:
        world.expect({"message": {"from": "bot", "to": "alice", "text": text}}, within="10ms")
    except StepFailed:
        return False
    return True


def says(env: dict[str, str], *texts: str) -> Callable[..., Iterable[bytes]]:
    """A bot that says this while it takes a message."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        event = body["entry"][0]["messaging"][0]
        for text in () if "is_echo" in event.get("message", {"is_echo": True}) else texts:
            call = {"recipient": event["sender"], "message": {"text": text}}
            url = f"{env['GRAPHDOUBLE_URL']}/v25.0/me/messages?access_token={env['GRAPHDOUBLE_PAGE_TOKEN']}"
            urlopen(Request(url, json.dumps(call).encode(), {"Content-Type": "application/json"})).close()
        start_response("200 OK", [])
        return [b"ok"]

    return application


def test_a_message_that_does_not_come_is_an_assertion_error_with_the_drawing_and_the_page(world: World) -> None:
    alice = world.person("alice")
    alice.says("Hi")
    with pytest.raises(AssertionError) as failure:
        alice.gets(text=contains("Hello"), within="10ms")
    assert "no message matches" in str(failure.value)
    assert '{"to": "alice", "text": {"contains": "Hello"}}' in str(failure.value)
    assert f"see {world.url}/_inspector/#/{world.name}/chat?page=shop&person=alice" in str(failure.value)


@pytest.mark.parametrize(
    "like", [contains("ell"), matches("^H.*o$"), anything(), one_of("Hi", "Hello"), "Hello"], ids=lambda like: str(like)
)
def test_matchers_find_the_message_that_the_server_found(world: World, like: object) -> None:
    alice, bot = world.person("alice"), world.app("bot")
    alice.says("Hi")
    bot.sends("Hello")
    assert alice.gets(text=like, quick_replies=absent()).text == "Hello"


def test_owners_and_the_clock(world: World) -> None:
    alice, bot = world.person("alice"), world.app("bot")
    alice.says("Hi")
    bot.passes("desk")
    alice.is_owned_by("desk", because="control.pass.app")
    assert world.thread("shop", alice).owner == "desk"
    alice.has_window("open")
    world.clock(timedelta(hours=25))
    alice.is_owned_by("bot")
    alice.has_window("closed")
    assert world.now() == "2026-01-06T10:00:00Z"
    world.clock(to=datetime(2026, 2, 1, 12))
    assert world.now() == "2026-02-01T12:00:00Z"
    assert "alice says" in str(world.explain(alice))


def test_a_refused_call_is_a_step_that_says_so(world: World) -> None:
    alice, desk = world.person("alice"), world.app("desk")
    alice.says("Hi")
    desk.sends("Hello", refused={"code": 10, "because": "send.refused.not_owner"})
    with pytest.raises(StepFailed):
        desk.sends("Hello")
    assert world.lint() == [], "a puppet makes no mistakes"


def test_faults_are_armed_and_disarmed(world: World) -> None:
    alice, bot = world.person("alice"), world.app("bot")
    fault = world.fault(at="send", reply="rate_limited", times=2)
    other = world.fault(webhook="messages", app="bot", late=timedelta(minutes=5))
    world.disarm(other)
    alice.says("Hi")
    bot.sends("Hello", refused={"code": 613})
    assert [(one.number, one.fired) for one in world.faults()] == [(fault.number, 1)]
    world.disarm()
    assert world.faults() == []


def test_people_come_and_are_claimed(world: World) -> None:
    new, carol = world.person(), world.person("carol", locale="fr_FR")
    assert world.person("carol").psid == carol.psid != new.psid
    assert world.person("bob").psid == world.description["people"]["bob"]["psids"]["shop"]
    crowd = world.crowd(2)
    assert [crowd.claim().name, world.claim("crowd").name, crowd[2]] == ["crowd.1", "crowd.2", "crowd.2"]
    with pytest.raises(Mistake) as none_left:
        crowd.claim()
    assert none_left.value.status == 410
    assert world.people(limit=1)["count"] == 6


def test_admins_the_inbox_and_raw_calls(world: World) -> None:
    alice, bot = world.person("alice"), world.app("bot")
    alice.says("Hi")
    world.inbox().replies("Hello from the shop")
    assert alice.gets(from_="inbox").text == "Hello from the shop"
    world.admin("shop").sets_default_app("desk")
    answer = world.call(as_="bot", get="/me?fields=id", returns={"id": anything()}).answer
    assert answer["id"] == world.description["pages"]["shop"]["id"]
    bot.calls({"get": "/me"}, returns={"id": answer["id"]})


def test_the_ledger_and_the_calls(world: World) -> None:
    alice, bot = world.person("alice"), world.app("bot")
    step = alice.says("Hi")
    assert step.entries[0]["kind"] == "command"
    assert [entry["app"] for entry in world.ledger(kind="webhook", limit=2)] == ["bot", "desk"]
    world.call(as_="bot", post="/me/messages", body={"recipient": {"id": alice.psid}, "message": {"text": "Hello"}})
    assert [call["body"]["message"]["text"] for call in world.calls("/me/messages", app=bot)] == ["Hello"]
    assert world.threads()[0]["owner"] == "bot"
    assert world.answers() == {}
    assert "user: alice, says: Hi" in world.scenario()


def test_snapshot_restore_and_reset(world: World) -> None:
    alice = world.person("alice")
    alice.says("Hi")
    snapshot = world.snapshot()
    alice.says("Bye")
    world.restore(snapshot)
    assert [message.text for message in world.thread(alice).transcript] == ["Hi"]
    world.reset(keep=["profile"])
    assert world.threads() == []


def test_sessions_do_not_see_each_other(world: World) -> None:
    one, two = world.session("one"), world.session("two")
    one.person("alice").says("Hi", save={"hers": "/mid"})
    two.person("bob").says("Hello")
    one.app("bot").gets("messages", text="Hi", body={"message": {"mid": "${hers}"}})
    with pytest.raises(Mistake, match="hers"):
        two.app("bot").gets("messages", body={"message": {"mid": "${hers}"}})


def test_an_exchange(world: World) -> None:
    exchange = world.person("alice").exchange(says="Hi", until={"owner": "bot"}, within="5s")
    assert (exchange.outcome, exchange["owner"], exchange.texts) == ("answered", "bot", [])


def test_nothing_and_rules(world: World) -> None:
    alice, bot = world.person("alice"), world.app("bot")
    alice.says("Hi")
    world.expect_rule("routing.social.app")
    bot.gets("messages")
    world.app("desk").gets("standby")
    world.expect_nothing("webhooks")
    alice.gets_nothing(within="10ms")


def test_the_environment_of_a_bot(world: World) -> None:
    bot = world.app("bot")
    env = bot.env({"GRAPH": "url", "T": "token", "S": "secret", "V": "verify_token", "P": "page_id", "D": "GRAPHDOUBLE_APP_ID_DESK"})
    assert env["T"] == bot.token() == bot.env()["GRAPHDOUBLE_PAGE_TOKEN"]
    assert (env["GRAPH"], env["S"], env["D"]) == (world.url, bot.secret, world.app("desk").id)
    with pytest.raises(ValueError, match="`T` cannot be `tokken`, which this app does not have: known are .*token"):
        bot.env({"T": "tokken"})


def test_a_world_file_as_it_is(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text("apps: { bot: {} } # a comment\npages: { shop: { apps: { bot: {} } } }\npeople: any\n")
    with server.create_world(file, name="from-a-file", clock="follow", expires="10m") as world:
        assert world.name in [one["name"] for one in server.worlds()]
        assert world.app().name == "bot"
        assert server.world("from-a-file").pages == ["shop"]
    assert "from-a-file" not in [one["name"] for one in server.worlds()]


def test_names_that_are_missing_are_asked_for(world: World) -> None:
    with pytest.raises(Mistake, match="which app is meant. There are several: bot, desk"):
        world.app()
    with pytest.raises(Mistake, match="there is no app `bott` in the world: known are bot, desk"):
        world.app("bott")
    with pytest.raises(TypeError, match="thread\\(alice\\)"):
        world.thread()
    with pytest.raises(ValueError, match="how far"):
        world.clock()
