"""Runs a command, and ends it when standard input ends: a bot does not outlive the test that started it, however that ended.

    python guard.py COMMAND ARGUMENT…

It is run as a file, so that it starts in milliseconds, and imports nothing of this package."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

STOP_S = 5.0


def main() -> None:
    try:
        # In a group of its own, so that its children end with it. Its standard input is empty: ours is the line to the test.
        child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        print(f"cannot run {sys.argv[1]}: {error}", file=sys.stderr, flush=True)
        os._exit(127)
    # Ctrl-C is for the test, which ends our input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: end(child))
    threading.Thread(target=wait_for_end, args=(child,), daemon=True).start()
    code = child.wait()
    kill(child, signal.SIGKILL)  # what it has left behind
    os._exit(code if code >= 0 else 128 - code)


def wait_for_end(child: subprocess.Popen[bytes]) -> None:
    while os.read(0, 4096):
        pass
    end(child)


def end(child: subprocess.Popen[bytes]) -> None:
    kill(child, signal.SIGTERM)
    threading.Timer(STOP_S, kill, (child, signal.SIGKILL)).start()


def kill(child: subprocess.Popen[bytes], by: signal.Signals) -> None:
    try:
        os.killpg(child.pid, by)
    except OSError:
        pass  # it has ended


if __name__ == "__main__":
    main()
