"""HTTP on `http.client`: a connection a thread, which stays open between calls."""

from __future__ import annotations

import http.client
import select
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

from ..errors import ServerGone
from ..protocol import Call, read

# Failures point at the line of the test, not at one of these.
__tracebackhide__ = True


class Transport:
    """Calls to one server."""

    def __init__(self, url: str):
        self.url = url.rstrip("/")
        self._address = urlsplit(self.url)
        self._own = threading.local()
        self._all: set[http.client.HTTPConnection] = set()

    def perform(self, call: Call) -> Any:
        """Makes the call. An answer that is an error is raised."""
        try:
            status, content = self._exchange(call)
        except (OSError, http.client.HTTPException) as error:
            self._forget()
            late = f" within {call.seconds:.0f} s" if isinstance(error, TimeoutError) else ""
            what = f"{call.method} {call.path} had no answer{late}"
            raise ServerGone(f"the server at {self.url} is gone: {what}: {error or type(error).__name__}") from None
        return read(self.url, call, status, content)

    def _exchange(self, call: Call) -> tuple[int, bytes]:
        connection = self._connection(call.seconds)
        try:
            connection.request(call.method, call.target, call.content, call.headers)
            response = connection.getresponse()
            content = response.read()
        except BaseException:
            # Half a call stands on it, also after Ctrl-C.
            self._forget()
            raise
        if response.will_close:
            self._forget()
        return response.status, content

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        # A connection on which something can be read between two calls was closed by the server.
        if connection and connection.sock and _is_readable(connection.sock):
            self._forget()
            connection = None
        if connection is None:
            kind = http.client.HTTPSConnection if self._address.scheme == "https" else http.client.HTTPConnection
            connection = kind(self._address.hostname or "", self._address.port, timeout=timeout)
            self._own.connection = connection
            self._all.add(connection)
        connection.timeout = timeout
        if connection.sock is None:
            connection.connect()
            assert connection.sock is not None
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sock.settimeout(timeout)
        return connection

    def _forget(self) -> None:
        connection = getattr(self._own, "connection", None)
        self._own.connection = None
        if connection:
            self._all.discard(connection)
            connection.close()

    def close(self) -> None:
        """Closes the connections of all threads."""
        while self._all:
            self._all.pop().close()
        self._own = threading.local()


def _is_readable(sock: socket.socket) -> bool:
    try:
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(sock, select.POLLIN)
            return bool(poll.poll(0))
        return bool(select.select([sock], [], [], 0)[0])
    except (OSError, ValueError):
        return True
