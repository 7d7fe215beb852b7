"""A user of Locust, with bots in this process. It is run in a process of its own, because Locust patches the sockets."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphdouble import Server, World, contains, run_bot, start
from graphdouble.ports import lease_port
from locust.env import Environment
from locust_graphdouble import GraphdoubleUser, Report

HERE = Path(__file__).parent
WORLD = {"apps": {"bot": {}}, "pages": {"shop": {"default_app": "bot", "apps": {"bot": {}}}}, "people": {"crowd": {"count": 100}}}


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with start() as server:
        yield server


@pytest.fixture
def world(server: Server) -> Iterator[World]:
    """A world whose bot answers at once."""
    with server.create_world(WORLD, clock="follow") as world:
        app = world.app()
        env = app.env({"GRAPH_URL": "url", "PAGE_TOKEN": "token"}) | {"DELAY_MS": "0"}
        bot = run_bot([sys.executable, HERE / "known_bot.py"], env=env, ready=r"listening on (\S+)")
        app.webhook(bot.url)
        yield world
        bot.stop()


class Fired(list[dict[str, Any]]):
    """The requests that Locust got."""

    def failures(self) -> list[tuple[str, str]]:
        return [(one["request_type"], type(one["exception"]).__name__) for one in self if one["exception"]]


@pytest.fixture
def fired() -> Fired:
    return Fired()


@pytest.fixture
def user(server: Server, world: World, fired: Fired) -> Iterator[GraphdoubleUser]:
    """A user who has begun."""
    kind = type("Shopper", (GraphdoubleUser,), {"world": world.name, "within": "2s"})
    environment = Environment(user_classes=[kind], host=server.url)
    environment.events.request.add_listener(lambda **request: fired.append(request))
    user = kind(environment)
    user.on_start()
    yield user
    user.on_stop()


def test_an_answer_is_two_requests(user: GraphdoubleUser, fired: Fired) -> None:
    exchange = user.says("Hi", answer=contains("Hello"))
    assert exchange.texts == ["Hello! You said: Hi"]
    assert [(one["request_type"], one["name"], one["exception"]) for one in fired] == [("WEBHOOK", "says", None), ("ANSWER", "says", None)]
    assert [one["response_time"] for one in fired] == [exchange.ms["webhook"], exchange.ms["first"]]
    assert fired[1]["response_length"] == len("Hello! You said: Hi")
    assert f"person={user.person.name}" in fired[1]["url"]


def test_a_request_has_the_name_of_its_verbs_or_one_of_its_own(user: GraphdoubleUser, fired: Fired) -> None:
    user.says("Hi", name="greeting")
    user.says("Hi", replies_to="Hello! You said: Hi")
    assert [one["name"] for one in fired if one["request_type"] == "ANSWER"] == ["greeting", "says"]


def test_a_wrong_answer_and_silence(user: GraphdoubleUser, fired: Fired) -> None:
    user.says("Hi", answer="Good morning", within="50ms")
    user.sends({"attachments": [{"type": "image", "url": "https://shop.example/a.png"}]}, within="50ms")
    assert fired.failures() == [("ANSWER", "WrongAnswer"), ("ANSWER", "Silent")]
    assert fired[-1]["response_time"] > 0, "who was not answered has waited all the same"


def test_a_refused_call_of_the_bot(user: GraphdoubleUser, world: World, fired: Fired) -> None:
    world.fault(at="send", reply="rate_limited")
    user.says("Hi")
    assert fired.failures() == [("ANSWER", "Refused")]
    assert "613" in str(fired[-1]["exception"])


def test_a_webhook_that_the_bot_does_not_take(user: GraphdoubleUser, world: World, fired: Fired) -> None:
    world.fault(webhook="messages", fails=500, times="always")
    user.says("Hi", within="100ms")
    assert ("ANSWER", "NotTaken") in fired.failures()


def test_a_webhook_that_a_rule_withholds(user: GraphdoubleUser, world: World, fired: Fired) -> None:
    world.call(as_="bot", delete="/me/subscribed_apps")
    user.says("Hi", within="100ms")
    assert fired.failures() == [("ANSWER", "Withheld")]
    assert "withheld by webhook.withheld" in str(fired[0]["exception"])


def test_a_person_who_cannot_do_this(user: GraphdoubleUser, fired: Fired) -> None:
    user.says("Hi")
    assert user.taps_quick_reply("Nothing like this", within="50ms") is None
    assert fired.failures() == [("ANSWER", "CannotAct")]


def test_users_claim_members_of_a_crowd_and_worlds_in_turn(server: Server, world: World) -> None:
    with server.create_world(WORLD, clock="follow") as other:
        kind = type("Shopper", (GraphdoubleUser,), {"world": [world.name, other.name], "crowd": "crowd"})
        environment = Environment(user_classes=[kind], host=server.url)
        users = [kind(environment) for _ in range(4)]
        for user in users:
            user.on_start()
        people = sorted((user.graphdouble.name, user.person.name) for user in users)
        assert people == sorted((name, person) for name in (world.name, other.name) for person in ("crowd.1", "crowd.2"))


def test_the_report_has_the_worst_threads_and_the_lints(user: GraphdoubleUser, world: World) -> None:
    user.says("Hi")
    user.says("Hi", answer="Good morning", within="50ms")
    world.call(as_="bot", get="/v2.0/me")
    text = Report.of(user.environment).text()
    assert "2 exchanges: answered 1, silent 1" in text
    assert text.count(f"{user.person.name}  says") == 1, "a thread stands there once"
    assert f"lints of {world.name} at {world.url}:" in text


def test_where_the_server_is_must_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRAPHDOUBLE_URL", raising=False)
    kind = type("Shopper", (GraphdoubleUser,), {})
    with pytest.raises(Exception, match="where is graphdouble"):
        kind(Environment(user_classes=[kind])).on_start()


LOCUSTFILE = """
from locust import between, task
from locust_graphdouble import GraphdoubleUser

class Shopper(GraphdoubleUser):
    world = "{world}"
    wait_time = between(0.05, 0.2)

    @task
    def asks(self):
        self.says("Hi", answer={{"contains": "Hello"}})
"""


def test_two_workers_and_a_master_count_together(world: World, tmp_path: Path) -> None:
    (tmp_path / "locustfile.py").write_text(LOCUSTFILE.format(world=world.name))
    locust = [sys.executable, "-m", "locust"]
    port = str(lease_port())
    workers = [
        subprocess.Popen([*locust, "--worker", "--master-port", port], cwd=tmp_path, stderr=subprocess.DEVNULL) for _ in range(2)
    ]
    flags = ["--headless", "-u", "8", "-r", "8", "-t", "7s", "--expect-workers", "2", "--master-bind-port", port, "--json"]
    master = [*locust, "--master", "--host", world.url, *flags]
    ran = subprocess.run(master, cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False)
    for worker in workers:
        worker.wait(30)
    assert ran.returncode == 0, ran.stderr
    begin = ran.stdout.index("[")
    table = {row["method"]: row for row in json.loads(ran.stdout[begin:])}
    assert table["ANSWER"]["num_requests"] == table["WEBHOOK"]["num_requests"] > 0
    assert table["ANSWER"]["num_failures"] == 0
    report = ran.stdout[:begin]
    assert re.search(r"graphdouble: (\d+) exchanges: answered \1\n", report), report
    assert re.search(r"the worst threads:\n +[0-9.]+ ms  answered   person-\d+  says  http://", report)
