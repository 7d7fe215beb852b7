"""Nothing here sleeps: a step waits until the bot has done what it says."""

import hashlib
import hmac
import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from conftest import Bot, settings_of, spawn_bot
from graphdouble import World

CHOICES = [{"title": title} for title in ["Bread", "Cake", "Talk to a human"]]
HUMAN = "One moment, a colleague will answer you."
IMAGE = {"attachments": [{"type": "image", "url": "https://example.test/a.png"}]}


def greets(world: World, name: str, **more: str) -> None:
    world.step(app="bot", sends={"text": f"Hello, {name}! What would you like?"}, **more)


# --- A conversation ---


def test_whoever_writes_is_greeted_by_name_and_can_tap_what_there_is(world: World, bot: Bot) -> None:
    world.step(user="bob", says="Grüß Gott / 100%")
    greets(world, "Jürg")
    world.expect({"message": {"from": "bot", "to": "bob", "quick_replies": CHOICES}})


def test_the_menu_and_get_started_are_there_before_anybody_writes(world: World, bot: Bot) -> None:
    world.step(user="alice", gets_started=True)
    greets(world, "Alice")
    world.step(user="alice", taps_menu="Our goods")
    greets(world, "Alice")
    got = world.step(call={"as": "bot", "get": "/me/messenger_profile?fields=greeting"})
    assert got["answer"]["data"][0]["greeting"][0]["text"] == "Fresh bread and cake, every day."


def test_from_the_greeting_to_an_order(world: World, bot: Bot) -> None:
    world.step(user="alice", says="Hi")
    world.step(user="alice", taps_quick_reply="Cake")
    world.step(app="bot", sends={"attachment": {"type": "image", "payload": {"url": "https://bakery.example/cake.jpg"}}})
    world.step(user="alice", taps_button="Order cake")
    world.step(app="bot", sends="Thank you! Your cake is ready in 5 minutes.")


def test_a_picture_is_thanked_for(world: World, bot: Bot) -> None:
    world.step(user="alice", sends=IMAGE)
    world.step(app="bot", sends="Thank you for the picture!")


def test_answers_to_one_person_keep_their_order(world: World, bot: Bot) -> None:
    # Both messages come in one delivery, and the first answer needs more time than the second.
    world.step(fault={"webhook": "messages", "app": "bot", "batch": 2})
    world.step(fault={"at": "profile_read", "latency": "200ms"})
    world.step(user="alice", says="Hi")
    world.step(user="alice", sends=IMAGE)
    world.step(app="bot", sends="Thank you for the picture!")
    greets(world, "Alice")
    texts = ["Hello, Alice! What would you like?", "Thank you for the picture!"]
    assert world.texts("shop", "alice", "bot") == texts


def test_answers_to_another_person_do_not_wait(world: World, bot: Bot) -> None:
    world.step(fault={"at": "profile_read", "to": "alice", "latency": "1s"})
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(world.step, user="alice", says="Hi")
        world.step(user="bob", says="Hi")
        greets(world, "Jürg", to="bob")
        assert world.texts("shop", "alice", "bot") == []
        slow.result()
    greets(world, "Alice", to="alice")


# --- Hand-over ---


def test_human_passes_the_thread_to_the_desk_and_the_bot_is_silent_until_it_comes_back(world: World, bot: Bot) -> None:
    world.step(user="alice", says=" Human \n")
    world.step(app="bot", sends=HUMAN, thread_control={"payload": "pass_thread_control"})
    world.expect({"owner": "desk"}, {"app": "desk", "gets": "messaging_handovers"})
    world.step(user="alice", says="Is anybody there?")
    world.expect({"app": "bot", "gets": "standby", "text": "Is anybody there?"})
    world.step(app="bot", stays_silent="100ms")
    assert re.fullmatch(r"standby, not ours to answer: \d+", bot.output.next())
    world.step(app="desk", sends="Yes, this is Dora.")
    world.step(app="desk", passes="bot")
    world.step(app="bot", sends={"text": "I am back. What would you like?"})
    world.expect({"owner": "bot"})


def test_the_menu_leads_to_a_human_too(world: World, bot: Bot) -> None:
    world.step(user="alice", taps_menu="Talk to a human")
    world.step(app="bot", sends=HUMAN)
    world.expect({"owner": "desk"})


# --- Trouble ---


@pytest.mark.parametrize("reply", ["temporary_send_failure", "rate_limited", "unavailable"])
def test_a_send_that_fails_for_now_is_tried_again(world: World, bot: Bot, reply: str) -> None:
    world.step(fault={"at": "send", "reply": reply, "times": 2})
    world.step(user="alice", says="Hi")
    greets(world, "Alice")
    assert len(world.calls("/me/messages")) == 3


def test_an_error_page_of_the_edge_is_tried_again(world: World, bot: Bot) -> None:
    world.step(fault={"at": "send", "html": 502})
    world.step(user="alice", says="Hi")
    greets(world, "Alice")


def test_the_fourth_failure_is_the_last_one(world: World, bot: Bot) -> None:
    world.step(fault={"at": "send", "reply": "temporary_send_failure", "times": 4})
    world.step(user="alice", says="Hi")
    assert re.match(r"cannot answer \d+: code 1200, ", bot.errors.next())
    assert len(world.calls("/me/messages")) == 4


