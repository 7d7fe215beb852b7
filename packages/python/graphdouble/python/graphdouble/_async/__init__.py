"""The client for asyncio; `generate.py` makes `_sync` of it."""
