"""POST /jira/webhook: what people did to the ticket of an incident, written into its timeline."""

import hashlib
import hmac
from typing import Any

from flask import Blueprint, request

from incidents import inbox, timeline
from incidents.models import Incident
from incidents.store import Transaction
from web.api.texts import storable
from web.desk import desk
from web.refusal import Refusal

INBOX = "jira"
ALGORITHM = "sha256="

door = Blueprint("jira", __name__)


@door.post("/jira/webhook")
def webhook() -> dict[str, Any]:
    """Signed with JIRA_WEBHOOK_SECRET (https://developer.atlassian.com/cloud/jira/platform/webhooks/)."""
    raw = request.get_data(cache=True)
    _demand_signature(raw, request.headers.get("X-Hub-Signature", ""))
    event = storable(request.get_json(force=True))
    name = request.headers.get("X-Atlassian-Webhook-Identifier") or hashlib.sha256(raw).hexdigest()
    with desk().store.begin() as tx:
        entry = inbox.accept(tx, INBOX, name[:200])
        if entry is None:
            return {"accepted": True, "duplicate": True}
        incident = _incident(tx, event)
        if incident is None:
            return {"accepted": True, "incident": None}
        inbox.lead_to(tx, entry, incident)
        if not _ours(event):
            _write_moves(tx, incident, event)
        return {"accepted": True, "incident": incident.number}


def _demand_signature(raw: bytes, given: str) -> None:
    secret = desk().settings.jira_webhook_secret
    if secret is None:
        raise Refusal(403, "Webhooks from Jira are closed here. Set JIRA_WEBHOOK_SECRET, and the same secret in Jira.")
    expected = hmac.new(secret.get_secret_value().encode(), raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given.encode(), f"{ALGORITHM}{expected}".encode()):
        raise Refusal(401, "The X-Hub-Signature does not fit. Set the same secret in Jira and in JIRA_WEBHOOK_SECRET.")


def _incident(tx: Transaction, event: Any) -> Incident | None:
    key = _at(event, "issue", "key")
    if not isinstance(key, str):
        return None
    return tx.session.scalars(tx.select(Incident).where(Incident.ticket_key == key)).first()


def _ours(event: Any) -> bool:
    """Our own updates come back as events; the timeline has them already."""
    return bool(_at(event, "user", "emailAddress") == desk().settings.jira_user)


def _write_moves(tx: Transaction, incident: Incident, event: Any) -> None:
    items = _at(event, "changelog", "items")
    who = _at(event, "user", "displayName")
    for item in items if isinstance(items, list) else []:
        if _at(item, "field") == "status":
            timeline.write(
                tx,
                incident,
                "ticket_moved",
                actor=who if isinstance(who, str) and who else "Jira",
                via="jira",
                ticket=incident.ticket_key,
                before=str(_at(item, "fromString")),
                status=str(_at(item, "toString")),
            )


def _at(value: Any, *names: str) -> Any:
    """The member at the end of that path; None where it does not exist."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
