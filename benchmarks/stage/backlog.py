"""What was accepted, and how much of it is done."""

from dataclasses import dataclass

from sqlalchemy import text

from benchmarks.stage.product import Product

LATER = ["PAGE", "TELL_EVERYBODY"]
"""What the ladder owes in minutes to come is no backlog."""

ACCEPTED = text("SELECT count(*), count(DISTINCT ref), count(triaged_at) FROM incidents WHERE ref LIKE :prefix || '-%'")
OWED = text(
    "SELECT count(*) FROM jobs j JOIN incidents i ON i.id = j.incident_id WHERE i.ref LIKE :prefix || '-%'"
    " AND j.done_at IS NULL AND (j.due <= store_now() OR NOT j.kind = ANY(:later))"
)


@dataclass(frozen=True)
class Backlog:
    """Of the reports whose ids begin with a prefix: rows, different ids, triaged ones, jobs that are still owed."""

    incidents: int
    ids: int
    triaged: int
    owed: int

    @property
    def is_drained(self) -> bool:
        return self.triaged == self.incidents and self.owed == 0


def of(product: Product, prefix: str) -> Backlog:
    with product.database.begin() as connection:
        incidents, ids, triaged = connection.execute(ACCEPTED, {"prefix": prefix}).one()
        owed = connection.execute(OWED, {"prefix": prefix, "later": LATER}).scalar_one()
    return Backlog(incidents, ids, triaged, owed)
