"""GET /api/health: alive, and which parts are on; cheap, and open to everybody."""

from datetime import datetime

import structlog
from apiflask import APIBlueprint
from pydantic import BaseModel, Field
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from web import parts
from web.desk import desk

api = APIBlueprint("health", __name__, tag="Health")

log = structlog.get_logger(__name__)


class HealthShape(BaseModel):
    status: str = Field(description="`ok`, or `degraded` when the database is away")
    parts: dict[str, str] = Field(description="each part: `on`, `off`, `sandbox` or `failing`")
    now: datetime | None


@api.get("/api/health")
@api.output(HealthShape)
@api.doc(summary="Is it alive, and which parts are on")
def health() -> HealthShape:
    now = _time_in_database()
    known = {"database": parts.FAILING if now is None else parts.ON, **parts.providers(desk().settings)}
    return HealthShape(status="degraded" if now is None else "ok", parts=known, now=now)


def _time_in_database() -> datetime | None:
    try:
        return desk().database.now()
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        log.warning("database_away", reason=str(error).splitlines()[0])
        return None
