"""From Python values to the words of a step."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

#: How long a call may take beside the time that it asks the server to wait.
PATIENCE_S = 30.0
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def plain(value: Any) -> Any:
    """Persons, apps and pages become their names, lengths of time and moments their texts."""
    if isinstance(value, str | int | float | bool | None):
        return value
    if isinstance(value, timedelta):
        return length(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(name := getattr(value, "name", None), str):
        return name
    raise TypeError(f"a step cannot have {value!r}: write a text, a number, a map, a list, a length of time or a person")


def words(given: Mapping[str, Any]) -> dict[str, Any]:
    """The words of a step. What is `None` is left out; `from_` is the word `from`, which Python keeps for itself."""
    return {key.removesuffix("_"): plain(value) for key, value in given.items() if value is not None}


def length(value: timedelta) -> str:
    """A length of time, as scenarios write it."""
    milliseconds = round(value / timedelta(milliseconds=1))
    if milliseconds < 0:
        raise ValueError(f"{value!r} is negative: time only goes on")
    for unit, size in (("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        if milliseconds and milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"


def moment(value: datetime) -> str:
    """A moment, as scenarios write it. One without a time zone is UTC."""
    value = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
    return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds(value: str) -> float:
    """How long a text like `1m30s` is; 0 if it is no length of time."""
    if not re.fullmatch(r"\+?(?:[0-9]+(?:ms|min|s|m|h|d))+", value):
        return 0.0
    return sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"([0-9]+)(ms|min|s|m|h|d)", value))


def real_time(body: Any) -> float:
    """How long a step may take because it says so: `within`, `stays_silent` and `quiet` are real time."""
    if isinstance(body, Mapping):
        own = sum(seconds(str(body[key])) for key in ("within", "stays_silent", "quiet") if key in body)
        return own + sum(real_time(item) for item in body.values())
    return sum(map(real_time, body)) if isinstance(body, list) else 0.0
