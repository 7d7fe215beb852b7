# generate.py makes this file of _async/actors.py.
"""Those who act in a world. Their verbs are the words of a step: `verbs.py` makes them from its schema."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..answers import Answer, Exchange, Message, Step, Thread
from ..environment import named_settings
from ..errors import Mistake
from ..matchers import fits
from ..values import plain, words
from ..verbs import AdminVerbs, AppVerbs, InboxVerbs, UserVerbs

if TYPE_CHECKING:
    from .world import World

# Failures point at the line of the test, not at one of these.
__tracebackhide__ = True


class _Actor:
    """Who acts, by a word of the step and a name."""

    _word: str

    def __init__(self, world: World, name: str):
        self.world, self.name = world, name

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    if not TYPE_CHECKING:  # for checkers of types, a verb that is not there is a mistake

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            known = [one for one in dir(type(self)) if not one.startswith("_")]
            near = difflib.get_close_matches(name, known, 1)
            hint = f", did you mean `{near[0]}`?" if near else f": known are {', '.join(known)}"
            raise AttributeError(f"{type(self).__name__} has no verb `{name}`{hint}")

    def _act(self, **given: Any) -> Step:
        return self.world.step(**{self._word: self.name}, **given)


class Person(UserVerbs, _Actor):
    """A person. What a person does is at once; `gets` waits for what a bot still has to say."""

    _word = "user"

    def __init__(self, world: World, description: Mapping[str, Any]):
        super().__init__(world, description["name"])
        self.description = Answer(description)

    @property
    def psid(self) -> str:
        """The page-scoped id, in a world of one page."""
        return self.psids[self.world._only(None, list(self.psids), "page")]

    @property
    def psids(self) -> dict[str, str]:
        """The scoped ids, by page."""
        return dict(self.description["psids"])

    def gets(
        self,
        text: Any = None,
        *,
        from_: Any = None,
        attachments: Any = None,
        quick_replies: Any = None,
        metadata: Any = None,
        within: Any = None,
        page: Any = None,
        save: Any = None,
    ) -> Message:
        """Waits on the server until the person has got a message like this, and returns it. Each message satisfies one `gets`."""
        like = words({"text": text, "attachments": attachments, "quick_replies": quick_replies, "metadata": metadata})
        expected = words({"message": words({"from": from_, "to": self.name, **like}), "within": within, "page": page, "save": save})
        if page is not None:
            expected["of"] = self.name
        self.world.expect(expected)
        return self._matched(like, plain(from_), plain(page))

    def _matched(self, like: dict[str, Any], author: str | None, page: str | None) -> Message:
        """The message that an expectation has just found."""
        for name in [page] if page else self.world.pages:
            try:
                transcript = (self.world.thread(name, self)).transcript
            except Mistake as error:
                if error.status != 404:
                    raise
                continue
            for message in self._in_order(transcript, author):
                if message.mid not in self.world._matched and fits(like, _seen(message)):
                    self.world._matched.add(message.mid)
                    return message
        raise Mistake(f"{self.name} got the message, but it has gone since", 404, self.world.page_url)

    def _in_order(self, transcript: list[Message], author: str | None) -> list[Message]:
        """The messages to the person, in the order in which the server looks at them: what came of the last step, and then what bots have
        said by themselves. If the author is a bot, it looks at all that this bot has said."""
        written = [message for message in transcript if message.from_ != self.name and author in (None, message.from_)]
        bots = [message for message in written if self.world._is_bot(message.from_)]
        if author is not None and bots:
            return bots
        last = self.world._last_mid
        begin = next((at for at, one in enumerate(transcript) if one.mid == last), 0)
        since = {message.mid for message in transcript[begin:]}
        window = [one for one in written if one.mid == last or (one.mid in since and not self.world._is_bot(one.from_))]
        return window + [one for one in bots if one.mid not in self.world._claimed]

    def gets_nothing(self, *, within: Any = None, page: Any = None) -> Step:
        """No app sends a message that no step has asked for. It must be waited for: `within` says for how long."""
        return self.world.expect(words({"nothing": "messages", "of": self.name, "within": within, "page": page}))

    def has_window(self, window: str, *, page: Any = None) -> Step:
        """The messaging window is `open` or `closed`, at once."""
        return self.world.expect(words({"window": window, "of": self.name, "page": page}))

    def is_owned_by(self, owner: Any, *, because: Any = None, within: Any = None, page: Any = None) -> Step:
        """Waits until this app, or `nobody`, has control of the thread."""
        owned = {"owner": owner, "of": self.name, "because": because, "within": within, "page": page}
        return self.world.expect(words(owned))

    def thread(self, page: str | None = None) -> Thread:
        """The thread as it is now."""
        return self.world.thread(*([page] if page else []), self)

    def exchange(self, *, until: Any = None, within: Any = None, **given: Any) -> Exchange:
        """Does something, and waits until the bot has answered: `alice.exchange(says="Hi", within="10s")`. It says how long that took."""
        body = words({"user": self.name, **given, "until": until, "within": within})
        return Exchange(self.world._call("POST", "exchanges", body=body, person=self.name))


def _seen(message: Message) -> dict[str, Any]:
    """A message as matchers see it."""
    return {**message.content, "metadata": message.get("metadata", message.content.get("metadata"))}


class App(AppVerbs, _Actor):
    """An app: a bot once its webhook is attached, and a puppet before."""

    _word = "app"

    @property
    def description(self) -> dict[str, Any]:
        """Its id, secrets, webhook and environment."""
        return dict(self.world.description["apps"][self.name])

    @property
    def id(self) -> str:
        return self.description["id"]

    @property
    def secret(self) -> str:
        return self.description["secret"]

    def token(self, page: str | None = None) -> str:
        """The page token: of the page of this name, or of the only one."""
        name = self.world._only(page, self.world.pages, "page")
        return self.world.description["pages"][name]["apps"][self.name]["token"]

    def env(self, settings: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of the bot. With a map, under names of its own: `{"PAGE_TOKEN": "token", "APP_SECRET": "secret"}`."""
        full: dict[str, str] = self.description["env"]
        return dict(full) if settings is None else named_settings(full, settings)

    def webhook(self, url: str | None, *, verify: bool = True, verify_token: str | None = None) -> None:
        """Says where the webhooks go from now on, and makes the handshake as Meta does. `None` makes the app a puppet."""
        body = {"url": url, "verify_token": verify_token, "verify": verify if url else None}
        body = {key: value for key, value in body.items() if value is not None or key == "url"}
        self._described(self.world._call("PUT", "apps", self.name, "webhook", body=body))

    def refresh(self) -> dict[str, Any]:
        """Its description as it is now; a bot may have changed its webhook by itself."""
        self._described(self.world._call("GET", "apps", self.name))
        return self.description

    def _described(self, description: dict[str, Any]) -> None:
        self.world.description["apps"][self.name] = description

    def gets(self, field: str = "messages", **like: Any) -> Step:
        """The app gets a webhook of this field: `bot.gets("messages", text="Hi", because="webhook.owner")`."""
        return self.world.expect(words({"app": self.name, "gets": field, **like}))

    def gets_nothing(self, field: str | None = None, **like: Any) -> Step:
        """The app gets no webhook of this field, or none at all. graphdouble sends the webhooks, so this is exact, at once."""
        what = {"gets_no": field} if field else {"gets": "nothing"}
        return self.world.expect(words({"app": self.name, **what, **like}))

    def gets_no(self, field: str, **like: Any) -> Step:
        """The app gets no webhook of this field."""
        return self.gets_nothing(field, **like)

    def has_delivery(self, **like: Any) -> Step:
        """An attempt to deliver a webhook went so: `bot.has_delivery(field="messages", status=200)`."""
        within = {"within": like.pop("within")} if "within" in like else {}
        return self.world.expect(words({"app": self.name, "delivery": like, **within}))


class Admin(AdminVerbs, _Actor):
    """Somebody who administrates a page."""

    _word = "admin"


class Inbox(InboxVerbs, _Actor):
    """Somebody at the Business Suite inbox of a page."""

    _word = "inbox"


class Crowd:
    """Many people, whom `claim` hands out."""

    def __init__(self, world: World, description: Mapping[str, Any]):
        self.world, self.description, self.name = world, Answer(description), str(description["name"])

    def claim(self) -> Person:
        """A member whom nobody else gets."""
        return self.world.claim(self.name)

    def __getitem__(self, number: int) -> str:
        """The name of a member, counted from 1."""
        return f"{self.name}.{number}"
