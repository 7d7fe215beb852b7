import sys

import pytest


@pytest.fixture
def graphdouble_bot(graphdouble_world, graphdouble_run):
    bot = graphdouble_world.app("bot")
    settings = bot.env({"GRAPH_URL": "url", "PAGE_TOKEN": "token", "APP_SECRET": "secret", "VERIFY_TOKEN": "verify_token"})
    return graphdouble_run([sys.executable, "shop_bot.py"], env=settings | {"DESK_APP_ID": graphdouble_world.app("desk").id})
