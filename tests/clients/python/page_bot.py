"""A bot with Facebook Login on facebook-business, which calls https://graph.facebook.com: it reaches an Instagram account by the token of
the linked page."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from facebook_business.adobjects.page import Page
from facebook_business.api import FacebookAdsApi

PORT = 5002
SECRET = "desk-secret"
INBOX_ID = "1217981644879628"  # the inbox on Instagram

page = Page("me", api=FacebookAdsApi.init("1002", SECRET, "EAAdesk"))


def answer(item):
    message = item.get("message", {})
    if "text" not in message or message.get("is_echo"):
        return
    recipient = {"id": item["sender"]["id"]}
    if message["text"] == "human":
        page.create_pass_thread_control(params={"recipient": recipient, "target_app_id": INBOX_ID})
    else:
        page.create_message(params={"recipient": recipient, "message": {"text": f"You said: {message['text']}"}})


class Webhook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        expected = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        is_signed = hmac.compare_digest(self.headers.get("X-Hub-Signature-256", ""), expected)
        self.send_response(200 if is_signed else 403)
        self.send_header("Content-Length", "0")
        self.end_headers()
        if is_signed:
            threading.Thread(target=self.answer_all, args=(json.loads(body),)).start()

    @staticmethod
    def answer_all(delivery):
        # What stands in `standby` is another app's to answer.
        for entry in delivery["entry"]:
            for item in entry.get("messaging", []):
                answer(item)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", PORT), Webhook).serve_forever()
