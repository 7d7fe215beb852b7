"""Starts the services of examples/compose.yaml as processes, and talks with both bots. With --started they run already."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import yaml

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CONTROL = "http://127.0.0.1:4004/_control/worlds/default"


def services():
    return yaml.safe_load((EXAMPLES / "compose.yaml").read_text())["services"]


def volume(service):
    """The one folder or file of a service: where it is here, and where in the container."""
    (mount,) = service["volumes"]
    source, inside, mode = mount.split(":")
    assert mode == "ro", f"{mount} can be written to"
    return (EXAMPLES / source).resolve(strict=True), inside


@contextlib.contextmanager
def running(command, **options):
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def emulator(service):
    source, inside = volume(service)
    environment = {name: value.replace(inside, str(source)) for name, value in service["environment"].items()}
    assert service["ports"] == ["127.0.0.1:4004:4004"], "the port is published beyond the loopback, or is another one"
    return running([os.environ["GRAPHDOUBLE_BIN"], "serve"], env=os.environ | environment)


def bot(service, folder):
    """The command of a bot, in an empty folder, with its source where the volume is here."""
    source, inside = volume(service)
    assert service["network_mode"] == "service:graphdouble"
    shell, flag, script = "sh", "-c", service["command"].removeprefix('sh -c "').removesuffix('"')
    script = script.replace(f"{inside}/", f"{source}/")
    environment = os.environ | service["environment"]
    if "python" in service["image"]:
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        environment["PATH"] = f"{folder}/venv/bin:{environment['PATH']}"
    (folder / "bot").mkdir()
    return running([shell, flag, script], cwd=folder / "bot", env=environment, stdout=subprocess.PIPE, text=True)


def step(step):
    request = urllib.request.Request(f"{CONTROL}/steps", json.dumps(step).encode())
    try:
        with urllib.request.urlopen(request, timeout=90) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        refusal = json.load(error)["error"]
        sys.exit(f"compose: FAILED: {step}\n{refusal.get('drawn') or refusal['message']}")


def wait_until_up():
    subprocess.run([os.environ.get("GRAPHDOUBLE_BIN", "graphdouble"), "healthcheck", "--wait", "20s"], check=True)


def wait_until_it_listens(bot):
    """Reads what the bot and its installation print, until it says that it is up."""
    printed = []
    for line in bot.stdout:
        printed.append(line)
        if line.startswith("listening on "):
            return
    sys.exit(f"compose: FAILED: a bot ended before it listened\n{''.join(printed)}")


def talk():
    """A person writes to each page, and its bot answers."""
    for page in ["bakery", "florist"]:
        step({"user": "alice", "says": "Hi", "page": page})
        step({"app": f"{page}-bot", "sends": {"text": {"contains": "Hello, Alice"}}, "to": "alice", "page": page, "within": "10s"})
        step({"expect": [{"owner": f"{page}-bot", "of": "alice", "page": page}]})
        print(f"compose: the bot of the {page} answers")


def main():
    if "--started" in sys.argv:
        return talk()
    described = services()
    work = Path(tempfile.mkdtemp())
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(emulator(described.pop("graphdouble")))
            wait_until_up()
            for name, service in described.items():
                (work / name).mkdir()
                wait_until_it_listens(stack.enter_context(bot(service, work / name)))
            talk()
    finally:
        shutil.rmtree(work, ignore_errors=True)


main()
