"""Rows that leave: exported table by table, and removed for good only after that."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, func, literal_column, select, text
from sqlalchemy.orm import Session

from incidents import clock
from incidents.errors import IncidentError
from incidents.models import Base, Incident, Organization, ProjectRow

COUNTS_FOR = timedelta(hours=1)
SECRETS = {"api_keys": "digest", "phone_codes": "digest", "pins": "digest", "schedules": "feed", "calls": "token"}
"""By table: what opens something, and stays here."""
_UNLIMITED = (text("SET LOCAL statement_timeout = 0"), text("SET LOCAL idle_in_transaction_session_timeout = 0"))

Rows = list[tuple[Table, ColumnElement[bool]]]
"""Some rows of each table, the tables first that others point at."""


def take_time(session: Session) -> None:
    """This transaction may be long."""
    for unlimited in _UNLIMITED:
        session.execute(unlimited)


def lines(session: Session, rows: Rows) -> Iterator[dict[str, Any]]:
    """`{"table": …, "row": {…}}`, without secrets."""
    for table, which in rows:
        row = func.to_jsonb(literal_column(table.name)).op("-")(SECRETS.get(table.name, ""))
        query = select(row).select_from(table).where(which).execution_options(yield_per=500)
        for kept in session.scalars(query):
            yield {"table": table.name, "row": kept}


def owned() -> list[Table]:
    """The tables with an organization, those first that others point at."""
    return [table for table in Base.metadata.sorted_tables if "organization_id" in table.c]


def table_of(model: type[Base]) -> Table:
    return model.__table__  # type: ignore[return-value]  # It is one, whatever its type says.


def incidents(session: Session, what: Organization | ProjectRow) -> int:
    """How many it has. Numbers do not tell: one that was given first may be committed last."""
    column = Incident.organization_id if isinstance(what, Organization) else Incident.project_id
    return session.scalar(select(func.count()).where(column == what.id)) or 0


def demand_exported(session: Session, what: Organization | ProjectRow, *, way: str) -> None:
    """Raises: IncidentError when it was not exported lately, as it is; `way` says how to."""
    exported, now = what.exported_at, clock.real(session)
    if exported is None or now - exported > COUNTS_FOR:
        raise IncidentError(f"This would remove {what.name} for good. {way}")
    if incidents(session, what) != what.exported_incidents:
        raise IncidentError(f"Incidents were reported to {what.name} since its export. {way}")
