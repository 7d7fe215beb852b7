"""The addresses of the inspector page. This is the only place that knows their form."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def inspector_url(server: str, world: str | None = None, page: str | None = None, person: str | None = None) -> str:
    """The address at which a person can look at a world, or at one of its threads."""
    where = {"world": world, "page": page, "person": person}
    fragment = urlencode({key: value for key, value in where.items() if value}, quote_via=quote)
    return f"{server}/_inspector" + (f"#{fragment}" if fragment else "")
