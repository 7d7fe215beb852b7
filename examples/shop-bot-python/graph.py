"""The Graph API, by httpx, and what the bot does when a call fails."""

import asyncio
import hashlib
import hmac
import logging
from typing import Any

import httpx

from conversation import Answer

VERSION = "v25.0"
TIMEOUT_S = 10
# After a failed call: four tries in all. Short, for a person waits for the answer.
PAUSES_S = [0.1, 0.2, 0.4]
# Service unavailable; too many calls; too many calls to this API; temporary send failure.
TRANSIENT_CODES = [2, 4, 613, 1200]
TEMPORARY_SEND_FAILURE = 1200

log = logging.getLogger("bot")


class GraphError(Exception):
    """A call failed. Its text says why; `is_transient` says whether it may go well later."""

    def __init__(self, text: str, is_transient: bool):
        super().__init__(text)
        self.is_transient = is_transient


class Graph:
    """Calls with the token of one page."""

    def __init__(self, url: str, page_token: str, app_secret: str):
        proof = hmac.new(app_secret.encode(), page_token.encode(), hashlib.sha256).hexdigest()
        self.client = httpx.AsyncClient(
            base_url=f"{url.rstrip('/')}/{VERSION}/",
            headers={"Authorization": f"Bearer {page_token}"},
            params={"appsecret_proof": proof},
            timeout=TIMEOUT_S,
        )

    async def set_profile(self, profile: dict[str, Any]) -> None:
        await self.with_retries("POST", "me/messenger_profile", profile)

    async def send(self, psid: str, answer: Answer) -> None:
        body = {"recipient": {"id": psid}, "messaging_type": "RESPONSE", "message": answer.message}
        if answer.then_pass:
            body["thread_control"] = {"payload": "pass_thread_control"}
        await self.with_retries("POST", "me/messages", body)

    async def first_name(self, psid: str) -> str | None:
        """The person's first name; none if Meta does not say it, for an answer without it is better than no answer."""
        try:
            return (await self.call("GET", psid, fields="first_name")).get("first_name")
        except GraphError as error:
            log.error("no profile of %s: %s", psid, error)
            return None

    async def with_retries(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        for pause in PAUSES_S:
            try:
                return await self.call(method, path, body)
            except GraphError as error:
                if not error.is_transient:
                    raise
                await asyncio.sleep(pause)
        return await self.call(method, path, body)

    async def call(self, method: str, path: str, body: dict[str, Any] | None = None, **query: str) -> dict[str, Any]:
        # `params` of a call takes the place of that of the client, so both are put together.
        params = self.client.params.merge(query)
        try:
            response = await self.client.request(method, path, json=body, params=params)
        except httpx.HTTPError as error:
            # When the connection broke, the message may have been sent, and nobody wants it twice.
            raise GraphError(f"no answer: {error!r}", is_transient=False) from error
        if response.is_success:
            return response.json()
        raise refusal_of(response)


def refusal_of(response: httpx.Response) -> GraphError:
    try:
        refusal = response.json()["error"]
        code, subcode, message = refusal["code"], refusal.get("error_subcode"), refusal.get("message")
    except (ValueError, LookupError, TypeError):
        return GraphError(f"status {response.status_code}", is_transient=response.status_code >= 500)
    # With a subcode the others are about this message or this person, and trying again makes it worse.
    is_transient = code == TEMPORARY_SEND_FAILURE if subcode else code in TRANSIENT_CODES
    return GraphError(f"code {code}, subcode {subcode or 'none'}: {message}", is_transient)
