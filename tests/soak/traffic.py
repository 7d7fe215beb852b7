"""Soak room: a bot that takes webhooks, and the traffic of one worker: people, apps, mistakes, short worlds, snapshots, uploads, and
clients that go away."""

import http.client
import itertools
import json
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import world

WORLD = "/_control/worlds/default"
PEOPLE = ["alice", "bob", "carol"]
PSIDS = ["3001", "3002", "3003"]
# Seconds that a call may take on a machine that is busy with something else.
PATIENCE = 300
# Whatever else an action is answered with is a failure of the server.
REFUSED = {400, 401, 403, 404, 409, 410, 422}


class Bot:
    """An app that takes each webhook, and counts them."""

    def __enter__(self):
        bot = self
        bot.taken = 0

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                bot.taken += 1
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


class Traffic:
    """What one worker does, one thing after the other. The same number does the same things."""

    def __init__(self, address, number):
        self.address, self.number = address, number
        self.dice = random.Random(number)
        self.names = itertools.count()
        self.calls = 0
        self.doing = "nothing"
        self.connection = http.client.HTTPConnection(address, timeout=PATIENCE)
        often = [self.person, self.person, self.send, self.send, self.send, self.batch, self.mistake, self.read]
        self.actions = [*often * 4, self.clock, self.upload, self.short_world, self.snapshot, self.people, self.goes_away, self.reset]

    def step(self):
        action = self.dice.choice(self.actions)
        self.doing = action.__name__
        action()

    def call(self, method, path, body=b"", headers=None, may_be=()):
        self.calls += 1
        if isinstance(body, (dict, list)):
            body, headers = json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})}
        self.connection.request(method, path, body, headers or {})
        answer = self.connection.getresponse()
        said = answer.read()
        assert answer.status < 300 or answer.status in may_be, f"{method} {path}: {answer.status} {said[:500]!r}"
        return said

    def graph(self, method, path, body=b"", token="EAAbot", may_be=()):
        return self.call(method, f"/v25.0{path}", body, {"Authorization": f"Bearer {token}"}, may_be)

    def step_of(self, step, name="default"):
        # Another worker may just have reset the world, or hold the thread.
        return self.call("POST", f"/_control/worlds/{name}/steps", step, may_be=REFUSED)

    def person(self):
        self.step_of({"user": self.dice.choice(PEOPLE), "says": "x" * self.dice.randrange(1, 500)})

    def send(self):
        message = {"recipient": {"id": self.dice.choice(PSIDS)}, "message": {"text": "y" * self.dice.randrange(1, 500)}}
        self.graph("POST", "/me/messages", message, may_be=REFUSED)

    def batch(self):
        item = {"method": "GET", "relative_url": "me?fields=id,name"}
        self.graph("POST", "/", {"batch": json.dumps([item] * self.dice.randrange(1, 20))})

    def mistake(self):
        path, body = self.dice.choice([("/me/messages", {"message": {}}), ("/nowhere", {}), ("/me/messages", {"recipient": {"id": "7"}})])
        self.graph("POST", path, body, self.dice.choice(["EAAbot", "EAAdesk", "wrong"]), may_be=REFUSED)

    def read(self):
        path = self.dice.choice(["/ledger?limit=200&after=0", "/threads", "/threads/shop/alice", "/lint", "/calls?after=0", "/threads/shop/bob/explain"])
        self.call("GET", WORLD + path, may_be=REFUSED)
        self.graph("GET", "/me/conversations?fields=id,messages.limit(5){message,from}", may_be=REFUSED)

    def clock(self):
        self.call("POST", f"{WORLD}/clock", {"advance": self.dice.choice(["1s", "1h", "25h"])}, may_be=REFUSED)

    def upload(self):
        edge = "b"
        part = f'--{edge}\r\nContent-Disposition: form-data; name="message"\r\n\r\n' + json.dumps(
            {"attachment": {"type": "image", "payload": {"is_reusable": True}}}
        )
        file = f'\r\n--{edge}\r\nContent-Disposition: form-data; name="filedata"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        body = part.encode() + file.encode() + self.dice.randbytes(5_000) + f"\r\n--{edge}--\r\n".encode()
        headers = {"Authorization": "Bearer EAAbot", "Content-Type": f"multipart/form-data; boundary={edge}"}
        self.call("POST", "/v25.0/me/message_attachments", body, headers, may_be=REFUSED)

    def short_world(self):
        name = f"w{self.number}-{next(self.names)}"
        seed = self.dice.randrange(1 << 30)
        self.call("POST", f"/_control/worlds?name={name}", world.text(seed, f"EA{name}").encode())
        for person in PEOPLE:
            self.step_of({"user": person, "says": "Hi"}, name)
            self.step_of({"app": "bot", "to": person, "sends": "Hello"}, name)
        taken = self.call("GET", f"/_control/worlds/{name}/snapshot")
        self.call("PUT", f"/_control/worlds/{name}/snapshot", taken)
        self.call("DELETE", f"/_control/worlds/{name}")

    def snapshot(self):
        # It has all that ever came to the world, or is refused when that is too much.
        self.call("GET", f"{WORLD}/snapshot?wait=1ms", may_be=REFUSED)
        self.call("GET", f"{WORLD}/scenario", may_be=REFUSED)

    def people(self):
        self.call("POST", f"{WORLD}/people", {"name": f"p{self.number}-{next(self.names)}"}, may_be=REFUSED)

    def goes_away(self):
        """A client that leaves: in the middle of a body, while it waits, or while it is sent a stream."""
        head = self.dice.choice(
            [
                f"POST {WORLD}/steps HTTP/1.1\r\nHost: {self.address}\r\nContent-Length: 100\r\n\r\n{{ user:",
                f"GET {WORLD}/calls?after=now&wait=60s HTTP/1.1\r\nHost: {self.address}\r\n\r\n",
                f"GET {WORLD}/ledger/stream HTTP/1.1\r\nHost: {self.address}\r\n\r\n",
                "GET / HTTP/1.1\r\nHos",
            ]
        )
        leaving = http.client.HTTPConnection(self.address, timeout=PATIENCE)
        leaving.connect()
        leaving.sock.sendall(head.encode())
        leaving.close()

    def reset(self):
        # Rarely: what is kept is tried in a world that is full.
        if self.dice.randrange(50) == 0:
            self.call("POST", f"{WORLD}/reset", {"keep": ["profile"]}, may_be=REFUSED)
