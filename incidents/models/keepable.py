"""What PostgreSQL can keep of texts and of JSON: no NUL, no half of a surrogate pair, no number that is none."""

import json
import math
import re
from typing import Any

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def keepable(text: str) -> str:
    return UNKEEPABLE.sub(REPLACEMENT, text)


def keepable_json(value: Any) -> str:
    """The value as JSON. NaN and the infinities, which Python reads and writes though JSON has them not, are texts."""
    return json.dumps(_keepable(value), allow_nan=False)


def _keepable(value: Any) -> Any:
    match value:
        case str():
            return keepable(value)
        case float() if not math.isfinite(value):
            return str(value)
        case dict():
            return {keepable(str(key)): _keepable(each) for key, each in value.items()}
        case list() | tuple():
            return [_keepable(each) for each in value]
    return value
