"""Fuzz room: calls of the Graph API: every edge that the source names, in every form that parameters have."""

import json
import re
from urllib.parse import quote_plus, urlencode

from hypothesis import strategies as st

from server import ROOT, check_graph, escaped

SOURCE = "\n".join(path.read_text().split("#[cfg(test)]")[0] for path in sorted((ROOT / "src/graph").rglob("*.rs")))
NOT_BUILT = {path.stem: path.read_text().split() for path in sorted((ROOT / "src/graph/read/not_built").glob("*.txt"))}
# New edges and new words are fuzzed without a change here.
EDGES = sorted(
    set(re.findall(r'\w+\((?:GET|POST|DELETE), *"([a-z_]+)"', (ROOT / "src/graph/routes/table.rs").read_text()))
    | {edge for name, words in NOT_BUILT.items() if name.endswith("_edges") for edge in words}
)
WORDS = sorted(
    set(re.findall(r'"([A-Za-z][A-Za-z0-9_.]{1,40})"', SOURCE)) | {word for words in NOT_BUILT.values() for word in words}
)
assert len(EDGES) > 30 and len(WORDS) > 200, "the source has its edges and words elsewhere now"

TOKENS = ["EAAsupport", "EAAsales", "EAAloyalty", "EAGsupport", "EAGsales", "EAGdora", "EALsales", "EAAfront", "1001|support-secret"]
IDS = ["me", "2001", "3001", "3002", "2101", "1001", "5001", "4001", "0", "1", "99999999999999999999", "oauth", "debug_token"]
# A page's own requests, which are then changed in one place or two.
ECHOES = [
    json.loads(path.read_text())["entry"][0]["messaging"][0]["message"]
    for path in sorted((ROOT / "fixtures/payloads").glob("message_echoes.*.json"))
]
MESSAGES = [{"attachment": echo["attachments"][0]} if "attachments" in echo else {"text": echo["text"]} for echo in ECHOES] + [
    {"text": "Hi", "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "YES", "image_url": "https://cdn.example/1.png"}]},
    {"attachment": {"type": "image", "payload": {"url": "https://cdn.example/1.png", "is_reusable": True}}, "metadata": "x"},
]
ALICE = {"id": "3001"}
ITEM = {"type": "postback", "title": "Help", "payload": "HELP"}
REQUESTS = [("messages", {"recipient": ALICE, "message": message, "messaging_type": "RESPONSE"}) for message in MESSAGES] + [
    (
        "messages",
        {
            "recipient": ALICE,
            "message": {"text": "Hi"},
            "tag": "HUMAN_AGENT",
            "persona_id": "1",
            "thread_control": {"control_type": "pass"},
        },
    ),
    ("messages", {"recipient": ALICE, "sender_action": "typing_on"}),
    ("pass_thread_control", {"recipient": ALICE, "target_app_id": 1002, "metadata": "x"}),
    ("release_thread_control", {"recipient": ALICE}),
    ("take_thread_control", {"recipient": ALICE, "metadata": "x"}),
    ("request_thread_control", {"recipient": ALICE}),
    ("extend_thread_control", {"recipient": ALICE, "duration": 3600}),
    ("pass_thread_metadata", {"recipient": ALICE, "target_app_id": "1002", "metadata": "x"}),
    ("thread_owner", {"recipient": "3001"}),
    ("messenger_profile", {"get_started": {"payload": "START"}, "greeting": [{"locale": "default", "text": "Hi {{user_first_name}}"}]}),
    ("messenger_profile", {"persistent_menu": [{"locale": "default", "composer_input_disabled": False, "call_to_actions": [ITEM]}]}),
    ("messenger_profile", {"ice_breakers": [{"question": "Open?", "payload": "OPEN"}], "whitelisted_domains": ["https://bakery.example"]}),
    ("messenger_profile", {"fields": ["get_started", "greeting"]}),
    ("custom_user_settings", {"psid": "3001", "persistent_menu": [{"locale": "default", "call_to_actions": [ITEM]}]}),
    ("personas", {"name": "John", "profile_picture_url": "https://cdn.example/1.png"}),
    ("message_attachments", {"message": {"attachment": {"type": "image", "payload": {"is_reusable": True}}}}),
    ("custom_labels", {"page_label_name": "vip"}),
    ("messages", {"recipient": {"notification_messages_token": "1"}, "message": {"text": "x"}}),
    (
        "messages",
        {
            "recipient": ALICE,
            "messaging_type": "UTILITY",
            "message": {"template": {"name": "ready", "language": {"code": "en"}, "components": [{"type": "body", "parameters": [{"type": "text", "text": "7"}]}]}},
        },
    ),
    (
        "message_templates",
        {
            "name": "ready",
            "language": "en",
            "category": "UTILITY",
            "components": [
                {"type": "HEADER", "format": "TEXT", "text": "{{1}}", "example": {"header_text": ["x"]}},
                {"type": "BODY", "text": "Order {{1}} is ready", "example": {"body_text": [["7"]]}},
                {"type": "BUTTONS", "buttons": [{"type": "POSTBACK", "text": "Go", "payload": "go_{{1}}"}]},
            ],
        },
    ),
    ("notification_message_tokens", {"do_not_return_duplicates": True, "fields": "recipient_id"}),
    ("notification_messages_dev_support", {"recipient": {"notification_messages_token": "1"}, "developer_action": "ENABLE_FOLLOWUP_MESSAGE"}),
    ("label", {"user": "3001"}),
    ("moderate_conversations", {"user_ids": [ALICE], "actions": ["move_to_spam"]}),
    ("blocked", {"user": ["3001"]}),
    ("subscribed_apps", {"subscribed_fields": "messages,standby"}),
    ("subscriptions", {"object": "page", "fields": "messages", "callback_url": "http://127.0.0.1:9/", "verify_token": "x"}),
    ("conversations", {"user_id": "3001", "folder": "inbox", "limit": 2, "fields": "id,messages.limit(1){text}"}),
    ("insights", {"metric": "page_messages_total_messaging_connections", "since": 1, "until": "2026-03-02"}),
    ("activities", {"event": "CUSTOM_APP_EVENTS", "custom_events": '[{"_eventName":"x"}]', "page_scoped_user_id": 3001}),
    (
        "access_token",
        {"grant_type": "fb_exchange_token", "client_id": "1001", "client_secret": "support-secret", "fb_exchange_token": "EAGdora"},
    ),
    ("debug_token", {"input_token": "EAAsales"}),
    ("nlp_configs", {"nlp_enabled": True, "model": "ENGLISH"}),
]
READS = ["thread_owner", "conversations", "insights", "access_token", "debug_token"]
EVERYWHERE = {
    "debug": ["all", "info", "x"],
    "pretty": ["1", "0"],
    "format": ["json", "xml"],
    "callback": ["f", "a.b", "<script>", ""],
    "suppress_http_code": ["1"],
    "method": ["GET", "post", "DELETE", "HEAD", "x y", ""],
    "appsecret_proof": ["0" * 64, "x"],
    "appsecret_time": ["1", "99999999999999999999", "-1"],
    "limit": ["0", "1", "-1", "18446744073709551616", "x"],
    "after": ["QVFI", "MQ==", "x", "99999999999999999999"],
    "before": ["MQ==", ""],
    "locale": ["de_DE"],
    "include_headers": ["false"],
}

text = st.text(max_size=12) | st.sampled_from(WORDS) | st.sampled_from(IDS + TOKENS)
number = st.integers(-(2**65), 2**65) | st.floats(allow_nan=False, allow_infinity=False)
scalar = (
    st.none() | st.booleans() | number | text | st.sampled_from(["", "0", "-1", "x" * 3000, "ä" * 700, "\0", "${x}", "{", "[", "{'a':1}"])
)
anything = st.recursive(scalar, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4), max_leaves=8)


