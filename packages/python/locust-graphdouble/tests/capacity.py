#!/usr/bin/env python3
"""Measures what one emulator carries, and prints the rows of the table in docs/LOAD.md:

    capacity.py --binary target/release/graphdouble

The load is that of `graphdouble load`, in a process of its own; the bots are copies of `known_bot.py`, which answer after 50 ms, one for each world.
Processor time and memory are those of the emulator alone, so they hold on a busy machine, too. Linux only, for `/proc`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from graphdouble import Server, World, find_binary, run_bot, start

HERE = Path(__file__).parent
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
#: Messages a second in all, people, worlds.
ROUNDS = [(100, 1000, 1), (400, 1000, 1), (800, 4000, 2), (1600, 8000, 2)]


def processor_time(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 2**20


def others(begin: tuple[int, int], own: float) -> float:
    """The share of the processors that programs used which are not of this measurement."""
    busy, every = (now - then for now, then in zip(processors(), begin))
    return max(0.0, (busy / TICKS - own) / (every / TICKS))


def processors() -> tuple[int, int]:
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(fields) - fields[3] - fields[4], sum(fields)


def serve_world(server: Server, name: str) -> tuple[World, object]:
    declared = {"apps": {"bot": {}}, "pages": {"shop": {"default_app": "bot", "apps": {"bot": {}}}}, "delivery": {"at_once": 1000}}
    world = server.create_world(declared, name=name, clock="follow")
    env = world.app().env({"GRAPH_URL": "url", "PAGE_TOKEN": "token"}) | {"DELAY_MS": "50"}
    bot = run_bot([sys.executable, HERE / "known_bot.py"], env=env, ready=r"listening on (\S+)")
    world.app().webhook(bot.url)
    return world, bot


def measure(binary: str, rate: int, people: int, worlds: int, seconds: int) -> str:
    with start(binary=binary, arguments=["--connections", "8192"]) as server:
        served = [serve_world(server, f"load-{number}") for number in range(worlds)]
        pid = server.process.process.pid
        before, begin, clock = processor_time(pid), processors(), time.monotonic()
        children = os.times()
        share = ["--people", str(people // worlds), "--rate", f"{rate // worlds}/s", "--for", f"{seconds}s"]
        loads = [
            subprocess.Popen([binary, "load", "--url", server.url, "--in", world.name, *share], stdout=subprocess.DEVNULL)
            for world, _ in served
        ]
        bots = [bot.process.pid for _, bot in served]
        for load in loads:
            load.wait()
        took, used = time.monotonic() - clock, processor_time(pid) - before
        after = os.times()
        own = used + after.children_user + after.children_system - children.children_user - children.children_system
        own += sum(processor_time(child) for pid in bots for child in children_of(pid))
        answers = [world.answers()["bot"] for world, _ in served]
        for _, bot in served:
            bot.stop()
        count = sum(one["answered"] for one in answers)
        p50, p99 = (max(one["ms"][name] for one in answers) for name in ("p50", "p99"))
        row = [
            f"{rate}/s, {people:,} people, {worlds} world{'s' if worlds > 1 else ''}", f"{count / took:.0f}/s", f"{p50:.0f} ms", f"{p99:.0f} ms",
            f"{used / count * 1e6:.0f} µs", f"{used / took * 100:.0f} %", f"{memory(pid):.0f} MiB", f"{others(begin, own) * 100:.0f} %",
        ]  # fmt: skip
        return f"| {' | '.join(row)} |"


def children_of(pid: int) -> list[int]:
    """A bot is the child of its guard."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def main() -> None:
    parser = argparse.ArgumentParser(description="What one emulator carries.")
    parser.add_argument("--binary", default=None)
    parser.add_argument("--seconds", type=int, default=10)
    chosen = parser.parse_args()
    binary = find_binary(chosen.binary)
    print("| load | answered | p50 | p99 | processor time of an exchange | of one core | memory | others |\n|---|---:|---:|---:|---:|---:|---:|---:|")
    for rate, people, worlds in ROUNDS:
        print(measure(binary, rate, people, worlds, chosen.seconds), flush=True)


if __name__ == "__main__":
    main()
