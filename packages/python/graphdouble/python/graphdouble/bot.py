"""Bots: a process of its own, or a WSGI application in this one."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from .errors import GraphdoubleError
from .ports import lease_port, return_port

# Failures point at the line of the test, not at one of these.
__tracebackhide__ = True

START_S = 90.0
STOP_S = 10.0
LOG_LINES = 2000


class Bot:
    """A bot that runs as a process. Everything that it prints is in `log`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: str | os.PathLike[str] | None):
        self.command = list(command)
        self.url = ""
        #: The port that it was given, which nobody else gets as long as it runs.
        self.port: int | None = None
        self._lines: list[str] = []
        self._changed = threading.Condition()
        self._is_read = False
        guard = [sys.executable, "-S", "-E", str(Path(__file__).with_name("guard.py")), *self.command]
        self.process = subprocess.Popen(
            guard, env=dict(environment), cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._changed:
                self._lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                del self._lines[:-LOG_LINES]
                self._changed.notify_all()
        with self._changed:
            self._is_read = True
            self._changed.notify_all()

    @property
    def log(self) -> str:
        """The last lines that it has printed."""
        with self._changed:
            return "\n".join(self._lines)

    def line(self, pattern: str, timeout: float = START_S) -> re.Match[str]:
        """Waits until the bot prints a line like this."""
        fitting = re.compile(pattern)
        with self._changed:
            self._changed.wait_for(lambda: self._is_read or any(map(fitting.search, self._lines)), timeout)
            for line in self._lines:
                if match := fitting.search(line):
                    return match
        raise self._failed(f"printed no line like `{pattern}`")

    def listens(self, port: int, timeout: float = START_S) -> None:
        """Waits until the bot listens on this port."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise self._failed(f"ended before it listened on port {port}")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                # There is no event for "somebody listens"; the end of the process is one, so this waits for that.
                with self._changed:
                    self._changed.wait_for(lambda: self._is_read, 0.02)
        raise self._failed(f"did not listen on port {port} within {timeout:.0f} s")

    def _failed(self, what: str) -> GraphdoubleError:
        code = self.stop()
        return GraphdoubleError(f"the bot `{shlex.join(self.command)}` {what} (exit code {code}). It printed:\n{self.log or 'nothing'}")

    def stop(self) -> int:
        """Ends the bot and its children: SIGTERM, and five seconds later SIGKILL."""
        if self.process.stdin is not None:
            try:
                self.process.stdin.close()
            except OSError:
                pass
        try:
            code = self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self._reader.join(STOP_S)
        if self.port is not None:
            return_port(self.port)
        return code


def run_bot(
    command: str | Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    webhook: str = "/webhook",
    port: str = "PORT",
    ready: str | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> Bot:
    """Starts a bot and waits until it listens. Its port is in the environment variable `PORT`; `port` names another one.

    With `ready="listening on (\\S+)"` the bot chooses its port (`PORT` is 0), and says in such a line at which URL it listens."""
    arguments = shlex.split(command) if isinstance(command, str) else [os.fspath(word) for word in command]
    # HTTP clients send even calls to the loopback through a proxy, if the environment names one.
    base = {**os.environ, "no_proxy": "127.0.0.1,localhost", "NO_PROXY": "127.0.0.1,localhost", "PYTHONUNBUFFERED": "1"}
    if ready is not None:
        bot = Bot(arguments, {**base, port: "0", **(env or {})}, folder)
        found = bot.line(ready)
        bot.url = (found.group(1) if found.groups() else found.group(0)).rstrip("/") + webhook
        return bot
    for attempt in range(3):
        number = lease_port()
        bot = Bot(arguments, {**base, port: str(number), **(env or {})}, folder)
        bot.port = number
        try:
            bot.listens(number)
        except GraphdoubleError as error:
            # A program that knows nothing of leases took the port between our look and the bot's.
            if attempt < 2 and re.search(r"address already in use|EADDRINUSE", str(error), re.IGNORECASE):
                continue
            raise
        break
    bot.url = f"http://127.0.0.1:{number}{webhook}"
    return bot


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def server_bind(self) -> None:
        # Without the look-up of the host's name, which may take seconds.
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]
        self.setup_environ()


class _Handler(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """The ledger has all requests."""


@contextmanager
def serve_wsgi(application: Callable[..., Any], webhook: str = "/webhook") -> Iterator[str]:
    """Serves a WSGI application, such as Flask's or Django's, in threads of this process. Its value is the URL of the webhook."""
    server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{webhook}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(STOP_S)
