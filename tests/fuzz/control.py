"""Fuzz room: calls of the control API, made from its own description: its paths, its parameters, its schemas."""

import json
from urllib.parse import urlencode

from hypothesis import strategies as st

from graph import anything, mostly, mutated, one_in, text
from server import BEFORE, escaped

NAMES = [
    "alice",
    "bob",
    "carol",
    "support",
    "sales",
    "loyalty",
    "front",
    "bakery",
    "kiosk",
    "tulips",
    "weddings",
    "spring",
    "dora",
    "Hi",
    "Hello",
    "3001",
]
names = st.sampled_from(NAMES) | text
CURSORS = ["0", "now", "1", "-1", "7", "18446744073709551614", "18446744073709551615", "18446744073709551616", "x", "1.5", "", "٣"]
SPANS = ["0s", "1ms", "24h", "+24h", "1h30m", "8000000d", "213503982334d", "99999999999999999999d", "-1h", "1", "", "h", "+", "1ä"]
MOMENTS = [
    "2026-03-03T09:00:00Z",
    "9999-12-31T23:59:59.999Z",
    "+010000-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "2026-02-30T00:00:00Z",
    "",
]
# Parameters whose schema says no more than that they are text. Nobody is waited for: what takes time is not what is tried here.
VALUES = {
    "world": ["default", *BEFORE],
    "page": ["bakery", "bakery", "kiosk"],
    "person": ["alice", "alice", "bob", "carol"],
    "app": ["support", "sales", "nobody"],
    "kind": ["webhook", "graph_call", "command", "refused", "owner_changed", "warning", "read", "webhok"],
    "after": [*CURSORS, "alice@bakery", "nobody@bakery", "alice"],
    "limit": CURSORS,
    "number": CURSORS,
    "of": ["alice", "crowd", "nobody"],
    "name": ["alice", "default", "a/b", "", "x" * 101],
    "expires": ["1s", "10m", "1ms", "31d", "soon", ""],
    "url": ["http://127.0.0.1:9/hook", "http://127.0.0.1:0/", "https://127.0.0.1:9/", "later", "hook", "", "http://[::1]:9"],
    "verify_token": ["t", "", "a & b"],
    "session": ["a", "b", "x" * 101, ""],
    "cursor": CURSORS,
    "chance": ["10%", "100%", "0%", "x"],
    "latency": ["1ms", "60s", "61s", "x"],
    "secrets": ["show", "mask", "x", ""],
    "method": ["GET", "post", "PUT", ""],
    "path": ["/me/messages", "messages", "/v25.0/me", "x", ""],
    "status": ["200", "4xx", "9xx", "99", "x", ""],
    "thread": ["alice", "alice@bakery", "carol@kiosk", "nobody", "@", ""],
    "ids": ["new", "same", "old", ""],
    "stable": ["true", "false", "yes", ""],
    "wait": ["0s", "1ms", "x", "-1s", "1", "99999999999999999999d", ""],
    "advance": SPANS,
    "to": MOMENTS,
    "clock": SPANS,
    "within": ["0s", "1ms", "x"],
    "stays_silent": ["0s", "1ms", "x"],
    "extends": SPANS,
}
DEPTH = 6


