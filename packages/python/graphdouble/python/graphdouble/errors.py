"""What can go wrong. A step that fails is an `AssertionError`; everything else is a `GraphdoubleError`."""

from __future__ import annotations

from typing import Any


class GraphdoubleError(Exception):
    """Something is wrong with the server, or with what it was asked."""


class NotStarted(GraphdoubleError):
    """The server did not start. The text says what was run and what came back."""


class ServerGone(GraphdoubleError):
    """The server has ended, or does not answer."""


class Mistake(GraphdoubleError, ValueError):
    """The server cannot do what it was asked, and nothing has changed: a word, a name or a world is wrong."""

    def __init__(self, text: str, status: int, url: str):
        super().__init__(f"{text}\n\n{url}")
        self.drawn, self.status, self.url = text, status, url


class StepFailed(AssertionError):
    """A step failed: something that was expected did not happen, or somebody could not do what the step says."""

    def __init__(self, text: str, url: str, answer: dict[str, Any]):
        super().__init__(f"{text}\n\nsee {url}")
        self.drawn, self.url, self.answer = text, url, answer

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The ledger entries that the step brought about before it failed."""
        return self.answer.get("entries", [])


for _error in (GraphdoubleError, NotStarted, ServerGone, Mistake, StepFailed):
    # Where they are documented, and shorter in a report.
    _error.__module__ = "graphdouble"
