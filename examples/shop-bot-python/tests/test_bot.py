"""Nothing here sleeps: what a test expects is waited for on the server."""

import hashlib
import hmac
import re
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from conftest import SETTINGS
from graphdouble import Bot, GraphdoubleError, Person, World, run_bot

CHOICES = [{"title": title} for title in ["Bread", "Cake", "Talk to a human"]]
HUMAN = "One moment, a colleague will answer you."
IMAGE = {"attachments": [{"type": "image", "url": "https://example.test/a.png"}]}


@pytest.fixture
def world(graphdouble_world: World) -> World:
    return graphdouble_world


@pytest.fixture
def bot(graphdouble_bot: Bot) -> Bot:
    return graphdouble_bot


@pytest.fixture
def alice(world: World) -> Person:
    return world.person("alice")


def greeting(name: str) -> str:
    return f"Hello, {name}! What would you like?"


def texts(world: World, person: Person) -> list[str]:
    """What the bot has said to a person."""
    return [message.text for message in world.thread(person).transcript if message.from_ == "bot"]


# --- A conversation ---


def test_whoever_writes_is_greeted_by_name_and_can_tap_what_there_is(world: World, bot: Bot) -> None:
    bob = world.person("bob")
    bob.says("Grüß Gott / 100%")
    assert bob.gets(greeting("Jürg"), quick_replies=CHOICES).quick_replies == ["Bread", "Cake", "Talk to a human"]


def test_the_menu_and_get_started_are_there_before_anybody_writes(world: World, bot: Bot, alice: Person) -> None:
    alice.gets_started()
    alice.gets(greeting("Alice"))
    alice.taps_menu("Our goods")
    alice.gets(greeting("Alice"))
    profile = world.call(as_="bot", get="/me/messenger_profile?fields=greeting").answer
    assert profile["data"][0]["greeting"][0]["text"] == "Fresh bread and cake, every day."


def test_from_the_greeting_to_an_order(bot: Bot, alice: Person) -> None:
    alice.says("Hi")
    alice.taps_quick_reply("Cake")
    alice.gets(attachments=[{"type": "image", "payload": {"url": "https://bakery.example/cake.jpg"}}])
    alice.taps_button("Order cake")
    alice.gets("Thank you! Your cake is ready in 5 minutes.")


def test_a_picture_is_thanked_for(bot: Bot, alice: Person) -> None:
    alice.sends(IMAGE)
    alice.gets("Thank you for the picture!")


def test_answers_to_one_person_keep_their_order(world: World, bot: Bot, alice: Person) -> None:
    # Both messages come in one delivery, and the first answer needs more time than the second.
    world.fault(webhook="messages", app="bot", batch=2)
    world.fault(at="profile_read", latency="200ms")
    alice.says("Hi")
    alice.sends(IMAGE)
    alice.gets("Thank you for the picture!")
    assert texts(world, alice) == [greeting("Alice"), "Thank you for the picture!"]


def test_answers_to_another_person_do_not_wait(world: World, bot: Bot, alice: Person) -> None:
    bob = world.person("bob")
    world.fault(at="profile_read", to=alice, latency="1s")
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(alice.says, "Hi")
        bob.says("Hi")
        bob.gets(greeting("Jürg"))
        assert texts(world, alice) == []
        slow.result()
    alice.gets(greeting("Alice"))


# --- Hand-over ---


def test_human_passes_the_thread_to_the_desk_and_the_bot_is_silent_until_it_comes_back(world: World, bot: Bot, alice: Person) -> None:
    app, desk = world.app("bot"), world.app("desk")
    alice.says(" Human \n")
    app.sends(HUMAN, thread_control={"payload": "pass_thread_control"})
    alice.is_owned_by("desk")
    desk.gets("messaging_handovers")
    alice.says("Is anybody there?")
    app.gets("standby", text="Is anybody there?")
    app.stays_silent("100ms")
    bot.line(r"^standby, not ours to answer: \d+$")
    desk.sends("Yes, this is Dora.")
    desk.passes("bot")
    alice.gets("I am back. What would you like?")
    alice.is_owned_by("bot")


def test_the_menu_leads_to_a_human_too(bot: Bot, alice: Person) -> None:
    alice.taps_menu("Talk to a human")
    alice.gets(HUMAN)
    alice.is_owned_by("desk")


# --- Trouble ---


@pytest.mark.parametrize("reply", ["temporary_send_failure", "rate_limited", "unavailable"])
def test_a_send_that_fails_for_now_is_tried_again(world: World, bot: Bot, alice: Person, reply: str) -> None:
    world.fault(at="send", reply=reply, times=2)
    alice.says("Hi")
    alice.gets(greeting("Alice"))
    assert len(world.calls("/me/messages")) == 3


def test_an_error_page_of_the_edge_is_tried_again(world: World, bot: Bot, alice: Person) -> None:
    world.fault(at="send", html=502)
    alice.says("Hi")
    alice.gets(greeting("Alice"))


def complains(bot: Bot, complaints: list[str], pattern: str) -> None:
    """Waits until the bot prints this complaint, which belongs to the test."""
    complaints.append(pattern)
    bot.line(f"^{pattern}")


