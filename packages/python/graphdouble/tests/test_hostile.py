"""What goes wrong says what is wrong, and leaves nothing behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import textwrap
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import graphdouble
import pytest
from graphdouble import GraphdoubleError, Mistake, NotStarted, Server, ServerGone, World, process, start


def script(folder: Path, text: str) -> Path:
    """A binary that is none."""
    file = folder / "graphdouble"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def test_a_binary_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotStarted, match="there is no binary at `.*nowhere`, which the caller names"):
        start(binary=tmp_path / "nowhere")
    monkeypatch.setenv("GRAPHDOUBLE_BINARY", "nowhere")
    with pytest.raises(NotStarted, match="which the variable GRAPHDOUBLE_BINARY names"):
        start()


def test_a_package_without_a_binary_names_the_remedies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRAPHDOUBLE_BINARY", raising=False)
    monkeypatch.setattr("graphdouble.binary._folders", lambda: [Path("/nowhere")])
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NotStarted, match=r"looked in /nowhere[^~]*pip install --force-reinstall graphdouble[^~]*GRAPHDOUBLE_BINARY"):
        start()


@pytest.mark.parametrize("line", ["what is this", "{}", "[1]", '{"url": 1'])
def test_a_binary_that_prints_garbage(tmp_path: Path, line: str) -> None:
    binary = script(tmp_path, f"echo 'and an error' >&2; echo '{line}'; cat")
    with pytest.raises(NotStarted, match=r"instead of its ready line \(exit code [-0-9]+\)\nand an error"):
        start(binary=binary)


def test_a_binary_that_ends_at_once_shows_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match=r"ended without a ready line \(exit code 3\)\nthe port is taken"):
        start(binary=script(tmp_path, "echo 'the port is taken' >&2; exit 3"))


def test_a_binary_that_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "START_S", 0.2)
    with pytest.raises(NotStarted, match="printed no line within 0 s"):
        start(binary=script(tmp_path, "exec cat"))


def test_a_wrong_flag_is_what_the_server_says() -> None:
    with pytest.raises(NotStarted, match="unexpected argument '--no-such-flag'"):
        start(arguments=["--no-such-flag"])


def test_a_server_that_was_killed_is_gone_and_can_start_anew() -> None:
    with start() as server:
        world = server.create_world()
        assert server.process is not None
        os.kill(server.process.process.pid, signal.SIGKILL)
        with pytest.raises(ServerGone, match="is gone: [^~]*it ended with exit code -9"):
            world.person()
        assert not server.is_running
        server.restart()
        assert server.create_world().person().name


def test_something_else_that_listens_there_is_no_graphdouble() -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404, "Nothing here")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Other) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        with pytest.raises(GraphdoubleError, match="answered 404: .*is it graphdouble"):
            graphdouble.attach(f"http://127.0.0.1:{other.server_port}")
        other.shutdown()


def test_a_mistake_in_a_world_file_is_drawn_at_its_place(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text("apps: { bot: {} }\npagez: {}\n")
    with pytest.raises(Mistake) as mistake:
        server.create_world(file)
    assert f"--> {file}:2:1" in str(mistake.value)
    assert "did you mean `pages`" in str(mistake.value)
    with pytest.raises(FileNotFoundError):
        server.create_world(tmp_path / "nowhere.yaml")


def test_wrong_words_and_names_are_drawn(world: World) -> None:
    alice = world.person("alice")
    with pytest.raises(AttributeError, match="Person has no verb `sayz`, did you mean `says`"):
        alice.sayz("Hi")
    with pytest.raises(Mistake, match=r"unknown key `replys_to` in a `user` step, did you mean `replies_to`[^~]*\^\^\^"):
        alice.says("Hi", replys_to="x")
    with pytest.raises(Mistake, match="unknown app `bott`"):
        world.step(app="bott", sends="Hi")
    with pytest.raises(TypeError, match="`says` needs a value: Writes"):
        alice.says()
    with pytest.raises(TypeError, match="a step cannot have <object"):
        alice.says(object())
    assert world.threads() == []


def test_a_webhook_that_fails_the_handshake_is_not_attached(world: World) -> None:
    with pytest.raises(AssertionError, match="the handshake failed"):
        world.app("bot").webhook("http://127.0.0.1:9/webhook")
    assert world.app("bot").description["webhook"] is None


KILLED = """
    import os, signal, sys, graphdouble
    server = graphdouble.start()
    bot = graphdouble.run_bot([sys.executable, "-c", "import os, time; print('at', os.getpid(), flush=True); time.sleep(600)"], ready=r"at (\\d+)")
    print(server.process.process.pid, bot.process.pid, bot.url.removesuffix("/webhook"), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_test_leaves_neither_a_server_nor_a_bot() -> None:
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED)], stdout=subprocess.PIPE, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    pids = [int(word) for word in killed.stdout.split()]
    assert len(pids) == 3
    for pid in pids:
        wait_for_end(pid)


def wait_for_end(pid: int) -> None:
    """Waits until a process that is no child of ours has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        assert poll.poll(60_000), f"process {pid} still runs"
    finally:
        os.close(handle)
