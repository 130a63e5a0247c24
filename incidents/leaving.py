"""What goes with a project: its incidents with all that hangs on them, exported, and removed for good after that."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ARRAY, CollectionAggregate, Uuid, and_, any_, delete, func, literal, not_, select, text, update
from sqlalchemy.exc import IntegrityError

from incidents import clock, exports, opening, organizations
from incidents.errors import IncidentError
from incidents.models import Call, Incident, Job, Page, ProjectRow
from incidents.ports import source_of
from incidents.store import Transaction
from incidents.words import Status

_OVER = [status for status in Status if status.is_over]
_REMOVED = text("SELECT set_config('tocsin.removed_project', :id, true)")
"""Only so timelines of its incidents may go."""

Some = CollectionAggregate[Any]
"""Incidents, to compare ids with."""


def export(tx: Transaction, row: ProjectRow) -> Iterator[dict[str, Any]]:
    """The project and the rows of its incidents, as `incidents.tenants.export` gives those of an organization."""
    exports.take_time(tx.session)
    begun, incidents = clock.real(tx.session), exports.incidents(tx.session, row)
    yield from exports.lines(tx.session, [(exports.table_of(ProjectRow), ProjectRow.id == row.id), *_rows(_of(row))])
    row.exported_at, row.exported_incidents = begun, incidents


def lessons(tx: Transaction, row: ProjectRow) -> list[str]:
    """What the memory calls those that it may have learned from its incidents."""
    return [source_of(id) for id in tx.session.scalars(select(Incident.id).where(Incident.project_id == row.id))]


def demand_removable(tx: Transaction, row: ProjectRow) -> None:
    """Raises: IncidentError for the default one, while something of it goes on or is for it, and without its export."""
    if row.id == tx.organization:
        raise IncidentError("The default project stays: reports that name no other one are its.")
    going_on = select(func.count()).where(Incident.project_id == row.id, Incident.status.not_in(_OVER))
    if number := tx.session.scalar(going_on):
        raise IncidentError(f"Incidents of {row.name} that are not over: {number}. Resolve them first.")
    owed = select(func.count()).where(Job.incident_id == _of(row), Job.done_at.is_(None))
    if number := tx.session.scalar(owed):
        raise IncidentError(f"What incidents of {row.name} still owe, like closing a ticket: {number} jobs. Try later.")
    _demand_that_nothing_is_for_it(tx, row)
    way = f"Export it first: GET /api/v1/projects/{row.id}/export."
    exports.demand_exported(tx.session, row, way=way)


def remove(tx: Transaction, row: ProjectRow) -> None:
    """It is gone with its incidents. The row must be locked. Raises: IncidentError, as `demand_removable`.

    What is reported to it meanwhile waits for the last moment alone, and keeps it from being removed.
    """
    name = row.name
    exports.take_time(tx.session)
    # In the order in which the doors lock them. Whoever would open one of them again comes too late, or came before.
    tx.session.execute(select(Call.id).where(Call.incident_id == _of(row)).with_for_update())
    locked = tx.session.scalars(select(Incident.id).where(Incident.project_id == row.id).with_for_update()).all()
    demand_removable(tx, row)
    its = any_(literal(locked, ARRAY(Uuid)))  # These, and none that is reported from here on.
    _give_calls_away(tx, its)
    tx.session.execute(_REMOVED, {"id": str(row.id)})
    for table, which in reversed(_rows(its)):
        tx.session.execute(delete(table).where(which))
    organizations.lock(tx)
    _demand_that_nothing_is_for_it(tx, row)
    tx.session.delete(row)
    try:
        tx.session.flush()
    except IntegrityError as error:
        if not opening.is_about(error, "project_id"):
            raise
        raise IncidentError(f"An incident was reported to {name} at this moment. Export it once more.") from error


def _demand_that_nothing_is_for_it(tx: Transaction, row: ProjectRow) -> None:
    """A policy for nothing else would be for everything."""
    own = organizations.own(tx)
    kept = [*(("policy", each) for each in own.policies), *(("stakeholder", each) for each in own.stakeholders)]
    for what, each in kept:
        if str(row.id) in each["match"].get("projects", ()):
            raise IncidentError(f"The {what} {each['name']!r} is for {row.name}. Change or remove it first.")


def _give_calls_away(tx: Transaction, its: Some) -> None:
    """A call that told of another project's incident too is that one's from now on."""
    tells_of_others = and_(Page.call_id == Call.id, not_(Page.incident_id == its))
    given = {"incident_id": Page.incident_id, "job_id": Page.job_id}
    giving = update(Call).where(Call.incident_id == its, tells_of_others).values(given)
    tx.session.execute(giving, execution_options={"synchronize_session": False})


def _of(row: ProjectRow) -> Some:
    return any_(select(Incident.id).where(Incident.project_id == row.id).scalar_subquery())


def _rows(its: Some) -> exports.Rows:
    found: exports.Rows = []
    for table in exports.owned():
        if table.name == Incident.__tablename__:
            found.append((table, table.c.id == its))
        elif "incident_id" in table.c:
            found.append((table, table.c.incident_id == its))
        elif "job_id" in table.c:
            found.append((table, table.c.job_id.in_(select(Job.id).where(Job.incident_id == its))))
    return found
