"""The blocking client, which `generate.py` makes of `_async`; `transport.py` is its own."""
