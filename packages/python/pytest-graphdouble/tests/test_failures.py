"""What a failure shows, and what goes wrong outside of the test."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from graphdouble import start


def test_a_failure_shows_the_line_the_drawing_and_the_thread(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_waits_for_something_else(graphdouble_world, graphdouble_bot):
            alice = graphdouble_world.person("alice")
            alice.says("Hi")
            alice.gets("Goodbye", within="20ms")
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '>       alice.gets("Goodbye", within="20ms")',
            "E       graphdouble.StepFailed: error: no message matches within 20ms",
            "*see http://127.0.0.1:*/_inspector/#/test-waits-for-something-else/chat[?]page=shop&person=alice",
            "*graphdouble transcript*",
            "alice@shop, owner bot",
            "*alice: Hi",
            "*bot: Hello",
            "*graphdouble explanation*",
            "*alice routed to bot*routing.organic.default_app",
            "*graphdouble page*",
        ]
    )
    # The frames of the client are not shown.
    assert "protocol.py" not in result.stdout.str()


def test_the_log_of_a_bot_is_shown(project: pytest.Pytester) -> None:
    Path(project.path, "bot.py").write_text(
        "import os\nfrom http.server import *\n"
        "print('secret is', os.environ['SECRET'] != '')\n"
        "HTTPServer(('127.0.0.1', int(os.environ['PORT'])), BaseHTTPRequestHandler).serve_forever()\n"
    )
    project.makeconftest(
        """
        import sys, pytest

        @pytest.fixture
        def graphdouble_bot(graphdouble_world, graphdouble_run):
            return graphdouble_run([sys.executable, "bot.py"], env=graphdouble_world.app("bot").env({"SECRET": "secret"}))
        """
    )
    project.makepyfile("def test_it(graphdouble_bot):\n    pass\n")
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the handshake failed*501*", "*the bot's log*", "secret is True"])


def test_a_bot_that_answers_500_fails_the_test(project: pytest.Pytester) -> None:
    conftest = Path(project.path, "conftest.py")
    conftest.write_text(conftest.read_text().replace('start_response("200 OK", [])', 'start_response("500 No" if body else "200 OK", [])'))
    project.makepyfile("def test_it(graphdouble_world, graphdouble_bot):\n    graphdouble_world.person('alice').says('Hi')\n")
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *graphdouble.StepFailed: *500*"])


def test_a_mistake_in_a_world_file_is_drawn(project: pytest.Pytester) -> None:
    Path(project.path, "shop.yaml").write_text("apps: { bot: {} }\npagez: {}\n")
    project.makepyfile("def test_it(graphdouble_world):\n    pass\n")
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E *unknown key `pagez` in a world, did you mean `pages`?", "E *--> */shop.yaml:2:1"])


def test_a_binary_that_is_missing_or_prints_garbage(project: pytest.Pytester) -> None:
    project.makepyfile("def test_it(graphdouble_world):\n    pass\n")
    result = project.runpytest_subprocess("--graphdouble-bin=nowhere")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E *graphdouble.NotStarted: there is no binary at `nowhere`*"])
    garbage = Path(project.path, "garbage")
    garbage.write_text("#!/bin/sh\necho garbage\n")
    garbage.chmod(0o755)
    result = project.runpytest_subprocess(f"--graphdouble-bin={garbage}")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E *printed b'garbage*instead of its ready line*"])


def test_after_a_server_was_killed_the_next_test_has_another(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import os, signal

        def test_killed(graphdouble, graphdouble_world):
            os.kill(graphdouble.process.process.pid, signal.SIGKILL)
            graphdouble_world.person()

        def test_next(graphdouble_world, graphdouble_bot):
            alice = graphdouble_world.person("alice")
            alice.says("Hi")
            assert alice.gets().text == "Hello"
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["E *graphdouble.ServerGone: the server at *", "E *it ended with exit code -9"])


def test_each_worker_of_xdist_has_a_server(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(12))
        def test_greets(graphdouble, graphdouble_world, graphdouble_bot, number, worker_id):
            alice = graphdouble_world.person("alice")
            alice.says(str(number))
            assert alice.gets().text == "Hello"
            with open("seen.txt", "a") as seen:
                seen.write(f"{worker_id} {graphdouble.url}\\n")
        """
    )
    project.runpytest_subprocess("-n", "4").assert_outcomes(passed=12)
    seen = {tuple(line.split()) for line in Path(project.path, "seen.txt").read_text().splitlines()}
    assert len(seen) == len({worker for worker, _ in seen}) == len({url for _, url in seen}) > 1


def test_workers_of_xdist_may_share_a_server(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(8))
        def test_greets(graphdouble_world, graphdouble_bot, number):
            alice = graphdouble_world.person("alice")
            alice.says(str(number))
            assert alice.gets().text == "Hello"
            assert len(graphdouble_world.threads()) == 1
        """
    )
    with start() as server:
        monkeypatch.setenv("GRAPHDOUBLE_URL", server.url)
        project.runpytest_subprocess("-n", "3").assert_outcomes(passed=8)
        assert [world["name"] for world in server.worlds()] == ["default"]


def test_a_test_run_that_is_killed_leaves_no_server_and_no_bot(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import os, signal, sys

        def test_it(graphdouble, graphdouble_run):
            code = "import os, time; print('at', os.getpid(), flush=True); time.sleep(600)"
            at = graphdouble_run([sys.executable, "-c", code], ready=r"at (\\d+)", webhook="")
            with open("pids.txt", "w") as pids:
                pids.write(f"{graphdouble.process.process.pid} {at.url}")
            os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    killed = subprocess.run([sys.executable, "-m", "pytest", "-q"], cwd=project.path, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stdout.decode()
    pids = [int(pid) for pid in Path(project.path, "pids.txt").read_text().split()]
    assert len(pids) == 2
    for pid in pids:
        assert has_ended(pid), f"process {pid} still runs"


def has_ended(pid: int) -> bool:
    """Waits for the end of a process that is no child of ours."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        return bool(poll.poll(60_000))
    finally:
        os.close(handle)
