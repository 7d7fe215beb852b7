"""Fuzz room: a real server with a world of each kind, and what must hold of whatever it answers."""

import contextlib
import http.client
import json
import re
import subprocess
import tempfile
import threading
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 10  # seconds for anything that takes milliseconds
# What may stand in an address as it is; the rest is escaped, for a server of HTTP refuses it before we see it.
PLAIN = "/:|{}[]$.*=&,'()!~@;+%"
# Worlds beside the one that the server starts with. One token cannot stand for two worlds, so each has its own letter for EAA,
# and its own seed, of which the tokens come that no file names.
OTHERS = {"guarded": ("bakery-guarded.yaml", "G"), "leads": ("bakery-leads.yaml", "L"), "kiosk": ("kiosk.yaml", "A")}
# What happens in each world before an example begins, so that there are threads and messages to ask for.
BEFORE = {
    "default": ["{ user: alice, says: Hi }", "{ app: support, sends: Hello }", "{ user: bob, taps_ad: tulips, says: Hm }"],
    "guarded": ["{ user: alice, says: Hi }"],
    "leads": ["{ user: alice, taps_ad: weddings }"],
    "kiosk": ["{ user: carol, says: Hi }"],
}


class Answer:
    """What came back."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.headers.get('content-type')} {self.body[:500]!r}"


class Server:
    """A server, started anew if an example brought it down."""

    def __init__(self, binary):
        self.binary = binary
        self.process = None
        self.revive()

    def revive(self):
        if self.process and self.process.poll() is None:
            return
        self.errors = tempfile.TemporaryFile()
        world = str(ROOT / "fixtures/bakery.yaml")
        command = [self.binary, "serve", "--frozen", "--listen", "127.0.0.1:0", "--world", world]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.process.stdout.readline()
        assert "listens on http://" in line, f"the server does not start: {line!r} {self.said()}"
        self.host = line.rsplit("//", 1)[1].strip()
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.connection = http.client.HTTPConnection(self.host, timeout=TIMEOUT)
        for name, (file, letter) in OTHERS.items():
            self.create(name, file, letter)

    def create(self, name, file, letter):
        world = (ROOT / "fixtures" / file).read_text().replace("EAA", "EA" + letter).replace("AQD", "AQ" + letter)
        world = re.sub("(?m)^seed: .*", f"seed: {ord(letter)}", world)
        body = f"name: {name}\nclock: frozen\nworld:\n" + re.sub("(?m)^", "  ", world)
        answer = self.call("POST", "/_control/worlds", body=body.encode())
        assert answer.status == 201, answer

    def start_over(self, worlds=BEFORE):
        """Every example begins with the same worlds, so that it can be told again."""
        self.revive()
        for name in worlds:
            # An example may have removed it.
            if self.call("POST", f"/_control/worlds/{name}/reset").status == 404:
                self.create(name, *OTHERS.get(name, ("bakery.yaml", "A")))
            # Webhooks that an example attached stay over a reset.
            world = self.call("GET", f"/_control/worlds/{name}")
            for app, described in json.loads(world.body)["apps"].items():
                if described["webhook"]:
                    self.call("DELETE", f"/_control/worlds/{name}/apps/{app}/webhook")
            for step in BEFORE[name]:
                answer = self.call("POST", f"/_control/worlds/{name}/steps", body=step.encode())
                assert answer.status == 200, (name, step, answer)

    def call(self, method, target, headers=None, body=b"", head_only=False):
        """One call. A server that panics answers nothing and says why on standard error."""
        before = self.errors.seek(0, 2)
        connection = self.connection
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in {"Accept": "*/*", "Content-Length": str(len(body)), **(headers or {})}.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, b"" if head_only else response.read())
            if head_only:
                connection.close()
        except (http.client.HTTPException, OSError) as error:
            connection.close()
            raise AssertionError(f"{method} {target}: no answer: {error!r}; standard error: {self.said(before)}") from error
        said = self.said(before)
        assert "panicked" not in said, said
        return answer

    def said(self, after=0):
        self.errors.seek(after)
        return self.errors.read().decode(errors="replace")

    def stop(self):
        self.process.terminate()
        assert self.process.wait(TIMEOUT) == 0, "SIGTERM ends it with exit code 0"
        assert "panicked" not in self.said(), self.said()


@contextlib.contextmanager
def serving(binary):
    server = Server(binary)
    try:
        yield server
        server.stop()
    finally:
        if server.process.poll() is None:
            server.process.kill()


def escaped(text):
    return quote(text.encode(errors="surrogatepass"), safe=PLAIN)


def check_error(status, body, trace=None):
    """An error has Meta's shape, and its trace is that of the header."""
    assert status < 500, (status, body)
    if status < 400:
        return
    error = json.loads(body)["error"]
    wanted = {"message": str, "type": str, "code": int, "fbtrace_id": str}
    assert all(type(error.get(key)) is kind for key, kind in wanted.items()), error
    assert trace is None or trace == error["fbtrace_id"], (trace, error)


def check_graph(method, answer, is_batch=False):
    """What holds of every answer of the Graph API."""
    trace = answer.headers.get("x-fb-request-id")
    assert trace is not None and answer.headers.get("facebook-api-version"), answer
    if method == "HEAD" or answer.status == 304 or (method == "OPTIONS" and not answer.body):
        assert answer.status < 500, answer
        return
    check_error(answer.status, answer.body, trace)
    if answer.headers["content-type"].startswith("application/json"):
        told = answer.json()
        if is_batch and isinstance(told, list):
            for item in filter(None, told):
                check_error(item["code"], item["body"])
    else:
        assert answer.headers["content-type"].startswith("text/javascript"), answer
