"""The mail server among the sandbox's stand-ins: SMTP without TLS, on the second port after the sandbox's."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from functools import partial

from aiosmtpd.smtp import SMTP
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.core import Sandbox
from sandbox.mail.desk import MailDesk
from sandbox.mail.mailbox import Mailbox
from sandbox.provider import Provider
from sandbox.reading import number

LARGEST = 1024 * 1024
GREETING = "Tocsin sandbox"


class MailStandIn:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._mailbox = Mailbox()
        self._server: asyncio.Server | None = None
        sandbox.state.join("mail", self._mailbox)

    @property
    def mounts(self) -> Mapping[str, Provider]:
        return {}

    def control_routes(self) -> Sequence[BaseRoute]:
        return [Route("/control/mail", self._all), Route("/control/mail/{address}", self._of)]

    def reset(self) -> None:
        self._mailbox.mails.clear()

    async def start(self) -> None:
        """Raises: OSError when the port is taken."""
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # It warns of its own deprecations at each login.
        loop = asyncio.get_running_loop()
        desk = MailDesk(self._sandbox, self._mailbox)
        protocol = partial(
            SMTP,
            desk,
            data_size_limit=LARGEST,
            hostname="localhost",
            ident=GREETING,
            auth_require_tls=False,
            authenticator=desk.authenticate,
            loop=loop,
        )
        self._server = await loop.create_server(protocol, "127.0.0.1", self._sandbox.mail_port)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _all(self, request: Request) -> Response:
        """`last` above 0 limits the answer to the newest so many."""
        last = number(request.query_params.get("last", "0"), "last")
        return JSONResponse([mail.shown() for mail in self._mailbox.mails[-max(last, 0) :]])

    async def _of(self, request: Request) -> Response:
        """What came to that address, the oldest first."""
        return JSONResponse([mail.shown() for mail in self._mailbox.of(request.path_params["address"])])
