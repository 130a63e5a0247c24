"""Webhooks to the product: signed, and repeated when it does not take them."""

import asyncio
import hmac
import json
import time
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx

from sandbox.core import Sandbox
from sandbox.jira.catalogue import User, user_json
from sandbox.jira.issue import Issue
from sandbox.world import JIRA_WEBHOOK_SECRET

PATH = "/jira/webhook"
NAME = f"POST {{product}} {PATH}"
REPEATS = 5
REPEAT_SECONDS = 2.0
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
LOST = frozenset({"reset", "silence", "500", "503", "429"})


def tell_updated(sandbox: Sandbox, issue: Issue, by: User, items: list[dict[str, Any]], base: str) -> None:
    """`jira:issue_updated`, sent in the background (https://developer.atlassian.com/cloud/jira/platform/webhooks)."""
    if not items:
        return
    event = {
        "timestamp": int(time.time() * 1000),
        "webhookEvent": "jira:issue_updated",
        "issue_event_type_name": "issue_generic",
        "user": user_json(by, base),
        "issue": issue.as_json(base, "2"),
        "changelog": {"id": str(uuid4().int % 100000), "items": items},
    }
    sandbox.spawn(_deliver(sandbox, event))


async def _deliver(sandbox: Sandbox, event: dict[str, Any]) -> None:
    """Jira repeats up to five times (after minutes; here after seconds) with the same identifier."""
    body = json.dumps(event).encode()
    signed = hmac.new(JIRA_WEBHOOK_SECRET.encode(), body, sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Atlassian-Webhook-Identifier": str(uuid4()),
        "X-Hub-Signature": f"sha256={signed}",
        "User-Agent": "Atlassian Webhook HTTP Client",
    }
    for repeat in range(REPEATS + 1):
        if repeat:
            headers["X-Atlassian-Webhook-Retry"] = str(repeat)
            await asyncio.sleep(REPEAT_SECONDS)
        if await _once(sandbox, body, headers, event, repeat) not in AGAIN | {0}:
            return


async def _once(sandbox: Sandbox, body: bytes, headers: dict[str, str], event: dict[str, Any], repeat: int) -> int:
    """The product's status, 0 for none."""
    named = any(fault.provider == "jira" and fault.method == NAME for fault in sandbox.faults.waiting())
    fault = sandbox.faults.take("jira", NAME) if named else None
    status, text = 0, ""
    if fault not in LOST:
        try:
            answer = await sandbox.http.post(sandbox.product + PATH, content=body, headers=headers)
            status, text = answer.status_code, answer.text[:500]
        except httpx.TransportError as error:
            text = f"no answer: {type(error).__name__}"
        if fault is not None:
            status = 0
    response = {"status": status, "body": text, **({"fault": fault} if fault else {})}
    request = {
        "event": event["webhookEvent"],
        "key": event["issue"]["key"],
        "changes": event["changelog"]["items"],
        "attempt": repeat + 1,
    }
    sandbox.ledger.write(provider="jira", method=NAME, request=request, response=response)
    return status
