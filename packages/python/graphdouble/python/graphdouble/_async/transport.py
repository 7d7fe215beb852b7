"""HTTP on the streams of asyncio: a connection a call. A call that is cancelled is closed, and the server stops waiting for it."""

from __future__ import annotations

import asyncio
import http.client
import io
import ssl
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

    async def perform(self, call: Call) -> Any:
        """Makes the call. An answer that is an error is raised."""
        try:
            status, content = await asyncio.wait_for(self._exchange(call), call.seconds)
        except (OSError, http.client.HTTPException, TimeoutError, asyncio.TimeoutError) as error:
            late = f" within {call.seconds:.0f} s" if isinstance(error, TimeoutError | asyncio.TimeoutError) else ""
            what = f"{call.method} {call.path} had no answer{late}"
            raise ServerGone(f"the server at {self.url} is gone: {what}: {error or type(error).__name__}") from None
        return read(self.url, call, status, content)

    async def _exchange(self, call: Call) -> tuple[int, bytes]:
        secure = ssl.create_default_context() if self._address.scheme == "https" else None
        port = self._address.port or (443 if secure else 80)
        reader, writer = await asyncio.open_connection(self._address.hostname, port, ssl=secure)
        try:
            writer.write(self._request(call))
            await writer.drain()
            return _response(call.method, await reader.read())
        finally:
            writer.close()

    def _request(self, call: Call) -> bytes:
        content = call.content or b""
        headers = {"Host": self._address.netloc, "Connection": "close", "Content-Length": str(len(content)), **call.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{call.method} {call.target} HTTP/1.1\r\n{head}\r\n".encode() + content

    def close(self) -> None:
        """Nothing stays open between calls."""


class _Read:
    """Bytes that were read, in place of a socket."""

    def __init__(self, content: bytes):
        self.content = content

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self.content)


def _response(method: str, content: bytes) -> tuple[int, bytes]:
    response = http.client.HTTPResponse(_Read(content), method=method)  # type: ignore[arg-type]
    response.begin()
    return response.status, response.read()
