"""The settings of a bot under names of its own."""

from __future__ import annotations

from collections.abc import Mapping

PREFIX = "GRAPHDOUBLE_"
_SHORT = {"token": "page_token", "secret": "app_secret", "id": "app_id", "graph_url": "url"}


def named_settings(full: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """`{"PAGE_TOKEN": "token"}`: the variable that the bot reads, and what it is to have."""
    found: dict[str, str] = {}
    for variable, word in settings.items():
        name = word if word.startswith(PREFIX) else PREFIX + _SHORT.get(word, word).upper()
        if name not in full:
            known = ", ".join(sorted([*_SHORT, *(key.removeprefix(PREFIX).lower() for key in full)]))
            raise ValueError(f"`{variable}` cannot be `{word}`, which this app does not have: known are {known}")
        found[variable] = full[name]
    return found
