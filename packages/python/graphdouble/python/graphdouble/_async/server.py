"""A server, and the worlds on it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import GraphdoubleError, ServerGone
from ..page import inspector_url
from ..process import ServerProcess
from ..protocol import Call, path
from ..values import plain
from .transport import Transport
from .world import World

# Failures point at the line of the test, not at one of these.
__tracebackhide__ = True

#: What is served if nothing is said: an app, a page, and whoever writes.
SMALL_WORLD: dict[str, Any] = {
    "apps": {"bot": {}},
    "pages": {"shop": {"default_app": "bot", "apps": {"bot": {}}}},
    "people": "any",
}

Declared = Mapping[str, Any] | str | os.PathLike[str] | None


class Server:
    """A server that this process has started, or that runs already."""

    def __init__(self, url: str, process: ServerProcess | None = None):
        self.process = process
        self._transport = Transport(url)

    @property
    def url(self) -> str:
        """Where it listens. This is also the Graph URL, in place of `https://graph.facebook.com`."""
        return self._transport.url

    @property
    def page_url(self) -> str:
        """The address of the inspector page."""
        return inspector_url(self.url)

    async def version(self) -> str:
        """The version of the server."""
        return str((await self._perform(Call("GET", path("health"))))["version"])

    async def create_world(
        self,
        declared: Declared = None,
        *,
        name: str | None = None,
        clock: str | None = "frozen",
        expires: str | None = None,
    ) -> World:
        """Makes a world of a map, or of a world file, with fresh ids, tokens and secrets. Its clock stands still unless `clock="follow"`."""
        query = {"name": name, "clock": None if clock == "follow" else clock, "expires": expires}
        if isinstance(declared, str | os.PathLike):
            body: Any = Path(declared).read_bytes()
            named = ("the request", os.fspath(declared))
        else:
            body = json.dumps(plain(SMALL_WORLD if declared is None else declared), ensure_ascii=False, indent=1).encode()
            named = ("the request", "the world")
        made = await self._perform(Call("POST", path("worlds"), query=query, body=body, world=name, named=named))
        return World(self._transport, made, self._perform)

    async def world(self, name: str = "default") -> World:
        """A world that is there already."""
        made = await self._perform(Call("GET", path("worlds", name), world=name))
        return World(self._transport, made, self._perform)

    async def worlds(self) -> list[dict[str, Any]]:
        """All worlds, with their clocks and how much there is in them."""
        return list((await self._perform(Call("GET", path("worlds"))))["worlds"])

    async def _perform(self, call: Call) -> Any:
        try:
            return await self._transport.perform(call)
        except ServerGone as error:
            if self.process is None or not self.process.has_ended():
                raise
            code = self.process.process.returncode
            raise ServerGone(f"{error}\nit ended with exit code {code}{self.process.tail()}") from None

    @property
    def is_running(self) -> bool:
        """False if the server was started here and has ended."""
        return self.process is None or self.process.is_running

    def restart(self) -> None:
        """Starts the server anew, if it was started here. Its worlds are gone, and its URL is another one."""
        if self.process is None:
            raise GraphdoubleError(f"the server at {self.url} was not started here")
        self.stop()
        self.process = self.process.again()
        self._transport = Transport(self.process.url)

    def stop(self) -> None:
        """Ends the server, if it was started here."""
        self._transport.close()
        if self.process is not None:
            self.process.stop()

    async def __aenter__(self) -> Server:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop()


async def start(
    *, binary: str | os.PathLike[str] | None = None, within: str | None = None, arguments: Sequence[str] = ()
) -> Server:
    """Starts a server on a free port. `within` is how long its steps wait for a bot; `arguments` are further flags of `serve`."""
    flags = ["--within", within] if within else []
    # A start takes some milliseconds, which is less than a thread would take.
    process = ServerProcess(binary, [*flags, *arguments])
    return Server(process.url, process)


async def attach(url: str) -> Server:
    """A server that runs already."""
    server = Server(url)
    try:
        await server.version()
    except (LookupError, TypeError) as error:
        raise GraphdoubleError(f"{url} is no graphdouble") from error
    return server
