"""The dead man's switch: an address outside is asked every minute while all is well; when that stops, it sounds."""

from datetime import timedelta

import httpx
import structlog

from incidents import audit
from incidents.store import Database

EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 5.0

log = structlog.get_logger(__name__)


class DeadMan:
    """Asks that address, in the way of healthchecks.io: any answer with success counts."""

    def __init__(self, database: Database, url: str, *, every: timedelta) -> None:
        self._database = database
        self._url = url
        self._every = every

    def once(self) -> bool:
        """Whether a ping was sent; none is while the audit is bad or stale, or when another process sent it."""
        with self._database.begin() as session:
            if not audit.ping_is_due(session, every=self._every):
                return False
        heard = self._ping()
        with self._database.begin() as session:
            audit.pinged(session, heard=heard)
        return True

    def _ping(self) -> bool:
        try:
            answer = httpx.get(self._url, timeout=PATIENCE_SECONDS, follow_redirects=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # The address is a secret of its own kind, so only the kind of trouble is told.
            log.warning("deadman_ping_failed", reason=type(error).__name__)
            return False
        if not answer.is_success:
            log.warning("deadman_ping_failed", reason=f"answered {answer.status_code}")
        return answer.is_success
