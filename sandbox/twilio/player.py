"""Runs TwiML on a call: page after page, verb after verb, until a page ends or somebody hangs up."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from sandbox.core import Sandbox
from sandbox.twilio.call import Call
from sandbox.twilio.instructions import Instructions
from sandbox.twilio.page import Page, fetch
from sandbox.twilio.recordings import Recordings
from sandbox.twilio.refusal import CallError
from sandbox.twilio.room import Room
from sandbox.twilio.twiml import Verb, read
from sandbox.twilio.webhook import Webhook

APOLOGY = "We are sorry, an application error has occurred. Goodbye."
MOST_PAGES = 500


RunVerb = Callable[["Player", Verb, Page], Awaitable[Page | None]]
"""A verb runs and names the page that goes on, or None for the next verb."""


class HungUp(Exception):
    """The call is over; nothing more of its TwiML is run."""


class Turned(Exception):
    """The REST API gave the running call other instructions."""

    def __init__(self, instructions: Instructions) -> None:
        super().__init__()
        self.instructions = instructions


class Player:
    """What the verbs need of a call: to wait, to fetch, to write down what is heard."""

    def __init__(
        self,
        call: Call,
        sandbox: Sandbox,
        recordings: Recordings,
        rooms: dict[str, Room],
        verbs: Mapping[str, RunVerb],
        connect: Callable[[Call, Room], None],
    ) -> None:
        """`connect` rings another phone and brings whoever answers into a room."""
        self.call = call
        self.sandbox = sandbox
        self.recordings = recordings
        self.rooms = rooms
        self.connect = connect
        self.webhook = Webhook(sandbox)
        self._verbs = verbs
        self._seen: Callable[[Page | None], None] | None = None

    async def run(self, instructions: Instructions, seen: Callable[[Page | None], None] | None = None) -> None:
        """Returns when the document has ended or anyone hung up; errors are spoken and noted, never raised.

        `seen` gets the very first page before it is run, or None when there was an error instead.
        """
        self._seen = seen
        following: Instructions | None = instructions
        while following is not None:
            try:
                await self._run(following, {})
                following = None
            except Turned as turned:
                following = turned.instructions
            except HungUp:
                following = None

    async def open(self, url: str, method: str, extra: Mapping[str, str]) -> Page:
        """Fetch the next page. A call that ended meanwhile ignores what came."""
        page = await fetch(self.webhook, self.call, url, method, extra)
        self.check()
        return page

    async def wait(self, true: Callable[[], bool], seconds: float, *hears: str) -> bool:
        """Wait for the person, or for time to pass. Raises: HungUp, Turned."""
        came = await self.listen(true, seconds, *hears)
        self.check()
        return came

    async def listen(self, true: Callable[[], bool], seconds: float, *hears: str) -> bool:
        """The same for verbs that have something to finish before they look why the wait ended."""
        call = self.call
        call.party.starts_to_wait(*hears)
        call.bell.ring()
        came = await call.bell.until(lambda: self._interrupted() or true(), seconds)
        call.party.stops_to_wait()
        return came

    def check(self) -> None:
        if self.call.party.gone or self.call.ends_as is not None:
            raise HungUp
        if self.call.turned_to is not None:
            turned, self.call.turned_to = self.call.turned_to, None
            raise Turned(turned)

    def _interrupted(self) -> bool:
        call = self.call
        return call.party.gone or call.ends_as is not None or call.turned_to is not None

    async def _run(self, instructions: Instructions, extra: Mapping[str, str]) -> None:
        try:
            page = await self._first(instructions, extra)
            self._show(page)
            await self._pages(page)
        except CallError as error:
            self._note(error)
            if instructions.fallback_url is None or instructions.fallback_url == error.url:
                self._show(None)
                self.call.say("system", APOLOGY)
                return
            wrong = {"ErrorCode": str(error.code), "ErrorUrl": error.url or ""}
            fallback = Instructions(url=instructions.fallback_url, method=instructions.fallback_method)
            await self._run(fallback, wrong)

    async def _first(self, instructions: Instructions, extra: Mapping[str, str]) -> Page:
        if instructions.url is not None:
            return await self.open(instructions.url, instructions.method, extra)
        return Page(None, "POST", read(instructions.twiml or "<Response/>"))

    async def _pages(self, first: Page) -> None:
        page: Page | None = first
        for _ in range(MOST_PAGES):
            if page is None:
                return
            page = await self._page(page)
            await asyncio.sleep(0)
        raise CallError(11215, "Too many HTTP redirects")

    async def _page(self, page: Page) -> Page | None:
        for verb in page.verbs:
            self.check()
            if verb.name not in self._verbs:
                raise CallError(12200, f"Schema validation: <{verb.name}> is no verb of a call", page.url)
            following = await self._verbs[verb.name](self, verb, page)
            if following is not None:
                return following
        return None

    def _show(self, page: Page | None) -> None:
        seen, self._seen = self._seen, None
        if seen is not None:
            seen(page)

    def _note(self, error: CallError) -> None:
        self.call.errors.append(error.noted())
        self.sandbox.ledger.write(
            provider="twilio", method="debugger", request={"call": self.call.sid}, response=error.noted()
        )
