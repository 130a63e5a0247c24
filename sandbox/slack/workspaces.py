"""Slack as our app knows it: its workspaces, which token belongs to which, and the app's connections to all of them."""

import secrets
from dataclasses import replace

from sandbox.core import Sandbox
from sandbox.slack.delivery import Delivery
from sandbox.slack.errors import SlackError
from sandbox.slack.events import Events
from sandbox.slack.limits import Limits
from sandbox.slack.manifest import Installation, read_installation
from sandbox.slack.oauth_codes import OAuthCodes
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.sockets import Sockets
from sandbox.slack.state import Workspace
from sandbox.slack.triggers import Triggers
from sandbox.world import TEAMS, Team


class Slack:
    """One workspace: what is in it, who may call it and how often. `token` is None where our app is not installed."""

    def __init__(self, workspaces: "Workspaces", team: Team) -> None:
        self.workspaces = workspaces
        self.sandbox, self.delivery, self.sockets = workspaces.sandbox, workspaces.delivery, workspaces.sockets
        self.team = team
        self.installation: Installation = replace(workspaces.declared)
        self.token = team.token
        self.workspace = Workspace(team)
        self.limits = Limits()
        self.triggers = Triggers()
        self.response_urls = ResponseUrls(self.sandbox.address, team.id)
        self.events = Events(self.sandbox, self.workspace, self.installation, self.delivery)
        if self.token is not None:
            self.workspace.admit_bot(everywhere=True)

    def install(self, scopes: frozenset[str]) -> str:
        """The bot's token: the same again, with more scopes, when it is installed already."""
        if self.token is None:
            self.token = f"xoxb-{self.team.id}-{secrets.token_hex(12)}"
            self.installation.scopes = scopes
            self.workspace.admit_bot(everywhere=False)
        self.installation.scopes |= scopes
        return self.token

    def revoke(self, *, uninstalled: bool) -> None:
        if self.token is not None:
            self.workspaces.revoked.add(self.token)
            self.token = None
            self.workspace.dismiss_bot()
            self.events.revoked(self.team.bot_user, uninstalled=uninstalled)


class Workspaces:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.declared = read_installation(sandbox.manifest)
        switch = sandbox.socket_mode or self.declared.socket_mode or None
        self.sockets = Sockets(sandbox.address, switch=switch)
        self.delivery = Delivery(sandbox, self.sockets)
        self.reset()

    def reset(self) -> None:
        self.sockets.reset()
        self.codes = OAuthCodes()
        self.revoked: set[str] = set()
        self.by_id = {team.id: Slack(self, team) for team in TEAMS}

    @property
    def default(self) -> Slack:
        return self.by_id[TEAMS[0].id]

    def of_token(self, token: str) -> Slack:
        """Raises: SlackError; `account_inactive` is what a bot's token gets when the app is gone."""
        if token in self.revoked:
            raise SlackError("account_inactive")
        for slack in self.by_id.values():
            if slack.token == token:
                return slack
        raise SlackError("invalid_auth")

    def of_path(self, path: str) -> Slack:
        """Of a response URL. Raises: SlackError."""
        slack = self.by_id.get(path.partition("/")[0])
        if slack is None:
            raise SlackError("invalid_url")
        return slack
