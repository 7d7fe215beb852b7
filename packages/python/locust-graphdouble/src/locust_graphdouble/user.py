"""A user of Locust who is a person in a world of graphdouble."""

from __future__ import annotations

import itertools
import os
import time
from typing import Any

from graphdouble import Exchange, GraphdoubleError, Person, Server, StepFailed, World, inspector_url
from graphdouble.verbs import UserVerbs
from locust import User
from locust.exception import LocustError

from .report import Report, Sample

#: What stands beside a verb, and is no part of the step.
OWN_WORDS = ("answer", "until", "within", "name")


class ExchangeFailed(Exception):
    """The bot has not answered as it should. Locust counts failures by this text, so it names nobody."""


class Silent(ExchangeFailed):
    """The bot took the webhook and said nothing in time."""


class WrongAnswer(ExchangeFailed):
    """The bot said something else."""


class Withheld(ExchangeFailed):
    """A rule kept the webhook from every app that may answer."""


class Refused(ExchangeFailed):
    """A Graph call of the bot failed."""


class NotTaken(ExchangeFailed):
    """The bot did not take the webhook."""


class CannotAct(ExchangeFailed):
    """The person cannot do this: for example, nobody has offered what is tapped."""


class GraphdoubleUser(UserVerbs, User):
    """A person who writes to a bot. Each verb (`says`, `taps_ad`, `taps_quick_reply` …) is an exchange: it acts, and returns when the bot has
    answered. Locust gets two numbers of it, both from the clock of the server: `ANSWER`, from the webhook to the first message of the bot, and
    `WEBHOOK`, until the bot took the webhook.

    The server is `host`, or GRAPHDOUBLE_URL. `world` is the name of a world on it, or several, to which users go in turn."""

    abstract = True
    #: The world, or several.
    world: str | list[str] = "default"
    #: A crowd of the world, of which each user gets a member. Without it each user is somebody new.
    crowd: str | None = None
    #: The page or account to which the user writes, in a world of several.
    page: str | None = None
    #: How long a person waits for an answer.
    within = "10s"

    _turns = itertools.count()

    def on_start(self) -> None:
        """Makes or claims the person. An `on_start` of your own calls it first."""
        url = self.environment.host or self.host or os.environ.get("GRAPHDOUBLE_URL")
        if not url:
            raise LocustError("where is graphdouble? Give its URL with --host, as `host` of the class, or in GRAPHDOUBLE_URL")
        self.server = Server(url)
        self.graphdouble: World = self.server.world(self._world_in_turn())
        self.person: Person = self.graphdouble.claim(self.crowd) if self.crowd else self.graphdouble.person()

    def _world_in_turn(self) -> str:
        if isinstance(self.world, str):
            return self.world
        # Workers begin at different worlds, so that few users in many workers do not all meet in the first.
        first = getattr(self.environment.runner, "worker_index", 0) or 0
        return self.world[(first + next(self._turns)) % len(self.world)]

    def on_stop(self) -> None:
        """Closes the connection."""
        if server := getattr(self, "server", None):
            server.stop()

    def _act(self, **step: Any) -> Exchange | None:
        """Every verb comes here. It returns what came of it, and `None` if the person could not do it."""
        own = {word: step.pop(word, None) for word in OWN_WORDS}
        if own["answer"] is not None:
            own["until"] = {"text": own["answer"]}
        name = own["name"] or "+".join(verb for verb in step if hasattr(UserVerbs, verb))
        until = own["until"] if own["until"] is not None else {"answers": 1}
        step.setdefault("page", self.page)
        begin, clock = time.time(), time.perf_counter()
        try:
            exchange = self.person.exchange(**step, until=until, within=own["within"] or self.within)
        except (StepFailed, GraphdoubleError) as error:
            took = (time.perf_counter() - clock) * 1000
            self._fire("ANSWER", name, begin, took, CannotAct(first_line(error)) if isinstance(error, StepFailed) else error)
            return None
        took = (time.perf_counter() - clock) * 1000
        self._count(name, begin, took, exchange)
        return exchange

    def _count(self, name: str, begin: float, took: float, exchange: Exchange) -> None:
        failure = failure_of(exchange)
        if exchange.ms["webhook"] is not None:
            failed = failure if isinstance(failure, NotTaken) else None
            self._fire("WEBHOOK", name, begin, exchange.ms["webhook"], failed)
        answered = exchange.ms["first"]
        length = sum(len(text) for text in exchange.texts)
        # Who was not answered has waited all the same.
        self._fire("ANSWER", name, begin, took if answered is None else answered, failure, length)
        waited = took if answered is None else answered + (exchange.ms["queue"] or 0)
        sample = Sample(waited, self.person.name, name, exchange.outcome, self._page_url())
        Report.of(self.environment).add(sample, exchange.ms["queue"] or 0, (self.server.url, self.graphdouble.name))

    def _page_url(self) -> str:
        pages = self.graphdouble.pages
        return inspector_url(self.server.url, self.graphdouble.name, self.page or (pages[0] if len(pages) == 1 else None), self.person.name)

    def _fire(self, kind: str, name: str, begin: float, ms: float, failure: Exception | None, length: int = 0) -> None:
        self.environment.events.request.fire(
            request_type=kind,
            name=name,
            response_time=ms,
            response_length=length,
            exception=failure,
            context={**self.context(), "person": self.person.name},
            start_time=begin,
            url=self._page_url(),
        )


def failure_of(exchange: Exchange) -> ExchangeFailed | None:
    """Why an exchange did not go well."""
    if exchange.outcome == "answered":
        return None
    if exchange.outcome == "withheld":
        return Withheld(f"withheld by {exchange['rule']}")
    if exchange.outcome == "not_taken":
        webhook = exchange["webhook"] or {}
        return NotTaken(str(webhook.get("failure") or f"the bot answered the webhook with {webhook.get('status')}"))
    if exchange.outcome == "refused":
        refused = exchange["refused"][0]
        return Refused(f"{refused['message']} ({refused['rule'] or refused['code']})")
    if exchange["answers"]:
        return WrongAnswer("the bot said something else")
    return Silent("the bot said nothing in time")


def first_line(error: Exception) -> str:
    return str(error).splitlines()[0].removeprefix("error: ")


__all__ = ["CannotAct", "ExchangeFailed", "GraphdoubleUser", "NotTaken", "Refused", "Silent", "Withheld", "WrongAnswer"]
