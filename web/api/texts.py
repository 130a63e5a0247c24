"""What a program sent, made fit for the database and for addresses."""

import math
import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from incidents.reports import cleaned


def storable(value: Any) -> Any:
    """The same JSON value; what PostgreSQL refuses is replaced, like zero bytes and infinite numbers."""
    match value:
        case str():
            return cleaned(value)
        case float() if not math.isfinite(value):
            return str(value)
        case dict():
            return {cleaned(str(name)): storable(each) for name, each in value.items()}
        case list():
            return [storable(each) for each in value]
        case _:
            return value


_ID = re.compile("-".join(f"[0-9a-f]{{{length}}}" for length in (8, 4, 4, 4, 12)), re.IGNORECASE)


def _named(text: str) -> str:
    name = " ".join(cleaned(text).split())
    if not name or "/" in name:
        raise ValueError("a name has something that one can see, and no `/`, which addresses cannot carry")
    if _ID.fullmatch(name):
        raise ValueError("that is what an id looks like, and it may be something else's; choose a name")
    return name


ChannelId = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{2,30}$")]
"""Of a channel in Slack; it stands at the end of the channel's details."""
AddressedName = Annotated[str, Field(max_length=100), AfterValidator(_named)]
"""Of a person, a schedule or a key: on one line, and fit for an address."""