def one_in(draw, sides):
    """Whether a die shows one of its middle numbers; those at the ends are drawn more often than others."""
    return draw(st.integers(0, sides - 1)) == sides // 2


def mostly(good, bad):
    """What is sensible nine times of ten, so that most calls get further than the door."""
    return st.integers(0, 9).flatmap(lambda die: bad if die == 4 else st.sampled_from(good))


def places(value, path=()):
    """Where one could change a tree."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield from places(below, (*path, key))


def changed(value, path, new):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


@st.composite
def mutated(draw, value):
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2]))):
        path = draw(st.sampled_from(list(places(value))[1:] or [()]))
        value = changed(value, path, draw(anything))
    return value


@st.composite
def field_list(draw, depth=3):
    """`fields` as the Graph API reads it, and almost so."""
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        part = draw(mostly(["id", "name", "messages", "conversations", "participants", "from"], st.sampled_from(WORDS) | text))
        for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
            modifier = draw(mostly(["limit", "as", "after", "before"], st.sampled_from(["type", ""]) | text))
            part += f".{modifier}({draw(mostly(['1', '2', '0', '-1', 'x', '99999999999999999999', '', 'MQ=='], text))})"
        if depth and one_in(draw, 3):
            part += "{" + draw(field_list(depth - 1)) + "}"
        parts.append(part)
    joined = draw(mostly([",", ", "], st.sampled_from([",,", " "]))).join(parts)
    return joined[: draw(st.integers(0, len(joined)))] if one_in(draw, 6) else joined


def as_text(value, relaxed=False):
    if isinstance(value, str):
        return value
    return repr(value) if relaxed else json.dumps(value)


def brackets(name, value):
    """A tree in PHP's notation."""
    if isinstance(value, (dict, list)) and value:
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from brackets(f"{name}[{key}]", below)
    else:
        yield name, as_text(value)


