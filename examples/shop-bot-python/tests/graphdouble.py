"""graphdouble for pytest: a server for the session, a world for a test. The binary is GRAPHDOUBLE_BINARY, or `graphdouble` on the PATH."""

import json
import os
import subprocess
from typing import Any

import httpx


class StepFailed(AssertionError):
    """A step did not go well. Its text is the drawn failure."""


class Graphdouble:
    """A running server. It has no world yet."""

    def __init__(self) -> None:
        binary = os.environ.get("GRAPHDOUBLE_BINARY", "graphdouble")
        command = [binary, "serve", "--listen", "127.0.0.1:0", "--ready", "json", "--until-stdin-ends"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
        ready = self.process.stdout.readline()
        assert ready, "graphdouble did not start"
        self.client = httpx.Client(base_url=json.loads(ready)["url"], timeout=30, trust_env=False)

    def create_world(self, declared: dict[str, Any]) -> "World":
        return World(self, self.call("POST", "/_control/worlds", {"clock": "frozen", "world": declared}))

    def stop(self) -> None:
        self.client.close()
        # Its standard input ends, as it does when this process ends, however that goes.
        self.process.communicate()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        response = self.client.request(method, path, json=body)
        if response.is_success:
            return response.json() if response.content else None
        error = response.json()["error"]
        raise StepFailed("\n" + error.get("drawn", error["message"]))


class World:
    """A world of its own, with its ids, tokens and secrets in `made`."""

    def __init__(self, server: Graphdouble, made: dict[str, Any]) -> None:
        self.server, self.made, self.path = server, made, f"/_control/worlds/{made['name']}"

    def env(self, app: str) -> dict[str, str]:
        """The environment for the bot of an app."""
        return self.made["apps"][app]["env"]

    def attach(self, app: str, webhook: str) -> None:
        """Says where the webhooks of an app go, and makes the verification handshake as Meta does."""
        self.server.call("PUT", f"{self.path}/apps/{app}/webhook", {"url": webhook, "verify": True})

    def step(self, **step: Any) -> Any:
        """Performs a step, in the words of a scenario."""
        return self.server.call("POST", f"{self.path}/steps", step)

    def expect(self, *expectations: dict[str, Any]) -> None:
        """Performs an expect step."""
        self.step(expect=list(expectations))

    def calls(self, path: str) -> list[dict[str, Any]]:
        """The Graph calls at this path, such as `/me/messages`, oldest first; also those that were refused."""
        return self.server.call("GET", f"{self.path}/calls?path={path}")["calls"]

    def texts(self, page: str, person: str, app: str) -> list[str]:
        """The texts that an app has sent to a person, oldest first."""
        transcript = self.server.call("GET", f"{self.path}/threads/{page}/{person}")["transcript"]
        return [entry["content"]["text"] for entry in transcript if entry["from"] == app]

    def findings(self) -> list[str]:
        """What apps did wrong although nothing failed: the names of the lints."""
        return [finding["lint"] for finding in self.server.call("GET", f"{self.path}/lint")["findings"]]

    def remove(self) -> None:
        self.server.call("DELETE", self.path)
