"""A bot that answers a known time after the webhook has come: `DELAY_MS`, 50 if it is not set. It keeps its connections open, so that it can take
many webhooks on one core."""

import asyncio
import json
import os
from urllib.parse import urlsplit

DELAY_S = float(os.environ.get("DELAY_MS", "50")) / 1000
GRAPH = urlsplit(os.environ["GRAPH_URL"])
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Graph:
    """Calls with a page token, on connections that are used again."""

    def __init__(self, token: str):
        self.token, self.idle = token, []

    async def say(self, psid: str, text: str) -> None:
        body = json.dumps({"recipient": {"id": psid}, "messaging_type": "RESPONSE", "message": {"text": text}}).encode()
        head = f"POST /v25.0/me/messages HTTP/1.1\r\nHost: {GRAPH.netloc}\r\nAuthorization: Bearer {self.token}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        reader, writer = self.idle.pop() if self.idle else await asyncio.open_connection(GRAPH.hostname, GRAPH.port)
        writer.write(head.encode() + body)
        await read_message(reader)
        self.idle.append((reader, writer))


async def read_message(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """The first line and the body of a request or an answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = next((int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("content-length:")), 0)
    return head, await reader.readexactly(length)


async def main() -> None:
    loop, graph, tasks = asyncio.get_running_loop(), Graph(os.environ["PAGE_TOKEN"]), set()

    async def answer(psid: str, text: str, at: float) -> None:
        await asyncio.sleep(at - loop.time())
        await graph.say(psid, f"Hello! You said: {text}")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head, body = await read_message(reader)
                at = loop.time() + DELAY_S
                if head.startswith("get"):
                    challenge = head.split("hub.challenge=")[1].split("&")[0].split(" ")[0]
                    writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(challenge)}\r\n\r\n{challenge}".encode())
                    continue
                writer.write(OK)
                for entry in json.loads(body)["entry"] if body else []:
                    for event in entry.get("messaging", []):
                        text = event.get("message", {}).get("text")
                        if text and "is_echo" not in event["message"]:
                            task = asyncio.create_task(answer(event["sender"]["id"], text, at))
                            tasks.add(task)
                            task.add_done_callback(tasks.discard)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", int(os.environ["PORT"]), backlog=1024)
    print(f"listening on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
