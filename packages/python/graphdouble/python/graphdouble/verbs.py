"""The verbs of people, apps, admins and the inbox: a method for each word of a step, from the table that `generate.py` makes of its schema.

One class serves both clients, because a method only passes on what `_act` returns: an answer, or something to await. `verbs.pyi` has the types."""

from __future__ import annotations

from typing import Any

from .values import words
from .words import VERBS

# Failures point at the line of the test, not at one of these.
__tracebackhide__ = True

_MISSING = object()


def _verb(word: str, summary: str, default: Any) -> Any:
    def verb(self: Any, value: Any = default, /, **beside: Any) -> Any:
        if value is _MISSING:
            raise TypeError(f"`{word}` needs a value: {summary}")
        return self._act(**words({word: value, **beside}))

    verb.__name__ = verb.__qualname__ = word
    verb.__doc__ = summary
    return verb


def _verbs_of(kind: str) -> type:
    methods = {word: _verb(word, summary, default if default is not None else _MISSING) for word, summary, default in VERBS[kind]}
    return type(f"{kind.capitalize()}Verbs", (), {"__doc__": f"What stands in a `{kind}` step.", "__slots__": (), **methods})


UserVerbs = AsyncUserVerbs = _verbs_of("user")
AppVerbs = AsyncAppVerbs = _verbs_of("app")
AdminVerbs = AsyncAdminVerbs = _verbs_of("admin")
InboxVerbs = AsyncInboxVerbs = _verbs_of("inbox")
