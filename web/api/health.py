"""GET /api/health: alive and well, cheap; /api/health/deep: asks every part. Both are open to everybody."""

from datetime import datetime

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from web import parts, wellness
from web.desk import desk
from web.wellness import Finding, PartSays

api = APIBlueprint("health", __name__, tag="Health")


class HealthShape(BaseModel):
    status: str = Field(description="`ok`, or `degraded` when the database is away or the audit is not good")
    audit: str = Field(description="`good`, `bad`, `stale` (the sweep does not work), `none` yet, or `unknown`")
    parts: dict[str, str] = Field(description="each part: `on`, `off`, `sandbox` or `failing`")
    now: datetime | None


class DeepShape(BaseModel):
    status: str = Field(description="`ok` or `degraded`")
    audit: str = Field(description="as in `/api/health`")
    audited_at: datetime | None
    wrong: list[str] = Field(description="what is wrong and what to do, in plain words; empty when all is well")
    findings: list[Finding]
    parts: dict[str, PartSays]


@api.get("/api/health")
@api.output(HealthShape)
@api.doc(summary="Is it alive and well, and which parts are on")
def health() -> HealthShape:
    seen = wellness.look(desk())
    known = {"database": parts.FAILING if seen.now is None else parts.ON, **parts.providers(desk().settings)}
    status = "ok" if seen.state == wellness.GOOD else "degraded"
    return HealthShape(status=status, audit=seen.state, parts=known, now=seen.now)


@api.get("/api/health/deep")
@api.output(DeepShape)
@api.doc(
    summary="Ask every part whether it works, and the audit whether promises are kept",
    responses={503: "Something is wrong; the body is the same and says what."},
)
def deep() -> tuple[DeepShape, int]:
    """The parts' answers are remembered for 15 seconds."""
    seen, says = wellness.look(desk()), desk().asking.ask()
    told = wellness.in_words(seen, says, desk().settings)
    shape = DeepShape(
        status="degraded" if told.wrong else "ok",
        audit=seen.state,
        audited_at=seen.audit.at if seen.audit else None,
        wrong=told.wrong,
        findings=told.findings,
        parts=told.parts,
    )
    return shape, 503 if told.wrong else 200
