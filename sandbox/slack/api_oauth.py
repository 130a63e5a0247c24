"""Web API: an installation begins with a code and ends with its token."""

from sandbox.slack.args import Args
from sandbox.slack.context import Call, method
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import SPECIAL, TIER_3
from sandbox.slack.state import Json
from sandbox.world import APP_ID, CLIENT_ID, CLIENT_SECRET


@method("oauth.v2.access", window=SPECIAL, by="anybody")
def access(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/oauth.v2.access"""
    _our_client(call.args)
    if call.args.optional("grant_type") not in (None, "authorization_code"):
        raise SlackError("invalid_grant_type")
    workspaces = call.slack.workspaces
    grant = workspaces.codes.use(call.args.optional("code") or "", call.args.optional("redirect_uri"))
    slack = workspaces.by_id[grant.team]
    token = slack.install(grant.scopes)
    call.effect = {"team": slack.team.id, "installed_by": grant.user}
    return {
        "app_id": APP_ID,
        "authed_user": {"id": grant.user},
        "scope": ",".join(sorted(slack.installation.scopes)),
        "token_type": "bot",
        "access_token": token,
        "bot_user_id": slack.team.bot_user,
        "team": {"id": slack.team.id, "name": slack.team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


@method("auth.revoke", window=TIER_3)
def revoke(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/auth.revoke"""
    if call.args.flag("test"):
        return {"revoked": False}
    call.slack.revoke(uninstalled=False)
    call.effect = {"team": call.slack.team.id, "revoked": True}
    return {"revoked": True}


@method("apps.uninstall", window=TIER_3)
def uninstall(call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/apps.uninstall"""
    _our_client(call.args)
    call.slack.revoke(uninstalled=True)
    call.effect = {"team": call.slack.team.id, "uninstalled": True}
    return {}


def _our_client(args: Args) -> None:
    if args.optional("client_id") != CLIENT_ID:
        raise SlackError("invalid_client_id")
    if args.optional("client_secret") != CLIENT_SECRET:
        raise SlackError("bad_client_secret")
