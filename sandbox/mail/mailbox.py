"""The mails that arrived, whoever they are for, and how they outlive the process."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from pydantic import TypeAdapter

from sandbox.state import Records


@dataclass(frozen=True)
class Mail:
    """`from_` and `to` are those of the envelope; one for each person whom it was sent to."""

    from_: str
    to: str
    subject: str
    text: str
    message_id: str
    headers: dict[str, str]
    at: str

    def shown(self) -> dict[str, Any]:
        named = asdict(self)
        return {"from": named.pop("from_"), **named}


MAIL = TypeAdapter(Mail)


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    if not isinstance(message, EmailMessage):
        raise TypeError("this policy makes an EmailMessage")
    return message


def text_of(message: EmailMessage) -> str:
    """The plain text of it; a mail that has none says nothing."""
    body = message.get_body(("plain",))
    return "" if body is None else str(body.get_content())


class Mailbox:
    """All mails, the oldest first."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def of(self, address: str) -> list[Mail]:
        return [mail for mail in self.mails if mail.to.casefold() == address.casefold()]

    def records(self, effect: Any, known: Collection[str]) -> Records:
        keys = {f"{place:08}": mail for place, mail in enumerate(self.mails)}
        return {key: MAIL.dump_json(mail).decode() for key, mail in keys.items() if key not in known}

    def restore(self, records: Mapping[str, str]) -> None:
        self.mails = [MAIL.validate_json(text) for text in records.values()]
