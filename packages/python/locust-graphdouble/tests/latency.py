#!/usr/bin/env python3
"""Measures a bot that answers after a known time, with two workers of Locust, and prints how far off the median is:

    latency.py --binary target/release/graphdouble

It is no test of the gate, because a busy machine makes every time longer."""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
from pathlib import Path

from graphdouble import run_bot, start
from graphdouble.ports import lease_port

HERE = Path(__file__).parent
LOCUSTFILE = """
from locust import between, task
from locust_graphdouble import GraphdoubleUser

class Shopper(GraphdoubleUser):
    wait_time = between(0.2, 0.8)
    world = "latency"

    @task
    def asks(self):
        self.says("Hi", answer={"contains": "Hello"})
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="How exactly a known time is found again.")
    parser.add_argument("--binary", default=None)
    parser.add_argument("--delay", type=int, default=50, metavar="MS")
    parser.add_argument("--users", type=int, default=40)
    parser.add_argument("--time", default="15s")
    chosen = parser.parse_args()
    with start(binary=chosen.binary) as server, tempfile.TemporaryDirectory() as folder:
        world = server.create_world(name="latency", clock="follow")
        env = world.app().env({"GRAPH_URL": "url", "PAGE_TOKEN": "token"}) | {"DELAY_MS": str(chosen.delay)}
        bot = run_bot([sys.executable, HERE / "known_bot.py"], env=env, ready=r"listening on (\S+)")
        world.app().webhook(bot.url)
        Path(folder, "locustfile.py").write_text(LOCUSTFILE)
        load(server.url, Path(folder), chosen.users, chosen.time)
        bot.stop()
        rows = {row["Type"]: row for row in csv.DictReader(Path(folder, "out_stats.csv").read_text().splitlines())}
        exact = world.answers()["bot"]["ms"]["p50"]
    answer = rows["ANSWER"]
    print(f"{answer['Request Count']} answers, {answer['Failure Count']} failures, p50 {answer['50%']} ms by Locust, {exact:.1f} ms by the server")
    print(f"off by {exact - chosen.delay:.1f} ms from {chosen.delay} ms")


def load(url: str, folder: Path, users: int, time: str) -> None:
    locust, port = [sys.executable, "-m", "locust", "--loglevel", "ERROR"], str(lease_port())
    workers = [subprocess.Popen([*locust, "--worker", "--master-port", port], cwd=folder, stderr=subprocess.DEVNULL) for _ in range(2)]
    size = ["-u", str(users), "-r", str(users), "-t", time, "--expect-workers", "2"]
    flags = ["--headless", "--master", "--host", url, "--master-bind-port", port, "--csv", "out", "--only-summary"]
    subprocess.run([*locust, *flags, *size], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for worker in workers:
        worker.wait(30)


if __name__ == "__main__":
    main()
