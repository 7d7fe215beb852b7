"""A bot of a flower shop, with Flask: it greets, takes orders, and hands people over to a human. `python shop_bot.py` serves it."""

import hashlib
import hmac
import json
import os
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, abort, request

ORDER = {"type": "postback", "title": "Order", "payload": "ORDER"}


class Graph:
    """Calls with the token of the page."""

    def __init__(self, settings):
        self.settings = settings

    def post(self, path, body):
        url = f"{self.settings['GRAPH_URL']}/v25.0/me/{path}"
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.settings['PAGE_TOKEN']}"}
        try:
            urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers), timeout=10).read()
        except urllib.error.HTTPError as error:
            print(f"cannot post {path}: {error.code} {error.read().decode()}", flush=True)


def answers_to(event):
    """The messages with which the bot answers."""
    if event.get("postback", {}).get("payload") == "ORDER":
        return [{"text": "Thank you! Your tulips are on their way."}]
    text = event.get("message", {}).get("text", "")
    if text == "human":
        return [{"text": "One moment, please."}]
    if not text:
        return []
    template = {"template_type": "button", "text": f"Hello! You said: {text}", "buttons": [ORDER]}
    return [{"attachment": {"type": "template", "payload": template}}]


def create_app(settings):
    """The webhook. `settings` has GRAPH_URL, PAGE_TOKEN, APP_SECRET and VERIFY_TOKEN."""
    app, graph, pool = Flask(__name__), Graph(settings), ThreadPoolExecutor(8)

    def answer(event):
        recipient = {"id": event["sender"]["id"]}
        for message in answers_to(event):
            graph.post("messages", {"recipient": recipient, "messaging_type": "RESPONSE", "message": message})
        if event.get("message", {}).get("text") == "human":
            graph.post("pass_thread_control", {"recipient": recipient, "target_app_id": settings["DESK_APP_ID"]})

    @app.get("/webhook")
    def verify():
        if request.args.get("hub.verify_token") != settings["VERIFY_TOKEN"]:
            abort(403)
        return request.args["hub.challenge"]

    @app.post("/webhook")
    def receive():
        digest = hmac.new(settings["APP_SECRET"].encode(), request.get_data(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers.get("X-Hub-Signature-256", ""), f"sha256={digest}"):
            abort(403)
        for entry in request.get_json()["entry"]:
            for event in entry.get("messaging", []):
                if not event.get("message", {}).get("is_echo"):
                    pool.submit(answer, event)
        return "EVENT_RECEIVED"

    return app


if __name__ == "__main__":
    create_app(os.environ).run(port=int(os.environ["PORT"]), threaded=True)
