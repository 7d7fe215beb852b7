"""Ports for bots that are given theirs. Test runs that go on at the same time never get the same one, however long a bot takes to listen."""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
import threading
from pathlib import Path

from .errors import GraphdoubleError

#: Below the ports that the system gives to outgoing connections, so that none of them takes the port before the bot does.
PORTS = range(20_000, 32_000)
#: A byte of it is locked for each port that is leased. The system unlocks it when the process ends, however that ends.
LOCKS = Path(tempfile.gettempdir(), f"graphdouble-ports-{os.getuid()}")

_mine: set[int] = set()
_guard = threading.Lock()
_file: int | None = None


def lease_port() -> int:
    """A port on which nobody listens, and which no other process gets before `return_port`."""
    with _guard:
        for number in random.SystemRandom().sample(PORTS, min(1000, len(PORTS))):
            if number not in _mine and _lock(number):
                if is_free(number):
                    _mine.add(number)
                    return number
                _unlock(number)
    raise GraphdoubleError(f"no port from {PORTS.start} to {PORTS.stop} is free")


def return_port(number: int) -> None:
    """Lets others have the port."""
    with _guard:
        if number in _mine:
            _mine.discard(number)
            _unlock(number)


def is_free(number: int) -> bool:
    """True if nobody listens there."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
        return True


def _lock(number: int) -> bool:
    global _file
    if _file is None:
        # It stays open: a process loses all locks of a file when it closes one descriptor of it.
        _file = os.open(LOCKS, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.lockf(_file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
    except OSError:
        return False
    return True


def _unlock(number: int) -> None:
    if _file is not None:
        fcntl.lockf(_file, fcntl.LOCK_UN, 1, number)
