"""Bots as processes, and WSGI applications."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from graphdouble import GraphdoubleError, World, bot, run_bot, serve_wsgi
from graphdouble import ports as ports_of_bots

SERVER = """
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Bot(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(os.environ["GREETING"].encode())
server = HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Bot)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
"""


def test_a_bot_listens_on_the_port_that_it_is_given_or_on_its_own() -> None:
    given = run_bot([sys.executable, "-c", SERVER], env={"GREETING": "hi"}, webhook="/hook")
    chosen = run_bot([sys.executable, "-c", SERVER], env={"GREETING": "hi"}, ready=r"listening on (\S+)")
    try:
        assert given.url.endswith("/hook") and chosen.url.endswith("/webhook")
        assert given.log.startswith("listening on")
    finally:
        assert (given.stop(), chosen.stop()) == (143, 143)


def test_a_bot_that_ends_shows_what_it_printed() -> None:
    with pytest.raises(GraphdoubleError, match=r"ended before it listened on port \d+ \(exit code 4\). It printed:\nno token"):
        run_bot([sys.executable, "-c", "import sys; print('no token'); sys.exit(4)"])
    with pytest.raises(GraphdoubleError, match="printed no line like `ready`"):
        run_bot([sys.executable, "-c", "print('what')"], ready="ready")
    with pytest.raises(GraphdoubleError, match="cannot run no-such-command"):
        run_bot("no-such-command --flag")


def test_a_port_that_somebody_takes_first_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        ports = iter([taken.getsockname()[1], ports_of_bots.lease_port()])
        monkeypatch.setattr(bot, "lease_port", lambda: next(ports))
        ran = run_bot([sys.executable, "-c", SERVER], env={"GREETING": "hi"})
        ran.stop()
    assert next(ports, None) is None


LEASES = """
import sys
from graphdouble import ports
ports.PORTS = range(32_100, 32_110)
print([ports.lease_port() for _ in range(int(sys.argv[1]))], flush=True)
sys.stdin.read()
"""


def test_no_two_processes_lease_the_same_port(monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-c", LEASES, "4"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        theirs = json.loads(other.stdout.readline())
        monkeypatch.setattr(ports_of_bots, "PORTS", range(32_100, 32_110))
        ours = [ports_of_bots.lease_port() for _ in range(6)]
        assert len({*theirs, *ours}) == 10
        with pytest.raises(GraphdoubleError, match="no port from 32100 to 32110 is free"):
            ports_of_bots.lease_port()
        ports_of_bots.return_port(ours[0])
        assert ports_of_bots.lease_port() == ours[0]
        other.kill()
    assert ports_of_bots.lease_port() in theirs, "a process that was killed has no lease"
    for number in [*ours, *theirs]:
        ports_of_bots.return_port(number)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Takes webhooks, and makes the handshake."""
    query = dict(part.split("=", 1) for part in environ["QUERY_STRING"].split("&") if "=" in part)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [query.get("hub.challenge", "ok").encode()]


def broken(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("500 Internal Server Error", [])
    return [b"oh no"]


def test_a_wsgi_application_takes_webhooks(world: World) -> None:
    with serve_wsgi(application) as url:
        bot = world.app("bot")
        bot.webhook(url)
        world.person("alice").says("Hi")
        bot.has_delivery(field="messages", status=200)
        assert bot.refresh()["webhook"]["url"] == url
        bot.webhook(None)
        assert bot.description["webhook"] is None


def test_a_bot_that_answers_500_fails_the_step_that_wrote_to_it(world: World) -> None:
    with serve_wsgi(broken) as url:
        world.app("bot").webhook(url, verify=False)
        with pytest.raises(AssertionError, match="500"):
            world.person("alice").says("Hi")
