"""A server of our own, as a process that ends with this one."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from typing import IO

from .binary import find_binary
from .errors import NotStarted

START_S = 90.0
STOP_S = 5.0
TAIL_BYTES = 4000


class ServerProcess:
    """`graphdouble serve` on a free port. It ends when its standard input ends, and so with this process, however that ends."""

    def __init__(self, binary: str | os.PathLike[str] | None = None, arguments: Sequence[str] = ()):
        self._started_with = (binary, tuple(arguments))
        command = [find_binary(binary), "serve", "--listen", "127.0.0.1:0", "--ready", "json", "--until-stdin-ends"]
        self.command = [*command, *arguments]
        # In a file, not in a pipe: nobody has to read it, and it is there when the server has ended.
        self.log: IO[bytes] = tempfile.TemporaryFile(prefix="graphdouble-")
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GRAPHDOUBLE_")}
        try:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, env=environment
            )
        except OSError as error:
            self.log.close()
            raise NotStarted(f"`{self.command[0]}` cannot be run: {error}") from error
        self.url, self.version = self._ready()

    def _ready(self) -> tuple[str, str]:
        lines: queue.Queue[bytes] = queue.Queue()
        output = self.process.stdout
        assert output is not None
        threading.Thread(target=lambda: lines.put(output.readline(65536)), daemon=True).start()
        try:
            line = lines.get(timeout=START_S)
        except queue.Empty:
            raise self._not_started(f"printed no line within {START_S:.0f} s") from None
        try:
            ready = json.loads(line)
            return str(ready["url"]), str(ready["version"])
        except (ValueError, LookupError, TypeError):
            what = f"printed {line[:200]!r} instead of its ready line" if line else "ended without a ready line"
            raise self._not_started(what) from None

    def _not_started(self, what: str) -> NotStarted:
        if self.process.poll() is None:
            try:  # one that has ended its output is about to end
                self.process.wait(0.5)
            except subprocess.TimeoutExpired:
                self.process.kill()
        code = self.process.wait()
        text = f"`{' '.join(self.command)}` {what} (exit code {code}){self.tail()}"
        self.stop()
        return NotStarted(text)

    def again(self) -> ServerProcess:
        """Another server like this one."""
        return ServerProcess(*self._started_with)

    def tail(self) -> str:
        """The end of what it printed on standard error, with a newline before it."""
        if self.log.closed:
            return ""
        # By its place, for the child writes at the same offset.
        size = os.fstat(self.log.fileno()).st_size
        text = os.pread(self.log.fileno(), TAIL_BYTES, max(0, size - TAIL_BYTES)).decode("utf-8", "replace").strip()
        return f"\n{text}" if text else ""

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def has_ended(self) -> bool:
        """True if it has ended, or ends within a moment: its connections close before it is gone."""
        try:
            self.process.wait(0.5)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """Ends the server by ending its standard input, and kills it if it does not end."""
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                pass  # it has ended already
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