def form(pairs):
    return urlencode(list(pairs), errors="surrogatepass")


def parts(params):
    for name, value in params.items():
        name = name.replace('"', "")
        kind = '; filename="a.png"\r\nContent-Type: image/png' if name == "filedata" else ""
        yield f'--x\r\nContent-Disposition: form-data; name="{name}"{kind}\r\n\r\n{as_text(value)}\r\n'
    yield "--x--\r\n"


def encoded(params, how):
    """The query, the content type and the body."""
    flat = {name: as_text(value) for name, value in params.items()}
    kind = "application/x-www-form-urlencoded"
    match how:
        case "json":
            return "", "application/json", json.dumps(params)
        case "json without saying so":
            return "", None, json.dumps(params)
        case "form":
            return "", kind, form(flat.items())
        case "relaxed":
            return "", kind, form((name, as_text(value, relaxed=True)) for name, value in params.items())
        case "brackets":
            return "", kind, form(pair for name, value in params.items() for pair in brackets(name, value))
        case "multipart":
            return "", "multipart/form-data; boundary=x", "".join(parts(params))
        case _:
            return form(flat.items()), None, ""


WAYS = ["json", "json without saying so", "form", "relaxed", "brackets", "multipart", "query"]
VERSIONS = ["", "/v25.0", "/v2.6", "/v99.0", "//v20.0/"]


@st.composite
def extras(draw):
    """What may be asked of any call."""
    params = {}
    for name in draw(st.lists(st.sampled_from(sorted(EVERYWHERE)), max_size=1)):
        params[name] = draw(st.sampled_from(EVERYWHERE[name]))
    if one_in(draw, 4):
        params["fields"] = draw(field_list())
    if one_in(draw, 4):
        params[draw(text)] = draw(anything)
    return params


