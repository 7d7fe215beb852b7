"""What `generate.py` makes is current, and the verbs do not hide what was written by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from graphdouble import Admin, App, Inbox, Person
from graphdouble.words import VERBS

HERE = Path(__file__).parents[2]


def test_what_is_made_of_the_schema_is_current() -> None:
    checked = subprocess.run([sys.executable, HERE / "generate.py", "--check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(("actor", "kind"), [(Person, "user"), (App, "app"), (Admin, "admin"), (Inbox, "inbox")])
def test_each_verb_is_a_method_and_hides_none(actor: type, kind: str) -> None:
    verbs = {word for word, _, _ in VERBS[kind]}
    assert verbs, kind
    own = {name for base in actor.__mro__[:1] for name in vars(base)}
    assert not verbs & own
    assert all(callable(getattr(actor, verb)) and getattr(actor, verb).__doc__ for verb in verbs)


def test_words_that_stand_beside_a_verb_are_no_verbs() -> None:
    assert not {"within", "page", "save", "replies_to", "on_post"} & {word for word, _, _ in VERBS["user"]}
    assert {"says", "sends", "taps_ad", "blocks"} <= {word for word, _, _ in VERBS["user"]}
