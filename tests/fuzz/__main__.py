"""Fuzz room: hammers a real server with generated calls of the Graph API and of the control API. `.ci/fuzz` runs it.

The examples are the same in every run; GRAPHDOUBLE_FUZZ_EXAMPLES says how many of each kind, GRAPHDOUBLE_FUZZ_SEED picks others.
"""

import os
import sys
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import control
import graph
from server import serving

EXAMPLES = int(os.environ.get("GRAPHDOUBLE_FUZZ_EXAMPLES", "200"))
SEED = os.environ.get("GRAPHDOUBLE_FUZZ_SEED")


def hammer(server, what, calls, perform):
    """Each example is a short story that begins with the same worlds."""
    done = Counter()

    @settings(
        max_examples=EXAMPLES,
        derandomize=SEED is None,
        database=None,
        deadline=None,
        print_blob=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(calls, min_size=1, max_size=3))
    def example(story):
        server.start_over()
        for call in story:
            done[perform(server, call).status] += 1

    began = time.monotonic()
    (seed(int(SEED))(example) if SEED else example)()
    # That calls fail shows how they are made: a fuzz that is always refused at the door tries nothing.
    assert done[200] * 20 > done.total(), done
    answered = ", ".join(f"{count} × {status}" for status, count in sorted(done.items()))
    print(f"fuzz: {what}: {answered}; {time.monotonic() - began:.1f} s", flush=True)


def main():
    with serving(sys.argv[1]) as server:
        graph.learn(server)
        hammer(server, "the Graph API", graph.calls(), graph.perform)
        hammer(server, "several ids", graph.ids_call(), graph.perform)
        hammer(server, "batches", graph.batches(), graph.perform)
        description = control.Description(server)
        hammer(server, "the control API", description.calls(), control.perform)
        hammer(server, "steps", description.steps(), control.perform)
        hammer(server, "ledger", description.reads(), control.perform)


main()
