"""graphdouble, a local stand-in for Meta's Graph API: the server, and a client for tests. `graphdouble.aio` is the same for asyncio."""

from ._sync.actors import Admin, App, Crowd, Inbox, Person
from ._sync.server import SMALL_WORLD, Server, attach, start
from ._sync.world import World
from .answers import Exchange, Explanation, Fault, Finding, Message, Step, Thread
from .binary import find_binary
from .bot import Bot, run_bot, serve_wsgi
from .errors import GraphdoubleError, Mistake, NotStarted, ServerGone, StepFailed
from .matchers import absent, anything, contains, matches, one_of
from .page import inspector_url

__version__ = "0.1.0"
__all__ = [
    "SMALL_WORLD", "Admin", "App", "Bot", "Crowd", "Exchange", "Explanation", "Fault", "Finding", "GraphdoubleError", "Inbox", "Message",
    "Mistake", "NotStarted", "Person", "Server", "ServerGone", "Step", "StepFailed", "Thread", "World", "absent", "anything", "attach",
    "contains", "find_binary", "inspector_url", "matches", "one_of", "run_bot", "serve_wsgi", "start",
]  # fmt: skip
