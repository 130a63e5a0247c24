"""A small TCP proxy that can be told to behave like a bad network, between any two processes of a stack."""

import asyncio
import random
import socket
import struct
import threading
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

CHUNK = 65536
RUBBISH = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 17\r\nConnection: close\r\n\r\n<html>no</html>\r\n"
)
GONE = (ConnectionError, OSError, asyncio.IncompleteReadError)

KINDS = {
    "reset": "connections that are open are reset, and every new one too",
    "silence": "new connections are taken and nothing is said; open ones fall silent, and are reset in the end",
    "delay": "every piece of an answer comes so much later (`seconds`)",
    "cut": "a connection is reset after so many bytes of its answer (`bytes`)",
    "garbage": "the answer is a page that the server never wrote; the request does not reach it",
    "lost-answer": "the request arrives, and its connection is reset instead of an answer",
    "replay": "every request arrives, and once more by another connection some time later",
    "reorder": "every request waits its own random time, so that they overtake each other",
}


@dataclass(frozen=True)
class Rule:
    """`of` begins the path of the first request of the connections that it is about; empty for all of them."""

    kind: str
    of: str = ""
    seconds: float = 0.5
    bytes: int = 20


@dataclass
class Counted:
    """How many connections or requests met each kind."""

    by_kind: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str) -> None:
        self.by_kind[kind] = self.by_kind.get(kind, 0) + 1


