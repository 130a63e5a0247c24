"""What a program sent, made fit for the database: no control characters, no numbers that JSON cannot say."""

import math
from typing import Any

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
