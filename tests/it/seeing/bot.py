"""A small bot of one page. Each call waits for BOT_DELAY_MS first. What it does depends on the first word that a person writes."""

import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

GRAPH = os.environ["GRAPHDOUBLE_URL"] + "/v25.0"
TOKEN = os.environ["GRAPHDOUBLE_PAGE_TOKEN"]
DELAY = int(os.environ.get("BOT_DELAY_MS", "0")) / 1000


def call(method, path, body=None):
    time.sleep(DELAY)
    mark = "&" if "?" in path else "?"
    data = json.dumps(body).encode() if body is not None else None
    request = Request(f"{GRAPH}/{path}{mark}access_token={TOKEN}", data, {"Content-Type": "application/json"}, method=method)
    try:
        with urlopen(request) as answer:
            return json.load(answer)
    except HTTPError as error:
        print(path, error.read(), flush=True)


def says(person, text):
    call("POST", "me/messages", {"recipient": {"id": person}, "message": {"text": text}})


def work(person, words):
    match words[0]:
        case "profile":
            call("POST", "me/messenger_profile", {"get_started": {"payload": "START"}})
            says(person, "Hello")
        case "who":
            says(person, "Hello " + call("GET", f"{person}?fields=first_name")["first_name"])
        case "spam":
            says(person, "SPAM")
            says(person, "Hello")
        case "extra":
            says(person, "Hello")
            says(person, "SPAM")
        case "quiet":
            pass
        case _:
            says(person, "Hello")


class Webhook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        for entry in update["entry"]:
            for item in entry.get("messaging", []):
                message = item.get("message", {})
                if "text" in message and "app_id" not in message:
                    threading.Thread(target=work, args=(item["sender"]["id"], message["text"].split())).start()


ThreadingHTTPServer(("127.0.0.1", int(os.environ["BOT_PORT"])), Webhook).serve_forever()
