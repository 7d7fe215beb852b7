"""A world: everything that a test does and asks happens here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from ..answers import Answer, Explanation, Fault, Finding, Step, Thread
from ..errors import Mistake
from ..page import inspector_url
from ..protocol import Call, path
from ..values import length, plain, words
from .actors import Admin, App, Crowd, Inbox, Person
from .transport import Transport

# Failures point at the line of the test, not at one of these.
__tracebackhide__ = True

#: Apps that every page has, and that nobody declares.
META_APPS = ("inbox", "lead_ads")


class World:
    """A world of its own, with its ids, tokens and secrets in `description`."""

    def __init__(
        self,
        transport: Transport,
        description: dict[str, Any],
        perform: Callable[[Call], Awaitable[Any]],
        session_name: str | None = None,
    ):
        self._transport, self._perform, self._session = transport, perform, session_name
        self.description = Answer(description)
        self.name: str = description["name"]
        #: The messages that `gets` has returned, those of bots that a step has claimed, and the last one that a step has made or claimed.
        self._matched: set[str] = set()
        self._claimed: set[str] = set()
        self._last_mid: str | None = None

    def __repr__(self) -> str:
        return f"<World {self.name} at {self._transport.url}>"

    # --- Who is in it ---

    @property
    def url(self) -> str:
        """The Graph URL, in place of `https://graph.facebook.com`."""
        return self._transport.url

    @property
    def page_url(self) -> str:
        """Where a person can look at this world."""
        return inspector_url(self.url, self.name)

    @property
    def pages(self) -> list[str]:
        """The names of the pages and the Instagram accounts."""
        return list(self.description["pages"])

    @property
    def apps(self) -> list[str]:
        """The names of the apps that the world declares."""
        return [name for name in self.description["apps"] if name not in META_APPS]

    def app(self, name: str | None = None) -> App:
        """An app: the one of this name, or the only one."""
        return App(self, self._only(name, self.apps, "app"))

    def admin(self, page: str | None = None) -> Admin:
        """Somebody who administrates a page: the one of this name, or the only one."""
        return Admin(self, self._only(page, self.pages, "page"))

    def inbox(self, page: str | None = None) -> Inbox:
        """Somebody at the Business Suite inbox of a page: the one of this name, or the only one."""
        return Inbox(self, self._only(page, self.pages, "page"))

    def _only(self, name: str | None, known: list[str], kind: str) -> str:
        if name is None and len(known) == 1:
            return known[0]
        if name is None or (name not in known and name not in META_APPS):
            names = ", ".join(known)
            text = f"there is no {kind} `{name}` in the world" if name else f"which {kind} is meant? There are several"
            raise Mistake(f"{text}: known are {names}" if name else f"{text}: {names}", 404, self.page_url)
        return name

    async def person(self, name: str | None = None, **declared: Any) -> Person:
        """Somebody new, or the person of this name, who is made if nobody is called so. `locale=` and the like are as in a world file."""
        if name is not None and not declared:
            if name in self.description["people"]:
                return Person(self, {"name": name, "psids": self.description["people"][name]["psids"]})
            try:
                return Person(self, await self._call("GET", "people", name))
            except Mistake as error:
                if error.status != 404:
                    raise
        made = await self._call("POST", "people", body=words({"name": name, **declared}))
        return Person(self, made)

    async def crowd(self, count: int, **declared: Any) -> Crowd:
        """Many people at once, who cost nothing until they do something."""
        return Crowd(self, await self._call("POST", "people", body={"crowd": words({"count": count, **declared})}))

    async def claim(self, crowd: str = "crowd") -> Person:
        """A member of a crowd whom nobody else gets, however many callers ask."""
        return Person(self, await self._call("POST", "people", "claim", body={"of": crowd}))

    async def people(self, **query: Any) -> dict[str, Any]:
        """The people with names and the crowds, as the server lists them."""
        return Answer(await self._call("GET", "people", query=query))

    # --- What happens ---

    async def step(self, /, **given: Any) -> Step:
        """Performs one step, in the words of a scenario. `from_`, `as_` and the like are words that Python keeps for itself."""
        body = words(given)
        step = Step(await self._perform(self._make("POST", "steps", body=body, **self._about(body))))
        if "expect" not in body and step.mid:
            self._last_mid = step.mid
            if step["how"] == "observed":
                self._claimed.add(step.mid)
        return step

    async def expect(self, *expectations: Mapping[str, Any], **beside: Any) -> Step:
        """What must have happened since the last step that did something. It waits on the server for what a bot still has to do."""
        return await self.step(expect=list(expectations), **beside)

    async def clock(self, advance: str | timedelta | None = None, *, to: str | datetime | None = None) -> Step:
        """Moves the clock forward: `world.clock("+24h")`, or to a moment."""
        if (advance is None) == (to is None):
            raise ValueError("say how far, as in `clock(\"+24h\")`, or to which moment, as in `clock(to=…)`")
        if to is not None:
            return await self.step(clock={"to": to})
        text = length(advance) if isinstance(advance, timedelta) else str(advance)
        return await self.step(clock=text if text.startswith("+") else f"+{text}")

    async def now(self) -> str:
        """What the clock shows."""
        return str((await self._call("GET", "clock"))["now"])

    async def call(self, *, returns: Any = None, save: Any = None, page: Any = None, **call: Any) -> Step:
        """A raw Graph call: `world.call(as_="bot", get="/me", returns={"id": anything()})`."""
        return await self.step(call=words(call), returns=returns, save=save, page=page)

    async def expect_nothing(self, what: str = "messages", **beside: Any) -> Step:
        """No app has sent a message that nothing asked for; with `webhooks`, no app has got a webhook that nothing expects."""
        return await self.expect({"nothing": what, **beside})

    async def expect_rule(self, rule: str, **beside: Any) -> Step:
        """A rule was applied since the last step that did something."""
        return await self.expect({"rule": rule, **beside})

    # --- What goes wrong ---

    async def fault(self, **given: Any) -> Fault:
        """Arms a fault: `world.fault(at="send", reply="rate_limited", times=2)`."""
        return Fault(await self._call("POST", "faults", body=words(given)))

    async def faults(self) -> list[Fault]:
        """The faults that are armed, with how often they fired."""
        return [Fault(fault) for fault in (await self._call("GET", "faults"))["faults"]]

    async def disarm(self, fault: Fault | int | None = None) -> None:
        """Disarms one fault, or all."""
        number = fault.number if isinstance(fault, Fault) else fault
        await self._call("DELETE", "faults", *([] if number is None else [str(number)]))

    # --- What is there to see ---

    async def thread(self, *names: str | Person) -> Thread:
        """The thread of a person as it is now: `thread(alice)`, or `thread("shop", alice)` in a world of several pages."""
        page, person = self._thread(names)
        return Thread(await self._call("GET", "threads", page, person, page=page, person=person))

    async def threads(self, page: str | None = None) -> list[dict[str, Any]]:
        """All threads, each with its owner and its last message."""
        return list((await self._call("GET", "threads", query={"page": page}))["threads"])

    async def explain(self, *names: str | Person) -> Explanation:
        """Why a thread is as it is: its story, who got which webhook, and what each app may do now."""
        page, person = self._thread(names)
        return Explanation(await self._call("GET", "threads", page, person, "explain", page=page, person=person))

    async def ledger(self, **query: Any) -> list[dict[str, Any]]:
        """What happened: `ledger(kind="webhook", app="bot")`. `wait="2s"` waits for an entry if there is none yet."""
        return list((await self._call("GET", "ledger", query=words(query)))["entries"])

    async def calls(self, path: str | None = None, **query: Any) -> list[dict[str, Any]]:
        """The Graph calls of bots, oldest first, also those that were refused: `calls("/me/messages", app="bot")`."""
        return list((await self._call("GET", "calls", query=words({"path": path, **query})))["calls"])

    async def lint(self) -> list[Finding]:
        """What apps did wrong although nothing failed."""
        return [Finding(finding) for finding in (await self._call("GET", "lint"))["findings"]]

    async def answers(self) -> dict[str, Any]:
        """How long each app takes to answer, in percentiles."""
        return dict((await self._call("GET", "answers"))["apps"])

    async def scenario(self) -> str:
        """What happened, as a scenario file."""
        return bytes(await self._call("GET", "scenario", is_file=True)).decode()

    # --- Its state ---

    async def snapshot(self, wait: str | None = None) -> bytes:
        """The whole world as it is, as a file for `restore`."""
        return bytes(await self._call("GET", "snapshot", query={"wait": wait}, is_file=True))

    async def restore(self, snapshot: bytes, *, ids: str | None = None) -> None:
        """Puts the world back to a snapshot of it."""
        self.description = Answer(await self._call("PUT", "snapshot", query={"ids": ids}, body=snapshot))
        self._forget()

    async def reset(self, **given: Any) -> None:
        """Starts the world over: `reset(keep=["profile"])` keeps what the bot has set at its start."""
        await self._call("POST", "reset", body=words(given))
        self._forget()

    async def remove(self) -> None:
        """Removes the world. Its tokens become invalid."""
        await self._call("DELETE")

    def session(self, name: str) -> World:
        """The same world for a caller of its own, which sees neither what other callers have saved nor what they brought about."""
        return World(self._transport, self.description, self._perform, name)

    # --- How it is asked ---

    def _forget(self) -> None:
        self._matched, self._claimed, self._last_mid = set(), set(), None

    def _is_bot(self, author: str) -> bool:
        """True if it is an app with a webhook, whose messages come by themselves."""
        return bool((self.description["apps"].get(author) or {}).get("webhook"))

    def _thread(self, names: tuple[str | Person, ...]) -> tuple[str, str]:
        *page, person = [plain(name) for name in names] or [None]
        if len(page) > 1 or person is None:
            raise TypeError("a thread is that of a person, as in `thread(alice)`, or `thread(\"shop\", alice)`")
        return self._only(page[0] if page else None, self.pages, "page"), person

    def _about(self, body: dict[str, Any]) -> dict[str, Any]:
        """The thread that a step is about, for the address of the page in a failure."""
        first: dict[str, Any] = next(iter(body.get("expect") or []), {})
        message = first.get("message") or {}
        person = body.get("user") or body.get("to") or first.get("of") or message.get("to")
        page = body.get("page") or first.get("page") or (self.pages[0] if len(self.pages) == 1 else None)
        return {"page": page, "person": person}

    def _make(self, method: str, *parts: str, page: str | None = None, person: str | None = None, **more: Any) -> Call:
        where = path("worlds", self.name, *parts)
        return Call(method, where, session=self._session, world=self.name, page=page, person=person, **more)

    async def _call(self, method: str, *parts: str, **more: Any) -> Any:
        return await self._perform(self._make(method, *parts, **more))

    async def __aenter__(self) -> World:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.remove()
