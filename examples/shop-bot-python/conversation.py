"""What the bot says. Nothing here calls anybody: an event goes in, and messages of the Send API come out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Good:
    """Something that the bakery sells."""

    name: str
    offer: str
    picture: str
    minutes: int


@dataclass(frozen=True)
class Answer:
    """A message, and whether the thread goes to a human behind it."""

    message: dict[str, Any]
    then_pass: bool = False


GOODS = {
    "BREAD": Good("bread", "A loaf of bread is 4 euros.", "https://bakery.example/bread.jpg", 20),
    "CAKE": Good("cake", "A piece of cake is 3 euros.", "https://bakery.example/cake.jpg", 5),
}

# What the page shows before anybody has written anything: the bot sets it when it starts.
PROFILE = {
    "greeting": [{"locale": "default", "text": "Fresh bread and cake, every day."}],
    "get_started": {"payload": "START"},
    "persistent_menu": [
        {
            "locale": "default",
            "composer_input_disabled": False,
            "call_to_actions": [
                {"type": "postback", "title": "Our goods", "payload": "START"},
                {"type": "postback", "title": "Talk to a human", "payload": "HUMAN"},
            ],
        }
    ],
}

FirstName = Callable[[], Awaitable[str | None]]


async def answers_to(event: dict[str, Any], app_id: str, first_name: FirstName) -> list[Answer]:
    """The answers to one item of `entry.messaging`, in their order; none where the bot has nothing to say, as to echoes of its own
    messages, deliveries and reads. `app_id` is the bot's own id, and `first_name` finds out how the person is called."""
    if control := event.get("pass_thread_control"):
        return [Answer(ask("I am back."))] if str(control.get("new_owner_app_id")) == app_id else []
    if postback := event.get("postback"):
        return await to_choice(postback.get("payload"), first_name)
    message = event.get("message")
    if not message or message.get("is_echo"):
        return []
    if reply := message.get("quick_reply"):
        return await to_choice(reply.get("payload"), first_name)
    if any(attachment.get("type") == "image" for attachment in message.get("attachments", [])):
        return [Answer({"text": "Thank you for the picture!"})]
    wants_human = message.get("text", "").strip().lower() == "human"
    return await to_choice("HUMAN" if wants_human else "START", first_name)


async def to_choice(payload: str | None, first_name: FirstName) -> list[Answer]:
    """The answers to a button, a quick reply or an item of the menu."""
    if payload == "START":
        name = await first_name()
        return [Answer(ask(f"Hello, {name}!" if name else "Hello!"))]
    if payload == "HUMAN":
        # Without an app id, control goes to the page's default app, after the message: one call, so nobody can slip in between.
        return [Answer({"text": "One moment, a colleague will answer you."}, then_pass=True)]
    if good := GOODS.get(payload or ""):
        return [Answer(picture_of(good)), Answer(offer(good, payload))]
    if good := GOODS.get((payload or "").removeprefix("ORDER_")):
        return [Answer({"text": f"Thank you! Your {good.name} is ready in {good.minutes} minutes."})]
    return []  # the button of another app, whose payload we do not get or do not know


def ask(greeting: str) -> dict[str, Any]:
    choices = {"BREAD": "Bread", "CAKE": "Cake", "HUMAN": "Talk to a human"}
    quick_replies = [{"content_type": "text", "title": title, "payload": payload} for payload, title in choices.items()]
    return {"text": f"{greeting} What would you like?", "quick_replies": quick_replies}


def picture_of(good: Good) -> dict[str, Any]:
    return {"attachment": {"type": "image", "payload": {"url": good.picture, "is_reusable": True}}}


def offer(good: Good, payload: str | None) -> dict[str, Any]:
    button = {"type": "postback", "title": f"Order {good.name}", "payload": f"ORDER_{payload}"}
    template = {"template_type": "button", "text": good.offer, "buttons": [button]}
    return {"attachment": {"type": "template", "payload": template}}
