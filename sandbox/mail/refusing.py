"""What a mail server refuses: who we are not, who is not there, and letters that lack what each letter has.

The codes are those of RFC 5321 and RFC 3463; what it demands of a letter is what Gmail does
(https://support.google.com/a/answer/3726730).
"""

from email.message import EmailMessage

from sandbox.world import MAIL_FROM, NO_MAILBOX

NEEDED = ("From", "To", "Date", "Message-ID")


def sender(address: str, *, authenticated: bool) -> str | None:
    """Why nothing is taken from that sender; None when it is."""
    if not authenticated:
        return "530 5.7.0 Authentication required"
    if address != MAIL_FROM:
        return f"553 5.7.1 {address}: Sender address rejected: not owned by this user"
    return None


def receiver(address: str) -> str | None:
    if "@" not in address:
        return f"501 5.1.3 {address}: Bad recipient address syntax"
    if address.casefold() == NO_MAILBOX:
        return f"550 5.1.1 {address}: The email account that you tried to reach does not exist"
    return None


def letter(message: EmailMessage) -> str | None:
    for name in NEEDED:
        if len(message.get_all(name, [])) != 1:
            return f"550 5.7.1 Messages with no or several '{name}:' headers are not accepted"
    if message.defects or any(header.defects for header in message.values()):
        return "550 5.6.0 The message is malformed"
    return None
