"""A bot that answers after a delay. The path of its webhook says after how many milliseconds, and the port of the Graph API: /400/5001."""
import json, threading, time, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OFFER = {"text": "Hello", "quick_replies": [{"content_type": "text", "title": "Go", "payload": "GO"}]}
CARD = {"attachment": {"type": "template", "payload": {"template_type": "button", "text": "A card", "buttons": [
    {"type": "postback", "title": "Open", "payload": "OPEN"}]}}}
MENU = {"get_started": {"payload": "START"}, "persistent_menu": [
    {"locale": "default", "call_to_actions": [{"type": "postback", "title": "Shop", "payload": "SHOP"}]}]}


def answer(event, call):
    to = {"recipient": {"id": event["sender"]["id"]}}
    say = lambda message: call("messages", to | {"message": message})
    said = event.get("message", {})
    tapped = said.get("quick_reply", {}).get("payload") or event.get("postback", {}).get("payload")
    if tapped:
        return say({"text": "tapped " + tapped})
    if event.get("reaction"):
        return say({"text": "thanks"})
    text = said.get("text", "")
    if text == "menu":
        return call("messenger_profile", MENU)
    if text == "card":
        return say(CARD)
    if text == "echo":
        return say({"text": "an echo"})
    say({"text": "SPAM"})
    say(OFFER)
    if text == "human":
        call("pass_thread_control", to | {"target_app_id": "1002", "metadata": "over to you"})


class Bot(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        _, delay, port = self.path.split("/")
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

        def call(edge, parameters):
            url = f"http://127.0.0.1:{port}/v25.0/me/{edge}?access_token=EAAbot"
            request = urllib.request.Request(url, json.dumps(parameters).encode(), {"Content-Type": "application/json"})
            try:
                urllib.request.urlopen(request).read()
            except OSError:
                pass  # the scenario is over, or the call was refused

        def work(event):
            time.sleep(int(delay) / 1000)
            answer(event, call)

        for entry in body["entry"]:
            for event in entry.get("messaging", []):
                if "is_echo" not in event.get("message", {}) and event.keys() & {"message", "postback", "reaction"}:
                    threading.Thread(target=work, args=(event,), daemon=True).start()


class Server(ThreadingHTTPServer):
    request_queue_size = 256


server = Server(("127.0.0.1", 0), Bot)
print(server.server_port, flush=True)
server.serve_forever()
