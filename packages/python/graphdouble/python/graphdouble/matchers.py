"""Matchers, as scenarios have them. They stand wherever a step or an expectation takes a matcher."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any


def contains(part: Any) -> dict[str, Any]:
    """A text that contains this text, or a list that has this item."""
    return {"contains": part}


def matches(pattern: str) -> dict[str, Any]:
    """A text that matches this regular expression."""
    return {"matches": pattern}


def anything() -> dict[str, Any]:
    """Something, whatever it is."""
    return {"any": True}


def absent() -> dict[str, Any]:
    """Nothing: the key is not there."""
    return {"absent": True}


def one_of(*values: Any) -> dict[str, Any]:
    """One of several."""
    return {"one_of": list(values)}


def fits(like: Any, found: Any) -> bool:
    """True if `found` is like `like`. The server decides what holds; this only finds out which message it was."""
    if isinstance(like, dict):
        if len(like) == 1 and (rule := _RULES.get(next(iter(like)))):
            return rule(next(iter(like.values())), found)
        return isinstance(found, dict) and all(fits(value, found.get(key)) for key, value in like.items())
    if isinstance(like, list):
        return isinstance(found, list) and len(like) == len(found) and all(map(fits, like, found))
    if isinstance(like, bool) or isinstance(found, bool) or like is None or found is None:
        return like is found
    return like == found or str(like) == str(found)


def _contains(part: Any, found: Any) -> bool:
    return any(fits(part, item) for item in found) if isinstance(found, list) else str(part) in str(found or "")


def _matches(pattern: Any, found: Any) -> bool:
    try:
        return isinstance(found, str) and re.search(pattern, found) is not None
    except re.error:  # a pattern that only the server's dialect has
        return isinstance(found, str)


_RULES: dict[str, Callable[[Any, Any], bool]] = {
    "contains": _contains,
    "matches": _matches,
    "any": lambda _, found: found is not None,
    "absent": lambda _, found: found is None,
    "one_of": lambda values, found: any(fits(value, found) for value in values),
}
