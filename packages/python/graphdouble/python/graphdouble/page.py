"""The addresses of the inspector page. This is the only place that knows their form."""

from __future__ import annotations

from urllib.parse import quote, urlencode

PATH = "/_inspector/"


def inspector_url(server: str, world: str | None = None, page: str | None = None, person: str | None = None) -> str:
    """The address at which somebody can look at a world, or at the thread of a person. What is shown stands behind the `#`."""
    if world is None:
        return f"{server}{PATH}"
    thread = {"page": page, "person": person} if person else {}
    query = urlencode({name: value for name, value in thread.items() if value}, quote_via=quote, safe="")
    return f"{server}{PATH}#/{quote(world, safe='')}/" + (f"chat?{query}" if query else "")