@st.composite
def calls(draw):
    """Method, address, headers, body."""
    edge, params = draw(st.sampled_from(REQUESTS))
    method = "GET" if edge in READS else "POST"
    if one_in(draw, 3):
        edge, params = draw(mostly([*EDGES, ""], text)), {}
        method = draw(mostly(["GET", "DELETE"], st.just("POST")))
    params = draw(mutated(params))
    # The change may have left something that is no set of parameters.
    params = {**(params if isinstance(params, dict) else {"message": params}), **draw(extras())}
    method = draw(mostly([method], st.sampled_from(["GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS"])))
    nodes = st.sampled_from(IDS + NODES + ["ä", "%zz", "x" * 300])
    usual = {"debug_token": "", "access_token": "oauth", "subscriptions": "1001", "activities": "1001"}.get(edge, "me")
    node = draw(mostly([usual], nodes) if edge else nodes)
    path = f"{draw(mostly(VERSIONS, st.sampled_from(['/v65536.1', '/v.1'])))}/{node}/{edge}"
    query, content_type, body = encoded(params, draw(st.sampled_from(WAYS)))
    body = body.encode(errors="surrogatepass")
    token = draw(mostly(["1001|support-secret" if usual == "1001" else "EAAsupport"], st.sampled_from([*TOKENS, "EAAnobody", "", None])))
    if one_in(draw, 10):
        body = body[: draw(st.integers(0, len(body)))] + draw(st.binary(max_size=8))
    return method, path, query, content_type, body, token


@st.composite
def ids_call(draw):
    ids = draw(st.lists(mostly(["2001", "3001", "3002", *NODES], st.sampled_from(IDS) | text), min_size=1, max_size=4))
    query = form(
        [
            ("ids", draw(st.sampled_from([",".join(ids), json.dumps(ids), repr(ids)]))),
            ("fields", draw(mostly(["id", "id", ""], field_list()) | field_list())),
        ]
    )
    return "GET", "/", query, None, b"", draw(mostly(TOKENS[:1], st.sampled_from(TOKENS)))


NAMES = ["a", "b", "", "a:b", "ä"]
PATHS = ["$.id", "$.data.*.id", "$.data[0].id", "$['name']", "$", "$..", "$.*.*.*", "$[18446744073709551616]", "$.data[*]", ""]


@st.composite
def batches(draw):
    items = []
    for _ in range(draw(st.integers(0, 5))):
        method, path, query, _, body, token = draw(calls() | ids_call())
        reference = "{result=" + draw(st.sampled_from(NAMES)) + ":" + draw(st.sampled_from(PATHS) | text) + "}"
        item = {
            "method": method,
            "relative_url": path.strip("/") + "?" + query + draw(st.sampled_from(["", "", "&x=" + reference, reference])),
            "body": body.decode(errors="replace") + draw(st.sampled_from(["", "", "&metadata=" + reference])),
            "name": draw(st.sampled_from(NAMES)),
        }
        extra = {"depends_on": draw(st.sampled_from(NAMES)), "access_token": token, "omit_response_on_success": draw(scalar)}
        extra |= {"attached_files": draw(st.sampled_from(["filedata", "a,b", ""])), "headers": draw(anything)}
        items.append({**item, **{key: extra[key] for key in draw(st.sets(st.sampled_from(sorted(extra))))}})
    batch = draw(mutated(items))
    params = {"batch": batch, **draw(st.sampled_from([{}, {"include_headers": False}, {"filedata": "PNG"}]))}
    query, content_type, body = encoded(params, draw(st.sampled_from(WAYS)))
    return "POST", draw(st.sampled_from(["/", "/me", "/v25.0/"])), query, content_type, body.encode(errors="surrogatepass"), TOKENS[0]


# Conversations, messages and the like, as this server has named them.
NODES = []


def learn(server):
    """Ids are derived, never drawn, so that they are the same in every run."""
    server.start_over()
    told = server.call("GET", "/me/conversations?fields=id,messages{id}&access_token=EAAsupport").json()
    for thread in told["data"]:
        NODES.append(thread["id"])
        NODES.extend(message["id"] for message in thread["messages"]["data"])
    assert len(NODES) > 2, told


def perform(server, call):
    method, path, query, content_type, body, token = call
    headers = {"Content-Type": content_type} if content_type else {}
    target = escaped(path.replace("%", "%25"))
    if token is not None and len(body) % 2:
        headers["Authorization"] = f"Bearer {token}"
    elif token is not None:
        query = f"access_token={quote_plus(token)}&{query}"
    answer = server.call(method, f"{target}?{escaped(query)}", headers, body)
    check_graph(method, answer, is_batch=True)
    return answer
