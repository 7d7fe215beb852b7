"""Runs `graphdouble run --inspect` on a terminal, looks at the world that stays, and presses Enter."""

import json
import os
import pty
import re
import sys
import urllib.request

pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], [sys.argv[1], "run", "talk.yaml", "--inspect", "--no-bundle"])

said = b""
while b"Press Enter" not in said:
    said += os.read(terminal, 4096)
url = re.search(rb"is at (http://[^/\s]+)/_inspector/#/scenario/chat", said)
assert url, said


def ask(path):
    return json.load(urllib.request.urlopen(url[1].decode() + path))


worlds = [world["name"] for world in ask("/_control/worlds")["worlds"]]
owner = ask("/_control/worlds/scenario/threads/bakery/alice")["owner"]
os.write(terminal, b"\n")
try:
    while os.read(terminal, 4096):
        pass
except OSError:
    pass  # the terminal of a process that is over
_, status = os.waitpid(pid, 0)
print(f"the world: {worlds}, {owner} owns, exit {os.waitstatus_to_exitcode(status)}")