def test_a_refusal_is_logged_and_not_tried_again_and_the_bot_goes_on(world: World, bot: Bot) -> None:
    world.step(fault={"at": "send", "reply": "recipient_not_available"})
    world.step(user="alice", says="Hi")
    assert re.match(r"cannot answer \d+: code 551, subcode 1893047: \(#551\) ", bot.errors.next())
    world.step(user="alice", says="Hello?")
    greets(world, "Alice")
    assert len(world.calls("/me/messages")) == 2


def test_a_message_whose_answer_is_lost_is_not_sent_twice(world: World, bot: Bot) -> None:
    world.step(fault={"at": "send", "breaks": "reset", "after": True})
    world.step(user="alice", says="Hi")
    assert re.match(r"cannot answer \d+: no answer: ReadError", bot.errors.next())
    assert len(world.calls("/me/messages")) == 1


def test_without_the_profile_of_the_person_the_greeting_has_no_name(world: World, bot: Bot) -> None:
    world.step(fault={"at": "profile_read", "reply": "unknown_error"})
    world.step(user="alice", says="Hi")
    world.step(app="bot", sends={"text": "Hello! What would you like?"})
    assert re.match(r"no profile of \d+: code 1, ", bot.errors.next())


def test_a_webhook_that_comes_twice_is_answered_once(world: World, bot: Bot) -> None:
    world.step(fault={"webhook": "messages", "app": "bot", "goes": "twice"})
    world.step(user="alice", says="Hi")
    greets(world, "Alice")
    world.step(app="bot", stays_silent="100ms")


@pytest.mark.parametrize("signed", ["wrong_secret", "sha1", "not"])
def test_a_forged_webhook_is_refused_and_not_answered(world: World, bot: Bot, signed: str) -> None:
    world.step(fault={"webhook": "messages", "app": "bot", "signed": signed})
    world.step(user="alice", says="Hi")
    world.expect({"app": "bot", "delivery": {"field": "messages", "attempt": 1, "status": 403, "said": "wrong signature"}})
    world.step(app="bot", stays_silent="100ms")


# --- The webhook ---


def test_the_challenge_comes_back_for_the_right_verify_token_only(world: World, bot: Bot) -> None:
    right = world.env("bot")["GRAPHDOUBLE_VERIFY_TOKEN"]  # the bot was attached with it
    for mode, token in [("subscribe", "open-barley"), ("unsubscribe", right)]:
        query = {"hub.mode": mode, "hub.challenge": "1158201444", "hub.verify_token": token}
        answer = httpx.get(bot.url, params=query, trust_env=False)
        assert (answer.status_code, answer.text) == (403, "wrong verify token")
    assert httpx.get(bot.url, trust_env=False).status_code == 403


def test_what_is_too_large_or_not_json_or_elsewhere_is_refused_and_the_bot_goes_on(world: World, bot: Bot) -> None:
    secret = world.made["apps"]["bot"]["secret"]

    def post(body: bytes) -> tuple[int, str]:
        signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        answer = httpx.post(bot.url, content=body, headers={"X-Hub-Signature-256": signature}, trust_env=False)
        return answer.status_code, answer.text

    limit = 1024 * 1024
    assert post(b'"' + b"x" * (limit - 1) + b'"') == (413, "body too large")
    assert post(b'"' + b"x" * (limit - 2) + b'"') == (200, "EVENT_RECEIVED")
    assert post(b'{"entry":') == (400, "bad request")
    assert bot.errors.next().startswith("bad request: ")
    assert httpx.get(bot.url.replace("/webhook", "/"), trust_env=False).status_code == 404
    assert httpx.delete(bot.url, trust_env=False).status_code == 405
    world.step(user="alice", says="Hi")
    greets(world, "Alice")


# --- Settings ---


def failure(settings: dict[str, str]) -> tuple[int, str]:
    process = spawn_bot(settings)
    _, errors = process.communicate(timeout=10)
    return process.returncode, errors


@pytest.mark.parametrize("name", ["GRAPH_URL", "PAGE_TOKEN", "APP_ID", "APP_SECRET", "VERIFY_TOKEN"])
def test_a_setting_that_is_missing_is_one_line_and_exit_code_1(world: World, name: str) -> None:
    assert failure(settings_of(world) | {name: ""}) == (1, f"missing environment variable: {name}\n")


def test_a_wrong_port_or_token_is_one_line_and_exit_code_1(world: World, bot: Bot) -> None:
    settings = settings_of(world)
    assert failure(settings | {"PORT": "http"}) == (1, "PORT is not a port number: http\n")
    port = str(httpx.URL(bot.url).port)
    code, text = failure(settings | {"PORT": port})
    assert code == 1 and re.fullmatch(rf"cannot listen on port {port}: .*in use\n", text)
    code, text = failure(settings | {"PAGE_TOKEN": "EAAnone"})
    assert code == 1 and re.fullmatch(r"cannot set the profile of the page: code 190, .*\n", text)
