"""The phone provider tells of its calls, also of those whose worker died before it heard of them."""

import re

from tests.integration.core.world import World
from voice import call_news

TOKEN = re.compile(r"/voice/page/([^/]+)/status")


def arrive(world: World) -> None:
    """Each call that has not ended rings, and we are told so."""
    for call in world.phone.placed:
        token = TOKEN.search(call.status_url)
        assert token is not None
        if call.status == "queued":
            call_news.told(world.store, token=token[1], sid=call.sid, status="ringing", sequence=1)
