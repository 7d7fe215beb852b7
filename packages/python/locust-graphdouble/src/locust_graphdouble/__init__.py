"""Load tests of bots with Locust: people write, and Locust measures how long the bot takes from the webhook to its answer."""

from .report import Report
from .user import CannotAct, ExchangeFailed, GraphdoubleUser, NotTaken, Refused, Silent, Withheld, WrongAnswer

__all__ = [
    "CannotAct", "ExchangeFailed", "GraphdoubleUser", "NotTaken", "Refused", "Report", "Silent", "Withheld", "WrongAnswer",
]  # fmt: skip
