"""What is written in e-mails: plain text without links, for a page is acknowledged and not clicked."""

from dataclasses import dataclass

from incidents.summary import Summary
from integrations.blocks import cut, one_line

OFF = "E-mail is off. Set SMTP_URL and MAIL_FROM."
LONGEST_TITLE = 150


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


def page(summary: Summary) -> Letter:
    """For the one who is called."""
    title = cut(one_line(summary.title), LONGEST_TITLE).rstrip(".")
    return Letter(
        subject=f"{summary.severity} #{summary.number}: {title}",
        text=f"You are on call for incident #{summary.number}, severity {summary.severity}: {title}.\n\n"
        f"Take it in Slack: /incident ack {summary.number}\n"
        "Or press 4 when your phone rings.\n",
    )


def code(digits: str) -> Letter:
    """To whoever reads an address that is not verified yet."""
    return Letter(
        subject="Tocsin: the code for your e-mail address",
        text=f"The code for your e-mail address is {digits}. It is good for ten minutes.\n\n"
        "Did you not expect it? Then there is nothing to do.\n",
    )


def test() -> Letter:
    return Letter(
        subject="Tocsin: a test",
        text="This is Tocsin with a test. Nothing is wrong, and there is nothing to do.\n",
    )
