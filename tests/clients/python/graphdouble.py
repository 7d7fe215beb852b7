"""Starts the graphdouble under test and talks to its control API."""

import json
import os
import re
import subprocess
import tempfile
import threading
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CLIENTS = Path(__file__).resolve().parent.parent
BINARY = os.environ.get("GRAPHDOUBLE_BIN", str(CLIENTS.parent.parent / "target/release/graphdouble"))

# The clients honour proxy variables even for loopback addresses.
os.environ["no_proxy"] = "127.0.0.1"


class Graphdouble:
    """Serves a world file on a free port. The app with a webhook has it here: it answers 200 to everything, passes the handshake of
    a subscription, and keeps what came: in `received` the headers and the bytes of each POST, in `handshakes` their parameters."""

    def __init__(self, world="world.yaml"):
        self._webhook = ThreadingHTTPServer(("127.0.0.1", 0), _Webhook)
        self._webhook.handle_error = lambda *_: None  # a connection may break off when all is over
        self._webhook.received = self.received = []
        self._webhook.handshakes = self.handshakes = []
        threading.Thread(target=self._webhook.serve_forever, daemon=True).start()
        self.webhook_url = f"http://127.0.0.1:{self._webhook.server_port}/webhook"
        text = (CLIENTS / world).read_text().replace("http://127.0.0.1:5001/webhook", self.webhook_url)
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(text)
            file.flush()
            command = [BINARY, "serve", "--world", file.name, "--listen", "127.0.0.1:0"]
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            line = self._process.stdout.readline()
        self.url = re.search(r"http://\S+", line)[0]

    def stop(self):
        self._process.kill()  # it holds nothing worth a graceful end
        self._process.wait()
        self._process.stdout.close()
        self._webhook.shutdown()
        self._webhook.server_close()

    def control(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.url}/_control/worlds/default{path}", data) as response:
            text = response.read()
        return json.loads(text) if text else None

    def reset(self):
        self.control("/reset", {})
        self.received.clear()

    def step(self, **step):
        return self.control("/steps", step)

    def cursor(self):
        return self.control("/ledger")["after"]

    def ledger(self, **query):
        return self.control(f"/ledger?{urllib.parse.urlencode(query)}")["entries"]

    def calls(self, cursor):
        """The Graph calls after a cursor, like `POST /v26.0/2001/messages 200`."""
        return [f"{entry['call']} {entry['status']}" for entry in self.ledger(after=cursor, kind="graph_call")]

    def owner(self, person, on="shop"):
        return self.control(f"/threads/{on}/{person}")["owner"]

    def last_sent(self, person, on="shop"):
        transcript = self.control(f"/threads/{on}/{person}")["transcript"]
        return [message for message in transcript if message["from"] != person][-1]["content"]


class _Webhook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlparse(self.path).query))
        self.server.handshakes.append(query)
        self._answer(query.get("hub.challenge", "").encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append((self.headers, body))
        self._answer(b"EVENT_RECEIVED")

    def _answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
