"""What the server answers, with names for what tests ask most. Everything else is there by its key, as docs/CONTROL-API.md has it."""

from __future__ import annotations

from typing import Any


class Answer(dict[str, Any]):
    """A map of the server, as it was answered."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict.__repr__(self)})"


class Step(Answer):
    """How a step went."""

    @property
    def answer(self) -> Any:
        """What `save` can save: the answer to a Graph call, or the `mid` of a person's message."""
        return self.get("answer")

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The ledger entries that the step brought about."""
        return self["entries"]

    @property
    def mid(self) -> str | None:
        """The id of the message that was written."""
        answer = self.answer if isinstance(self.answer, dict) else {}
        return answer.get("mid") or answer.get("message_id")


class Message(Answer):
    """A message of a thread, as its person sees it."""

    @property
    def mid(self) -> str:
        return self["mid"]

    @property
    def at(self) -> str:
        return self["at"]

    @property
    def from_(self) -> str:
        """The person, the app or the ad that wrote it."""
        return self["from"]

    @property
    def content(self) -> dict[str, Any]:
        content = self.get("content")
        return content if isinstance(content, dict) else {}

    @property
    def text(self) -> str | None:
        """Its text, or that of its template."""
        return self.content.get("text") or next((part["text"] for part in self._payloads() if "text" in part), None)

    @property
    def attachments(self) -> list[dict[str, Any]]:
        content = self.content
        return content.get("attachments") or ([content["attachment"]] if "attachment" in content else [])

    @property
    def quick_replies(self) -> list[str]:
        """The labels that can be tapped, as `taps_quick_reply` takes them."""
        return [str(reply.get("title", reply.get("content_type"))) for reply in self.content.get("quick_replies") or []]

    @property
    def buttons(self) -> list[str]:
        """The labels that can be tapped, as `taps_button` takes them; also those of a carousel."""
        owners = [part for payload in self._payloads() for part in [payload, *(payload.get("elements") or [])]]
        return [button["title"] for part in owners for button in part.get("buttons") or [] if "title" in button]

    def _payloads(self) -> list[dict[str, Any]]:
        return [one["payload"] for one in self.attachments if isinstance(one.get("payload"), dict)]


class Thread(Answer):
    """A thread at the moment at which it was asked for."""

    @property
    def owner(self) -> str | None:
        """The app that has control."""
        return self["owner"]

    @property
    def because(self) -> str:
        """The rule that says so."""
        return self["because"]

    @property
    def window(self) -> str:
        """`open` or `closed`."""
        return self["window"]

    @property
    def psid(self) -> str:
        return self["psid"]

    @property
    def transcript(self) -> list[Message]:
        return [Message(entry) for entry in self["transcript"]]

    @property
    def texts(self) -> list[str]:
        """The transcript in lines, as a report shows it."""
        lines = []
        for message in self.transcript:
            labels = [f"[{label}]" for label in message.buttons + message.quick_replies]
            shown = message.text or ", ".join(str(one.get("type")) for one in message.attachments) or str(message.content)
            lines.append(" ".join([f"{message.at}  {message.from_}: {shown}", *labels]))
        return lines


class Explanation(Answer):
    """Why a thread is as it is, and what each app may do now."""

    def __str__(self) -> str:
        return self["text"]


class Finding(Answer):
    """Something that an app did wrong although nothing failed."""

    @property
    def lint(self) -> str:
        return self["lint"]

    def __str__(self) -> str:
        thread = f" in the thread of {self['thread']}" if self.get("thread") else ""
        return f"{self['lint']}: {self['app']}{thread}: {self['what']} ({self['times']} times): {self['advice']}"


class Fault(Answer):
    """A fault that is armed."""

    @property
    def number(self) -> int:
        return self["fault"]

    @property
    def fired(self) -> int:
        return self["fired"]


class Exchange(Answer):
    """What came of an exchange."""

    @property
    def outcome(self) -> str:
        """`answered`, `silent`, `withheld`, `not_taken` or `refused`."""
        return self["outcome"]

    @property
    def ms(self) -> dict[str, float | None]:
        """`queue`, `webhook`, `first` and `last`, from one clock."""
        return self["ms"]

    @property
    def texts(self) -> list[str]:
        return [answer["text"] for answer in self["answers"] if answer["text"] is not None]
