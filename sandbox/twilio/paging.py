"""Lists as Twilio pages them: https://www.twilio.com/docs/usage/twilios-response#pagination."""

from typing import Any
from urllib.parse import urlencode

from sandbox.twilio.call import API_VERSION
from sandbox.twilio.form import Form
from sandbox.world import ACCOUNT_SID

DEFAULT_SIZE = 50
LARGEST = 1000


def paged(collection: str, rows: list[dict[str, Any]], query: Form, *, folder: str) -> dict[str, Any]:
    """`folder` is the collection's path below the account, `Calls.json`."""
    size = min(max(int(query.get("PageSize") or DEFAULT_SIZE), 1), LARGEST)
    page = max(int(query.get("Page") or 0), 0)
    part = rows[page * size : (page + 1) * size]
    path = f"/{API_VERSION}/Accounts/{ACCOUNT_SID}/{folder}"
    kept = [(name, value) for name, value in query.pairs if name not in ("Page", "PageSize", "PageToken")]

    def uri(number: int) -> str:
        return f"{path}?{urlencode([*kept, ('PageSize', str(size)), ('Page', str(number))])}"

    return {
        collection: part,
        "first_page_uri": uri(0),
        "next_page_uri": uri(page + 1) if (page + 1) * size < len(rows) else None,
        "previous_page_uri": uri(page - 1) if page else None,
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + len(part) - 1 if part else 0,
        "uri": uri(page),
    }