class Description:
    """What `/_control/openapi.json` says."""

    def __init__(self, server):
        told = server.call("GET", "/_control/openapi.json").json()
        self.schemas = told["components"]["schemas"]
        self.operations = [
            (method, path, item.get("parameters", []), operation)
            for path, item in told["paths"].items()
            for method, operation in item.items()
            if method != "parameters"
        ]
        assert len(self.operations) > 10
        self.snapshot = server.call("GET", "/_control/worlds/default/snapshot").json()

    def of_schema(self, schema, name="", depth=0):
        """Values of a schema; here and there one that is none."""
        if "$ref" in schema:
            return self.of_schema(self.schemas[schema["$ref"].rsplit("/", 1)[1]], name, depth)
        choices = schema.get("oneOf") or schema.get("anyOf")
        if choices:
            found = [self.of_schema(choice, name, depth) for choice in choices]
            return st.one_of(found + ([st.sampled_from(VALUES[name])] if name in VALUES else []))
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        if "const" in schema:
            return st.just(schema["const"])
        if name in VALUES:
            return st.sampled_from(VALUES[name]) | names
        if "pattern" in schema:
            return st.sampled_from(["${x}", "/me", "/me/messages", *SPANS])
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        return st.one_of([self.of_kind(kind, schema, name, depth) for kind in kinds] or [anything])

    def of_kind(self, kind, schema, name, depth):
        match kind:
            case "object" if depth < DEPTH:
                return st.deferred(lambda: self.of_object(schema, depth))
            case "object":
                return st.just({})
            case "array":
                return st.lists(st.deferred(lambda: self.of_schema(schema.get("items", {}), name, depth + 1)), max_size=3)
            case "boolean":
                return st.booleans()
            case "integer" | "number":
                return st.integers(-1, 10) | st.integers(-(2**65), 2**65)
            case "null":
                return st.none()
            case _:
                return names

    def of_object(self, schema, depth):
        known = {key: self.of_schema(below, key, depth + 1) for key, below in schema.get("properties", {}).items()}
        # An exchange without `within` waits for an answer that no puppet gives.
        required = [*schema.get("required", []), *(["within"] if {"until", "within"} <= known.keys() else [])]
        needed = {key: known.pop(key, names) for key in required}
        # Few at a time: a step with everything in it is refused before anything is looked at.
        chosen = st.lists(st.sampled_from(sorted(known)), max_size=3, unique=True) if known else st.just([])
        more = schema.get("additionalProperties")
        if isinstance(more, dict):
            below = self.of_schema(more, "", depth + 1)
            return st.dictionaries(names, below, max_size=3)
        return chosen.flatmap(lambda keys: st.fixed_dictionaries({**needed, **{key: known[key] for key in keys}}))

    def calls(self, wanted=lambda path: True):
        """Operations of the description, and others that it does not have."""
        found = [operation for operation in self.operations if wanted(operation[1])]
        return st.sampled_from(found).flatmap(lambda operation: call_of(self, operation[0].upper(), *operation[1:]))

    def steps(self):
        return self.calls(lambda path: path.endswith(("/steps", "/explain", "/clock")))

    def reads(self):
        return self.calls(lambda path: "/ledger" in path or "/threads" in path or path.endswith("/steps"))


@st.composite
def call_of(draw, description, described, path, parameters, operation):
    for parameter in parameters:
        name = parameter["name"]
        value = draw(mostly(VALUES[name], text))
        path = path.replace("{" + name + "}", value.replace("%", "%25").replace("/", "%2F"))
    query = []
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "query" and one_in(draw, 3):
            query.append((parameter["name"], draw(st.sampled_from(VALUES[parameter["name"]]))))
    if one_in(draw, 20):
        query.append((draw(text), draw(text)))
    body = b""
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        asked = description.snapshot if path.endswith("/snapshot") else draw(description.of_schema(schema))
        if one_in(draw, 4):
            asked = draw(mutated(asked))
        body = json.dumps(asked).encode(errors="surrogatepass")
        if one_in(draw, 10):
            body = body[: draw(st.integers(0, len(body)))] + draw(
                st.binary(max_size=8) | text.map(lambda more: more.encode(errors="replace"))
            )
    method = draw(st.sampled_from(["GET", "POST", "PUT", "HEAD", "DELETE"])) if one_in(draw, 20) else described
    last = draw(st.sampled_from([None, None, None, *CURSORS])) if path.endswith("/stream") else None
    return method, path, urlencode(query, errors="surrogatepass"), body, last, operation["responses"] if method == described else None


def perform(server, call):
    method, path, query, body, last, responses = call
    headers = {"Last-Event-ID": last} if last is not None and last.isascii() else {}
    is_stream = path.endswith("/stream")
    answer = server.call(method, f"{escaped(path)}?{query}", headers, body, head_only=is_stream)
    assert answer.status < 500, (call, answer)
    kind = answer.headers.get("content-type", "")
    if responses and answer.status < 400:
        # A success is the one that is described, written in what is described.
        assert str(answer.status) in responses, (call, answer)
        described = list(responses[str(answer.status)].get("content", {}))
        assert kind in described if described else answer.body == b"", (call, answer)
    if kind == "application/json" and answer.body:
        told = answer.json()
        assert answer.status < 400 or isinstance(told["error"]["message"], str), answer
    else:
        assert answer.status < 400 or method == "HEAD" or is_stream, answer
    return answer
