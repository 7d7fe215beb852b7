import pytest
from graphdouble import serve_wsgi
from shop_bot import create_app


@pytest.fixture
def graphdouble_bot(graphdouble_world):
    bot = graphdouble_world.app("bot")
    settings = bot.env({"GRAPH_URL": "url", "PAGE_TOKEN": "token", "APP_SECRET": "secret", "VERIFY_TOKEN": "verify_token"})
    with serve_wsgi(create_app(settings | {"DESK_APP_ID": graphdouble_world.app("desk").id})) as url:
        yield url
