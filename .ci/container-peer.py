"""The rest of the world for .ci/container: a DNS server, and a bot that takes webhooks and judges them.

usage: container-peer.py NAME=ADDRESS=SOURCE=SECRET...

NAME is the host of a webhook URL and resolves to ADDRESS; SOURCE says where from: `dns`, this server, or `hosts`, a file that is none
of its business. SECRET is the app secret that signs the webhooks for NAME. One line, `ready`, is printed when everything listens.

    127.0.0.1:53      DNS: A records for the `dns` names, no such name for all else
    0.0.0.0:5001      the bot: GET and POST /webhook
    127.0.0.1:5002    GET /verdict?name=NAME&text=TEXT&within=SECONDS waits for the webhook with TEXT for NAME, then answers 200 if it
                      was right and the only one; else 422 and what was expected and what was seen
"""

import hashlib
import hmac
import json
import socket
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

VERIFY_TOKEN = "open-sesame"
PEERS = {name: (address, source, secret) for name, address, source, secret in (arg.split("=") for arg in sys.argv[1:])}

seen = threading.Condition()  # guards the two lists and wakes those who wait for them
questions = []  # names that the DNS server was asked for
deliveries = []  # (name, problems, text) of each POST to the bot


def dns_reply(query):
    labels, at = [], 12  # the question follows a header of 12 bytes
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii"))
        at += 1 + query[at]
    name = ".".join(labels).lower()
    (kind,) = struct.unpack_from(">H", query, at + 1)
    with seen:
        questions.append(name)
    address, source, _ = PEERS.get(name, (None, None, None))
    known = source == "dns"
    answer = b""
    if known and kind == 1:  # A; any other type of a known name is an empty answer
        answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + socket.inet_aton(address)
    flags = 0x8180 if known else 0x8183  # a recursive answer, with "no such name" if it is none of ours
    return query[:2] + struct.pack(">HHHHH", flags, 1, 1 if answer else 0, 0, 0) + query[12 : at + 5] + answer


def serve_dns(sock):
    while True:
        query, client = sock.recvfrom(512)
        sock.sendto(dns_reply(query), client)


def problems_of(name, request, body):
    """What is wrong with a webhook, each as `what: expected …, seen …`, and its text."""
    address, _, secret = PEERS[name]
    found = []

    def check(what, expected, got):
        if got != expected:
            found.append(f"{what}: expected {expected!r}, seen {got!r}")

    check("path", "/webhook", urlsplit(request.path).path)
    check("address it was sent to", address, request.connection.getsockname()[0])
    check("Content-Type", "application/json", request.headers.get_content_type())
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    check("X-Hub-Signature-256", signature, request.headers["X-Hub-Signature-256"])
    text = None
    try:
        payload = json.loads(body)
        check("object", "page", payload["object"])
        text = payload["entry"][0]["messaging"][0]["message"]["text"]
    except (ValueError, LookupError, TypeError) as error:
        found.append(f"body: expected a webhook with a text message, seen {body!r} ({error!r})")
    return found, text


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers
        return b"".join(chunks)


class Bot(Handler):
    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        if query.get("hub.verify_token") == [VERIFY_TOKEN]:
            self.answer(200, query["hub.challenge"][0])
        else:
            self.answer(403, "wrong verify token")

    def do_POST(self):
        body = self.body()
        name = self.headers.get("Host", "").rsplit(":", 1)[0]
        if name in PEERS:
            problems, text = problems_of(name, self, body)
        else:
            problems, text = [f"Host: expected one of {sorted(PEERS)}, seen {name!r}"], None
        with seen:
            deliveries.append((name, problems, text))
            seen.notify_all()
        # 200 even for a bad one: a retry would only say the same again.
        self.answer(200, "EVENT_RECEIVED")


class Judge(Handler):
    def do_GET(self):
        query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        name, text = query["name"], query["text"]
        deadline = time.monotonic() + float(query["within"])
        with seen:
            # Anything unexpected ends the wait as well: no later webhook can mend it.
            seen.wait_for(lambda: any(d[0] == name or d[1] for d in deliveries), max(0.0, deadline - time.monotonic()))
            ours = [d for d in deliveries if d[0] == name]
            problems = [problem for d in deliveries for problem in d[1]]
            if [d[2] for d in ours] != [text]:
                every = [(d[0], d[2]) for d in deliveries]
                problems.append(f"webhooks for {name}: expected exactly one, with the text {text!r}, seen {every!r}")
            if PEERS[name][1] == "dns" and name not in questions:
                problems.append(f"DNS: expected a question for {name!r}, seen {questions!r}")
        if problems:
            self.answer(422, "\n".join(problems) + "\n")
        else:
            self.answer(200, f"one webhook for {name} at {PEERS[name][0]}, its signature right over the exact bytes\n")

    def log_message(self, *_):
        pass


dns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
dns.bind(("127.0.0.1", 53))
bot = ThreadingHTTPServer(("0.0.0.0", 5001), Bot)
judge = ThreadingHTTPServer(("127.0.0.1", 5002), Judge)
threading.Thread(target=serve_dns, args=(dns,), daemon=True).start()
threading.Thread(target=bot.serve_forever, daemon=True).start()
print("ready", flush=True)
judge.serve_forever()
