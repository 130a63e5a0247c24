"""How the parts of a call wait for each other: whoever changes something rings, whoever waits looks again."""

import asyncio
from collections.abc import Callable


class Bell:
    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    async def until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Whether it came true within so many seconds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not true():
            left = deadline - loop.time()
            if left <= 0:
                return False
            rung: asyncio.Future[None] = loop.create_future()
            self._waiting.add(rung)
            await asyncio.wait({rung}, timeout=left)
            self._waiting.discard(rung)
        return True
