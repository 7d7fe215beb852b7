"""Soak room: the resident memory of a server under mixed traffic, as a table; fails if it goes on growing. `.ci/soak memory` runs it.

Usage: python3 tests/soak BINARY MINUTES
"""

import http.client
import statistics
import sys
import threading
import time
from pathlib import Path

from traffic import Bot, Traffic
from world import serving

WORKERS = 4
SAMPLES = 30
# What may come on top between the middle and the last third: the pages that an allocator happens to hold.
TOLERANCE = 1.05
SLACK_KIB = 1024


def resident(process):
    """KiB of memory that the process has."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def main(binary, minutes):
    over = threading.Event()
    failures = []
    with Bot() as bot, serving(binary, bot.url) as (process, address):
        workers = [Traffic(address, number) for number in range(WORKERS)]

        def work(traffic):
            try:
                while not over.is_set():
                    traffic.step()
            except (AssertionError, OSError, http.client.HTTPException) as error:
                failures.append(f"{traffic.doing}: {error!r}")
                over.set()

        threads = [threading.Thread(target=work, args=(traffic,), daemon=True) for traffic in workers]
        for thread in threads:
            thread.start()
        samples = []
        print("| minutes | calls | webhooks | resident MiB |\n|---:|---:|---:|---:|", flush=True)
        for number in range(1, SAMPLES + 1):
            over.wait(minutes * 60 / SAMPLES)
            samples.append(resident(process))
            calls = sum(traffic.calls for traffic in workers)
            print(f"| {number * minutes / SAMPLES:.1f} | {calls} | {bot.taken} | {samples[-1] / 1024:.1f} |", flush=True)
            if over.is_set():
                break
        over.set()
        # Said before the server is stopped, which may fail for the same reason.
        for failure in failures:
            print(f"soak: FAILED: {failure}", flush=True)
        for thread in threads:
            thread.join(30)
    if failures:
        sys.exit(1)
    third = SAMPLES // 3
    middle, last = statistics.median(samples[third : 2 * third]), statistics.median(samples[2 * third :])
    said = f"{middle / 1024:.1f} MiB in the middle third, {last / 1024:.1f} MiB in the last"
    if last > middle * TOLERANCE + SLACK_KIB:
        sys.exit(f"soak: FAILED: memory grows: {said}")
    print(f"soak: memory stays flat: {said}")


main(sys.argv[1], float(sys.argv[2]))
