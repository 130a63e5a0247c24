"""The auditor: every few seconds it looks for promises that are not kept, and owes the admins a message."""

import structlog

from incidents import admin_notices, audit, lateness
from incidents.audit import Audit
from incidents.store import Database

EVERY_SECONDS = 1.0
"""How often this process asks whether an audit is due; of all processes one does it every five seconds."""

log = structlog.get_logger(__name__)


class Auditor:
    def __init__(self, database: Database, *, tells: bool) -> None:
        """`tells`: there is somewhere to tell it."""
        self._database = database
        self._tells = tells
        self._said: frozenset[str] = frozenset()

    def once(self) -> Audit | None:
        """The audit; None when another process did it just now."""
        with self._database.begin() as session:
            found = audit.once(session)
            if found is not None and self._tells:
                admin_notices.owe(session, found)
        if found is None:
            return None
        self._say(found)
        with self._database.begin() as session:
            lateness.count_ended(session)
        return found

    def _say(self, found: Audit) -> None:
        """What is new since this process said something."""
        counting = {finding.kind.value: finding for finding in found.findings if finding.counts}
        for kind in counting.keys() - self._said:
            log.error("audit_bad", finding=kind, count=counting[kind].count, says=counting[kind].text)
        if self._said and not counting:
            log.info("audit_good")
        self._said = frozenset(counting)
