"""What is said to the server and what its answers mean, without any input or output."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from .errors import GraphdoubleError, Mistake, StepFailed
from .page import inspector_url
from .values import PATIENCE_S, real_time, seconds

# Failures point at the line of the test, not at one of these.
__tracebackhide__ = True

CONTROL = "/_control"


@dataclass(frozen=True)
class Call:
    """A call of the control API."""

    method: str
    path: str
    query: dict[str, Any] = field(default_factory=dict)
    #: A value, which is sent as JSON, or bytes, which are sent as they are.
    body: Any = None
    session: str | None = None
    #: True if the answer is a file, which is answered as its bytes.
    is_file: bool = False
    #: Of which thread it is, for the address of the page in a failure.
    world: str | None = None
    page: str | None = None
    person: str | None = None
    #: What the server calls the body in its drawings, and what the caller calls it.
    named: tuple[str, str] | None = None

    @property
    def target(self) -> str:
        query = {key: _word(value) for key, value in self.query.items() if value is not None}
        return self.path + (f"?{urlencode(query)}" if query else "")

    @property
    def content(self) -> bytes | None:
        if self.body is None or isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False).encode()

    @property
    def headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return headers | ({"Graphdouble-Session": self.session} if self.session else {})

    @property
    def seconds(self) -> float:
        """After how long a server that does not answer is given up."""
        return PATIENCE_S + real_time(self.body) + seconds(str(self.query.get("wait") or ""))


def path(*parts: str) -> str:
    """A path of the control API."""
    return "/".join([CONTROL, *(quote(part, safe="") for part in parts)])


def read(server: str, call: Call, status: int, content: bytes) -> Any:
    """The answer of the server, or the error that it is."""
    if call.is_file and status < 400:
        return content
    value = _decoded(content)
    if status < 400:
        return value
    error = value.get("error") if isinstance(value, dict) else None
    if not isinstance(error, dict) or "message" not in error:
        shown = content[:200].decode("utf-8", "replace")
        raise GraphdoubleError(f"{call.method} {server}{call.path} answered {status}: {shown!r}: is it graphdouble?")
    text = str(error.get("drawn") or error["message"])
    if call.named:
        text = text.replace(f"--> {call.named[0]}:", f"--> {call.named[1]}:")
    url = inspector_url(server, call.world, call.page, call.person)
    if status == 422:
        raise StepFailed(text, url, value)
    raise Mistake(text, status, url)


def _decoded(content: bytes) -> Any:
    text = content.decode("utf-8", "replace")
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
