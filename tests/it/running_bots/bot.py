"""A bot in Python, on its standard library. It sets a menu and a persona before it serves. It leaves the message HOLD alone until another one
comes, and answers it first then. Between two calls of its start it does nothing else for STALL ms."""
import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOLD = os.environ.get("HOLD")
STALL = int(os.environ.get("STALL", "0")) / 1000
held = []


def call(edge, body):
    url = f"{os.environ['GRAPHDOUBLE_URL']}/v25.0/me/{edge}?access_token={os.environ['GRAPHDOUBLE_PAGE_TOKEN']}"
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        return json.loads(urllib.request.urlopen(request).read())
    except urllib.error.HTTPError as error:
        print(edge, error.read().decode(), flush=True)
        return {}


def stop_the_run(name):
    """Notes who this is and which signals the run hears, and sends it one."""
    run = int(os.environ.get("RUN", os.getppid()))
    for file, text in [("bot.pid", str(os.getpid())), ("run.status", open("/proc/self/status" if run == 1 else f"/proc/{run}/status").read())]:
        with open(file, "w") as opened:
            opened.write(text)
    os.kill(run, signal.Signals[name])


def say_goodbye(*_):
    with open("goodbye", "w") as file:
        file.write("the bot has heard SIGTERM")
    os._exit(0)


def answer(event):
    person = event["sender"]["id"]
    if "postback" in event:
        return call("messages", {"recipient": {"id": person}, "message": {"text": f"You chose {event['postback']['payload']}"}})
    text = event.get("message", {}).get("text")
    if text is None or event["message"].get("is_echo"):
        return None
    if text == "die":
        print("out of luck", flush=True)
        os._exit(7)
    if text.startswith("stop the run with "):
        return stop_the_run(text.split()[-1])
    if text == HOLD:
        held.append((person, text))
        return None
    others, held[:] = held[:], []
    for person, text in [*others, (person, text)]:
        call("messages", {"recipient": {"id": person}, "message": {"text": f"You said {text}"}, "persona_id": PERSONA})
    return None


class Webhook(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        for entry in body["entry"]:
            for event in entry.get("messaging", []):
                threading.Thread(target=answer, args=(event,)).start()


signal.signal(signal.SIGTERM, say_goodbye)
server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Webhook)
item = {"type": "postback", "title": "Shop", "payload": "SHOP"}
call("messenger_profile", {"get_started": {"payload": "GO"}, "persistent_menu": [{"locale": "default", "call_to_actions": [item]}]})
time.sleep(STALL)
PERSONA = call("personas", {"name": "Rosa", "profile_picture_url": "https://example.com/rosa.png"}).get("id")
if PERSONA is None:
    sys.exit("no persona")
if "STOP_WITH" in os.environ:
    threading.Thread(target=stop_the_run, args=(os.environ["STOP_WITH"],)).start()
server.serve_forever()