def test_the_fourth_failure_is_the_last_one(world: World, bot: Bot, alice: Person, complaints: list[str]) -> None:
    world.fault(at="send", reply="temporary_send_failure", times=4)
    alice.says("Hi")
    complains(bot, complaints, r"cannot answer \d+: code 1200, ")
    assert len(world.calls("/me/messages")) == 4


def test_a_refusal_is_logged_and_not_tried_again_and_the_bot_goes_on(world: World, bot: Bot, alice: Person, complaints: list[str]) -> None:
    world.fault(at="send", reply="recipient_not_available")
    alice.says("Hi")
    complains(bot, complaints, r"cannot answer \d+: code 551, subcode 1893047: \(#551\) ")
    alice.says("Hello?")
    alice.gets(greeting("Alice"))
    assert len(world.calls("/me/messages")) == 2


def test_a_message_whose_answer_is_lost_is_not_sent_twice(world: World, bot: Bot, alice: Person, complaints: list[str]) -> None:
    world.fault(at="send", breaks="reset", after=True)
    alice.says("Hi")
    complains(bot, complaints, r"cannot answer \d+: no answer: ReadError")
    assert len(world.calls("/me/messages")) == 1


def test_without_the_profile_of_the_person_the_greeting_has_no_name(world: World, bot: Bot, alice: Person, complaints: list[str]) -> None:
    world.fault(at="profile_read", reply="unknown_error")
    alice.says("Hi")
    alice.gets("Hello! What would you like?")
    complains(bot, complaints, r"no profile of \d+: code 1, ")


def test_a_webhook_that_comes_twice_is_answered_once(world: World, bot: Bot, alice: Person) -> None:
    world.fault(webhook="messages", app="bot", goes="twice")
    alice.says("Hi")
    alice.gets(greeting("Alice"))
    alice.gets_nothing(within="100ms")


@pytest.mark.parametrize("signed", ["wrong_secret", "sha1", "not"])
def test_a_forged_webhook_is_refused_and_not_answered(world: World, bot: Bot, alice: Person, signed: str) -> None:
    world.fault(webhook="messages", app="bot", signed=signed)
    alice.says("Hi")
    world.app("bot").has_delivery(field="messages", attempt=1, status=403, said="wrong signature")
    alice.gets_nothing(within="100ms")


# --- The webhook ---


def test_the_challenge_comes_back_for_the_right_verify_token_only(world: World, bot: Bot) -> None:
    right = world.app("bot").env()["GRAPHDOUBLE_VERIFY_TOKEN"]  # the bot was attached with it
    for mode, token in [("subscribe", "open-barley"), ("unsubscribe", right)]:
        query = {"hub.mode": mode, "hub.challenge": "1158201444", "hub.verify_token": token}
        answer = httpx.get(bot.url, params=query, trust_env=False)
        assert (answer.status_code, answer.text) == (403, "wrong verify token")
    assert httpx.get(bot.url, trust_env=False).status_code == 403


def test_what_is_too_large_or_not_json_or_elsewhere_is_refused_and_the_bot_goes_on(
    world: World, bot: Bot, alice: Person, complaints: list[str]
) -> None:
    secret = world.app("bot").secret

    def post(body: bytes) -> tuple[int, str]:
        signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        answer = httpx.post(bot.url, content=body, headers={"X-Hub-Signature-256": signature}, trust_env=False)
        return answer.status_code, answer.text

    limit = 1024 * 1024
    assert post(b'"' + b"x" * (limit - 1) + b'"') == (413, "body too large")
    assert post(b'"' + b"x" * (limit - 2) + b'"') == (200, "EVENT_RECEIVED")
    assert post(b'{"entry":') == (400, "bad request")
    complains(bot, complaints, "bad request: ")
    assert httpx.get(bot.url.replace("/webhook", "/"), trust_env=False).status_code == 404
    assert httpx.delete(bot.url, trust_env=False).status_code == 405
    alice.says("Hi")
    alice.gets(greeting("Alice"))


# --- Settings ---


def failure(request: pytest.FixtureRequest, settings: dict[str, str]) -> str:
    """How the bot ends that is started with these settings."""
    with pytest.raises(GraphdoubleError) as failed:
        run_bot([sys.executable, "bot.py"], env=settings, ready=r"listening on (\S+)", folder=request.config.rootpath)
    return str(failed.value)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_is_missing_is_one_line_and_exit_code_1(request: pytest.FixtureRequest, world: World, name: str) -> None:
    text = failure(request, world.app("bot").env(SETTINGS) | {name: ""})
    assert text.endswith(f"(exit code 1). It printed:\nmissing environment variable: {name}")


def test_a_wrong_port_or_token_is_one_line_and_exit_code_1(request: pytest.FixtureRequest, world: World) -> None:
    settings = world.app("bot").env(SETTINGS)
    assert failure(request, settings | {"PORT": "http"}).endswith("(exit code 1). It printed:\nPORT is not a port number: http")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert re.search(rf"\(exit code 1\). It printed:\ncannot listen on port {port}: .*in use$", failure(request, settings | {"PORT": str(port)}))
    text = failure(request, settings | {"PAGE_TOKEN": "EAAnone"})
    assert re.search(r"\(exit code 1\). It printed:\ncannot set the profile of the page: code 190, .*$", text)
