"""A bot without a framework: it takes webhooks at a port of its own, verifies them, and greets whoever writes."""

import hashlib
import hmac
import json
import os
import ssl
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

URL = os.environ["GRAPHDOUBLE_URL"]
SECRET = os.environ["GRAPHDOUBLE_APP_SECRET"].encode()
TOKEN = os.environ["GRAPHDOUBLE_PAGE_TOKEN"]
VERIFY_TOKEN = os.environ["GRAPHDOUBLE_VERIFY_TOKEN"]


def greet(event):
    text = f"Hello from python: {event['message']['text']}"
    body = json.dumps({"recipient": {"id": event["sender"]["id"]}, "message": {"text": text}}).encode()
    request = urllib.request.Request(f"{URL}/v25.0/me/messages", body)
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", f"Bearer {TOKEN}")
    try:
        urllib.request.urlopen(request).read()
    except urllib.error.HTTPError as error:
        print(error.read().decode(), flush=True)


class Bot(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if query.get("hub.mode") == "subscribe" and query.get("hub.verify_token") == VERIFY_TOKEN:
            return self.answer(200, query["hub.challenge"])
        return self.answer(403, "wrong verify token")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signature = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature, self.headers["X-Hub-Signature-256"]):
            return self.answer(403, "")
        self.answer(200, "EVENT_RECEIVED")
        for entry in json.loads(body)["entry"]:
            for event in entry.get("messaging", []):
                if "text" in event.get("message", {}) and "app_id" not in event["message"]:
                    threading.Thread(target=greet, args=(event,)).start()


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "0"))), Bot)
scheme = "http"
# With TLS_CERT and TLS_KEY, two PEM files, it speaks HTTPS.
if "TLS_CERT" in os.environ:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.environ["TLS_CERT"], os.environ["TLS_KEY"])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https"
print(f"the bot takes webhooks at {scheme}://127.0.0.1:{server.server_port}/webhook", flush=True)
server.serve_forever()
