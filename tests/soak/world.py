"""Soak room: the server, with a world that keeps little, so that everything in it has soon reached its limit."""

import contextlib
import re
import subprocess
import tempfile
from pathlib import Path

# A small ledger and few messages: what is dropped is tried, too.
TEXT = """
seed: {seed}
limits: {{ ledger: 2000, messages: 1000 }}
apps: {{ bot: {{ id: 1001, secret: s }}, desk: {{ id: 1002, secret: d }} }}
pages:
  shop: {{ id: "2001", default_app: bot, apps: {{ bot: {{ token: {token}bot }}, desk: {{ token: {token}desk }} }} }}
people: {{ alice: {{ psids: {{ shop: "3001" }} }}, bob: {{ psids: {{ shop: "3002" }} }}, carol: {{ psids: {{ shop: "3003" }} }} }}
"""


def text(seed, token):
    return TEXT.format(seed=seed, token=token)


@contextlib.contextmanager
def serving(binary, webhook):
    """A server with that world, whose app `bot` has this webhook; its process and its address."""
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder) / "world.yaml"
        world.write_text(text(7, "EAA"))
        command = [binary, "serve", "--frozen", "--listen", "127.0.0.1:0", "--world", world, "--app", f"bot={webhook}"]
        log = Path(folder) / "log"
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log.open("w"), text=True)
        try:
            line = process.stdout.readline()
            found = re.search(r"listens on http://(\S+)", line)
            assert found, f"the server does not start: {line!r}"
            yield process, found.group(1)
            process.terminate()
            assert process.wait(60) == 0, "SIGTERM ends it with exit code 0"
            assert "panicked" not in log.read_text(), log.read_text()[-5000:]
        finally:
            if process.poll() is None:
                process.kill()
