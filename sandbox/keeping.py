"""What a person did through the control API is kept before the answer goes out."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.state import State

PROVIDERS = {"/control/slack/": "slack", "/control/phone/": "twilio", "/control/jira/": "jira"}


class KeptBeforeReply:
    def __init__(self, app: ASGIApp, state: State) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        provider = _provider(scope)
        if provider is None:
            await self._app(scope, receive, send)
            return

        async def keep_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._state.keep(provider)
            await send(message)

        await self._app(scope, receive, keep_and_send)


def _provider(scope: Scope) -> str | None:
    """Whose world the request may change."""
    if scope["type"] != "http" or scope["method"] == "GET":
        return None
    return next((name for prefix, name in PROVIDERS.items() if scope["path"].startswith(prefix)), None)
