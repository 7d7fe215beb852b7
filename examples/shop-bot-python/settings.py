"""The settings of the bot, from its environment."""

import os
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What the README lists."""

    port: int
    graph_url: str
    page_token: str
    app_id: str
    app_secret: str
    verify_token: str

    @classmethod
    def read(cls) -> "Settings":
        """Ends the bot with one line if something is missing or wrong."""
        names = ["GRAPH_URL", "PAGE_TOKEN", "APP_ID", "APP_SECRET", "VERIFY_TOKEN"]
        if missing := [name for name in names if not os.environ.get(name)]:
            sys.exit(f"missing environment variable: {', '.join(missing)}")
        port = os.environ.get("PORT") or "5001"
        if not port.isdecimal() or int(port) > 65535:
            sys.exit(f"PORT is not a port number: {port}")
        return cls(int(port), *(os.environ[name] for name in names))
