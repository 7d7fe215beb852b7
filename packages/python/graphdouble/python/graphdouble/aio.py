"""The client for asyncio. Its names are those of `graphdouble`, and its methods are awaited."""

from ._async.actors import Admin, App, Crowd, Inbox, Person
from ._async.server import Server, attach, start
from ._async.world import World

__all__ = ["Admin", "App", "Crowd", "Inbox", "Person", "Server", "World", "attach", "start"]
