"""A bot for the Messenger page of a bakery: it greets, shows what there is, takes orders, and hands people over to a human when they ask
for one. This file receives the webhooks, with FastAPI; conversation.py has what the bot says, graph.py how it says it."""

import asyncio
import hashlib
import hmac
import json
import logging
import socket
import sys
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

import uvicorn
from fastapi import FastAPI, Query, Request
from fastapi.responses import PlainTextResponse

from conversation import PROFILE, answers_to
from graph import Graph, GraphError
from settings import Settings

MAX_BODY_BYTES = 1024 * 1024
MAX_REMEMBERED_MIDS = 10_000

log = logging.getLogger("bot")


class Bot:
    """What the bot hears, and whom it answers."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.graph = Graph(settings.graph_url, settings.page_token, settings.app_secret)
        self.answered: dict[str, None] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def dispatch(self, delivery: dict[str, Any]) -> None:
        for entry in delivery.get("entry", []):
            # An entry has either `messaging` or `standby`, never both. Standby means that another app owns the thread:
            # we may read along, but answering would talk over the owner, and Graph would refuse it.
            for event in entry.get("standby", []):
                print(f"standby, not ours to answer: {event.get('sender', {}).get('id')}", flush=True)
            for event in entry.get("messaging", []):
                psid = event.get("sender", {}).get("id")
                if psid and self.is_new(event):
                    task = asyncio.create_task(self.answer(psid, event))
                    self.tasks.add(task)
                    task.add_done_callback(self.tasks.discard)

    def is_new(self, event: dict[str, Any]) -> bool:
        """Meta delivers a webhook again if it is not sure that we got it. The oldest ids are forgotten."""
        mid = (event.get("message") or event.get("postback") or {}).get("mid")
        if mid is None:
            return True
        if mid in self.answered:
            return False
        self.answered[mid] = None
        if len(self.answered) > MAX_REMEMBERED_MIDS:
            del self.answered[next(iter(self.answered))]
        return True

    async def answer(self, psid: str, event: dict[str, Any]) -> None:
        """Answers to one person keep their order, answers to different people do not wait."""
        # Whoever waits for the turn holds the lock alive; with the last of them it goes.
        turn = self.turns.setdefault(psid, asyncio.Lock())
        async with turn:
            try:
                for answer in await answers_to(event, self.settings.app_id, lambda: self.graph.first_name(psid)):
                    await self.graph.send(psid, answer)
            except GraphError as error:
                log.error("cannot answer %s: %s", psid, error)
            except Exception:  # one event that the bot does not understand is no reason to end
                log.exception("cannot answer %s", psid)


def create_app(bot: Bot) -> FastAPI:
    """The webhook."""

    @asynccontextmanager
    async def lifespan(_: FastAPI):
        yield
        await asyncio.gather(*bot.tasks)  # finish what has begun
        await bot.graph.client.aclose()

    app = FastAPI(lifespan=lifespan, openapi_url=None)

    @app.get("/webhook")
    def verify(
        mode: str = Query("", alias="hub.mode"),
        token: str = Query("", alias="hub.verify_token"),
        challenge: str = Query("", alias="hub.challenge"),
    ) -> PlainTextResponse:
        """Meta asks once, when the webhook is configured, whether it is really ours."""
        if mode != "subscribe" or not hmac.compare_digest(token.encode(), bot.settings.verify_token.encode()):
            return PlainTextResponse("wrong verify token", 403)
        return PlainTextResponse(challenge)

    @app.post("/webhook")
    async def receive(request: Request) -> PlainTextResponse:
        # The raw bytes, for the signature covers them and not the JSON they spell.
        body = await read_body(request)
        if body is None:
            return PlainTextResponse("body too large", 413)
        if not is_signed(body, request.headers.get("X-Hub-Signature-256", ""), bot.settings.app_secret):
            return PlainTextResponse("wrong signature", 403)
        try:
            delivery = json.loads(body)
        except ValueError as error:
            log.error("bad request: %s", error)
            return PlainTextResponse("bad request", 400)
        # Answer before the work is done: Meta gives a webhook five seconds, and delivers again what was not answered in time.
        if isinstance(delivery, dict):
            bot.dispatch(delivery)
        return PlainTextResponse("EVENT_RECEIVED")

    return app


async def read_body(request: Request) -> bytes | None:
    """None if it is too large: the rest is read and dropped, so that the sender gets an answer and not a reset connection."""
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BODY_BYTES:
            body += chunk
    return bytes(body) if size <= MAX_BODY_BYTES else None


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature.encode(), expected.encode())


async def main() -> None:
    logging.basicConfig(format="%(message)s", level=logging.WARNING, stream=sys.stderr)
    settings = Settings.read()
    bot = Bot(settings)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", settings.port))
    except OSError as error:
        sys.exit(f"cannot listen on port {settings.port}: {error}")
    try:
        await bot.graph.set_profile(PROFILE)
    except GraphError as error:
        sys.exit(f"cannot set the profile of the page: {error}")
    listener.listen()
    print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    # uvicorn takes SIGINT and SIGTERM, and ends once the last answer is out.
    await uvicorn.Server(uvicorn.Config(create_app(bot), log_level="warning")).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(main())