class Network:
    """All proxies of one stack, in a thread with its own event loop. Its methods may be called from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network", daemon=True)
        self._thread.start()
        self.proxies: dict[str, Proxy] = {}

    def add(self, name: str, port: int, target: tuple[str, int] | str, *, seed: int) -> None:
        """Listens on 127.0.0.1; `target` is host and port, or a unix socket's path."""
        proxy = Proxy(target, random.Random(f"{seed}-{name}"))  # noqa: S311  # A schedule must repeat itself.
        self._run(proxy.listen(port))
        self.proxies[name] = proxy

    def put(self, name: str, rule: Rule) -> None:
        self._run(self.proxies[name].put(rule))

    def lift(self, name: str, rule: Rule) -> None:
        self._run(self.proxies[name].lift(rule))

    def reset(self, name: str) -> None:
        """Every open connection is reset, once; new ones are well."""
        self._run(self.proxies[name].reset())

    def close(self) -> None:
        for proxy in self.proxies.values():
            self._run(proxy.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


class Link:
    """One connection: the caller's side, the server's side, and what its first request asks for."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.server: asyncio.StreamWriter | None = None
        self.path = ""
        self.answered = 0
        self.fell_silent = False

    def begin(self, first: bytes) -> None:
        words = first.split(b"\r\n", 1)[0].split(b" ")
        if not self.path and len(words) == 3:
            self.path = words[1].decode(errors="replace")

    def abort(self) -> None:
        """Both ends see a reset."""
        for writer in (self.writer, self.server):
            if writer is not None:
                _reset(writer)


class Proxy:
    """Lives in the network's event loop."""

    def __init__(self, target: tuple[str, int] | str, chance: random.Random) -> None:
        self._target = target
        self._chance = chance
        self._rules: list[Rule] = []
        self._links: set[Link] = set()
        self._background: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.met = Counted()

    async def listen(self, port: int) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", port, limit=CHUNK, backlog=512)

    async def put(self, rule: Rule) -> None:
        self._rules.append(rule)
        for link in list(self._links):
            if rule.kind == "reset" and link.path.startswith(rule.of):
                self.met.note("reset")
                link.abort()

    async def lift(self, rule: Rule) -> None:
        """What fell silent meanwhile does not come to life again: it is reset."""
        self._rules.remove(rule)
        for link in list(self._links):
            if rule.kind == "silence" and link.fell_silent:
                link.abort()

    async def reset(self) -> None:
        for link in list(self._links):
            self.met.note("reset")
            link.abort()

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for link in list(self._links):
            link.abort()
        for task in list(self._background):
            task.cancel()

    def _rule(self, link: Link, *kinds: str) -> Rule | None:
        found = (rule for rule in self._rules if rule.kind in kinds and link.path.startswith(rule.of))
        return next(found, None)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(reader, writer)
        self._links.add(link)
        try:
            await self._serve(link)
        except GONE:
            link.abort()
        finally:
            self._links.discard(link)
            for side in (link.writer, link.server):
                if side is not None:
                    side.close()

    async def _serve(self, link: Link) -> None:
        """The server is reached only when the caller has said something, so that a rule can go by the path."""
        said = await link.reader.read(CHUNK)
        if not said:
            return
        link.begin(said)
        if await self._refused(link):
            return
        answers, link.server = await _connect(self._target)
        up = asyncio.ensure_future(self._upwards(link, said))
        down = asyncio.ensure_future(self._downwards(link, answers))
        try:
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            if up.done() and not up.exception():  # The caller has said all; the answer may still come.
                await asyncio.wait({down}, timeout=5)
        finally:
            for pump in (up, down):
                pump.cancel()
            await asyncio.gather(up, down, return_exceptions=True)

    async def _refused(self, link: Link) -> bool:
        """Whether nothing of this piece reaches the server."""
        rule = self._rule(link, "reset", "silence", "garbage")
        if rule is None:
            return False
        self.met.note(rule.kind)
        if rule.kind == "silence":
            link.fell_silent = True
            await link.reader.read()  # Until the caller gives up, or we are told to be well again.
        elif rule.kind == "garbage":
            link.writer.write(RUBBISH)
            await link.writer.drain()
            link.writer.close()
            return True
        link.abort()
        return True

    async def _upwards(self, link: Link, said: bytes) -> None:
        server = link.server
        while said and server is not None:
            if rule := self._rule(link, "reorder"):
                self.met.note(rule.kind)
                await asyncio.sleep(self._chance.uniform(0, rule.seconds))
            server.write(said)
            await server.drain()
            if rule := self._rule(link, "replay"):
                self.met.note(rule.kind)
                self._later(self._again(said, self._chance.uniform(0.05, rule.seconds)))
            said = await link.reader.read(CHUNK)
            if said and await self._refused(link):
                return
        if server is not None and server.can_write_eof():
            server.write_eof()

    async def _downwards(self, link: Link, answers: asyncio.StreamReader) -> None:
        while answer := await answers.read(CHUNK):
            if rule := self._rule(link, "delay"):
                self.met.note(rule.kind)
                await asyncio.sleep(rule.seconds)
            if rule := self._rule(link, "silence"):
                self.met.note(rule.kind)
                link.fell_silent = True
                await asyncio.Event().wait()  # Whoever ends the silence resets the connection.
            if rule := self._rule(link, "lost-answer"):
                self.met.note(rule.kind)
                link.abort()
                return
            if rule := self._rule(link, "cut"):
                self.met.note(rule.kind)
                link.writer.write(answer[: rule.bytes])
                await link.writer.drain()
                link.abort()
                return
            link.writer.write(answer)
            await link.writer.drain()

    async def _again(self, said: bytes, after: float) -> None:
        """The same request once more; nobody hears its answer."""
        await asyncio.sleep(after)
        with suppress(*GONE, TimeoutError):  # A delivery that fails is one that did not come twice.
            answers, server = await _connect(self._target)
            server.write(said)
            await server.drain()
            async with asyncio.timeout(5):
                await answers.read(CHUNK)
            server.close()

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


async def _connect(target: tuple[str, int] | str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(target, str):
        return await asyncio.open_unix_connection(target)
    return await asyncio.open_connection(*target)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST where there is such a thing, so that the other end does not take it for a polite end."""
    plain = writer.get_extra_info("socket")
    if plain is not None and plain.family == socket.AF_INET:
        with suppress(OSError):  # It is closed already.
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
