"""Which e-mail addresses are written to at all; pure. A letter goes to one plain address, and by the way to nobody."""

from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from incidents.errors import IncidentError

LONGEST = 254
"""https://www.rfc-editor.org/errata/eid1690"""


@lru_cache(maxsize=10_000)
def address(text: str) -> str:
    """As it is written to: letters of other alphabets that look like ours show, for such a domain becomes `xn--…`.

    Raises: IncidentError.
    """
    if len(text) > LONGEST:
        raise IncidentError(f"An e-mail address has at most {LONGEST} characters.")
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError as error:
        raise IncidentError(f"That is no e-mail address. {error}") from error
    return found.ascii_email or found.normalized


def masked(text: str) -> str:
    """Enough for its owner to know it by: `b…@example.com`."""
    name, _, domain = text.rpartition("@")
    return f"{name[:1]}…@{domain}"
