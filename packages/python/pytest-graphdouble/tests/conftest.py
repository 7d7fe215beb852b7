"""Each test here runs pytest in a project of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

SHOP = """
apps: { bot: {}, desk: {} }
pages: { shop: { default_app: bot, apps: { bot: {}, desk: {} } } }
people: { alice: {} }
"""

#: A bot that greets, in the process of the test, and one that answers 500.
BOT = '''
import json, urllib.request
import pytest
from graphdouble import serve_wsgi

def post(env, path, body):
    headers = {"Content-Type": "application/json", "Authorization": "Bearer " + env["GRAPHDOUBLE_PAGE_TOKEN"]}
    url = env["GRAPHDOUBLE_URL"] + "/v25.0/me/" + path
    urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)).read()

def greeter(env, texts=("Hello",)):
    def application(environ, start_response):
        query = dict(part.split("=", 1) for part in environ["QUERY_STRING"].split("&") if "=" in part)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        for entry in json.loads(body)["entry"] if body else []:
            for event in entry.get("messaging", []):
                if "is_echo" not in event.get("message", {"is_echo": 1}):
                    for text in texts:
                        post(env, "messages", {"recipient": {"id": event["sender"]["id"]}, "message": {"text": text}})
        start_response("200 OK", [])
        return [query.get("hub.challenge", "ok").encode()]
    return application

@pytest.fixture
def graphdouble_bot(graphdouble_world):
    with serve_wsgi(greeter(graphdouble_world.app("bot").env())) as url:
        yield url
'''


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project with a world and a bot."""
    for name in ("GRAPHDOUBLE_URL", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(name, raising=False)
    pytester.makeini("[pytest]\ngraphdouble_world = shop.yaml\n")
    Path(pytester.path, "shop.yaml").write_text(SHOP)
    pytester.makeconftest(BOT)
    return pytester
