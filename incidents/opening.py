"""One statement that numbers an incident and writes it with its first line and its first jobs.

The numbers come from a sequence of the organization: reports do not wait for each other, and a number is left out when
the statement fails.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

import psycopg
from sqlalchemy import Column, DateTime, String, Table, Uuid, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault
from sqlalchemy.sql.selectable import CTE, FromClause

from incidents.models import Base, InboxEntry, Incident, Job, TimelineEntry

Columns = dict[str, Any]

INCIDENT = (
    "id",
    "project_id",
    "title",
    "description",
    "kind",
    "service",
    "details",
    "source",
    "reporter_name",
    "reporter_slack",
    "reporter_phone",
    "origin_channel",
    "origin_thread",
    "severity",
    "reported_severity",
    "policy",
    "paging_run",
)
LINE = ("kind", "actor", "details")
JOB = ("id", "kind", "key", "due")
JOBS = ("job1", "job2")
MESSAGE = ("id", "source", "external_id")
_NOW = bindparam("now", type_=DateTime(timezone=True))
_ORGANIZATION = bindparam("organization", type_=Uuid())


def write(
    session: Session,
    organization: uuid.UUID,
    *,
    now: datetime,
    ref: str | None,
    incident: Columns,
    line: Columns,
    jobs: tuple[Columns, Columns],
    message: Columns | None,
) -> Incident | None:
    """The new incident, named `ref` or else by its number.

    None when there is one of that name, or when `message`, by which it came, was accepted before: then nothing was
    written. The columns are those of `INCIDENT`, `LINE`, `JOB` and `MESSAGE`. Raises: IntegrityError, see `is_about`.
    """
    parts = {"incident": incident, "line": line, **dict(zip(JOBS, jobs, strict=True)), "message": message or {}}
    given = {f"{part}_{name}": value for part, columns in parts.items() for name, value in columns.items()}
    asked = {"organization": organization, "now": now, "ref": ref, "suffix": uuid.uuid4().hex[:6], **given}
    named = session.execute(_OPEN if message is None else _OPEN_FROM_MESSAGE, asked).one_or_none()
    if named is None:
        return None
    names = {"organization_id": organization, "number": named.number, "ref": named.ref, "opened_at": now}
    return _written(session, {**{name: default() for name, default in _DEFAULTS}, **incident, **names})


def is_about(error: IntegrityError, column: str) -> bool:
    """`ref`: somebody else took it at the same moment. `number`: the sequence is behind the rows. `project_id`: the
    project was removed at the same moment.
    """
    broken = error.orig.diag.constraint_name if isinstance(error.orig, psycopg.Error) else None
    return broken in (f"uq_incidents_organization_id_{column}", f"fk_incidents_{column}")


def _written(session: Session, columns: Columns) -> Incident:
    """The row as the session would have loaded it: everything in it is known here, and loading it takes its time."""
    incident = Incident()
    vars(incident).update(columns)  # As the session itself does; setting them one by one takes five times as long.
    make_transient_to_detached(incident)
    session.add(incident)
    return incident


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _accepting() -> Any:
    """The message from outside becomes this incident, unless it was accepted before."""
    inbox = _table(InboxEntry)
    columns = {
        **{name: bindparam(f"message_{name}", type_=inbox.c[name].type) for name in MESSAGE},
        "organization_id": _ORGANIZATION,
        "incident_id": bindparam("incident_id", type_=inbox.c.incident_id.type),
        "received_at": _NOW,
    }
    picked = select(*(value.label(name) for name, value in columns.items())).where(_is_new())
    accepting = insert(inbox).from_select(list(columns), picked, include_defaults=False)
    return accepting.on_conflict_do_nothing().returning(inbox.c.id)


def _is_new() -> ColumnElement[bool]:
    """There is no incident of the given name; always so when none is given."""
    named = _table(Incident)
    same = select(1).where(named.c.organization_id == _ORGANIZATION, named.c.ref == bindparam("ref", type_=String()))
    return ~same.exists()


def _inserting(table: type[Base], part: str, names: Sequence[str], source: FromClause, found: Columns) -> Any:
    """`found` comes from the rows of `source`, the columns of `names` from the parameters, the rest are defaults."""
    target = _table(table)
    given = {name: bindparam(f"{part}_{name}", type_=target.c[name].type) for name in names}
    usual = {
        column.name: literal(_default(column)(), column.type)
        for column in target.c
        if column.default and column.name not in {*names, *found}
    }
    values = {**usual, **given, **found}
    picked = select(*(value.label(name) for name, value in values.items())).select_from(source)
    return insert(target).from_select(list(values), picked, include_defaults=False)


def _default(column: Column[Any]) -> Callable[[], Any]:
    """What the model says, which the ORM would fill in row by row; None when it says nothing."""
    default = column.default
    if default is None:
        return lambda: None
    if isinstance(default, ScalarElementColumnDefault):
        return lambda: default.arg
    if isinstance(default, CallableColumnDefault):
        return lambda: default.arg(None)  # type: ignore[arg-type]  # Ours ask for no context.
    raise TypeError(f"{column} has a default of an unknown kind")


def _statement(accepted: CTE | None) -> Any:
    number = select(func.nextval(func.incident_numbers(_ORGANIZATION)).label("number"))
    numbered = (number.where(_is_new()) if accepted is None else number.select_from(accepted)).cte("numbered")
    named = {"number": numbered.c.number, "ref": _ref(numbered.c.number)}
    found = {**named, "organization_id": _ORGANIZATION, "opened_at": _NOW}
    made = _table(Incident).c
    writing = _inserting(Incident, "incident", INCIDENT, numbered, found)
    opened = writing.returning(made.organization_id, made.id, made.number, made.ref).cte("opened")
    its = {"organization_id": opened.c.organization_id, "incident_id": opened.c.id}
    line = _inserting(TimelineEntry, "line", LINE, opened, {**its, "at": _NOW}).cte("line")
    jobs: list[CTE] = [_inserting(Job, part, JOB, opened, {**its, "created_at": _NOW}).cte(part) for part in JOBS]
    return select(opened.c.number, opened.c.ref).add_cte(line, *jobs)


def _ref(number: ColumnElement[int]) -> ColumnElement[str]:
    """The reporter's own id, or one that is made: the number, and something that nobody guesses."""
    made = func.concat("INC-", number, "-", bindparam("suffix", type_=String()))
    return func.coalesce(bindparam("ref", type_=String()), made)


_OPEN = _statement(None)
_OPEN_FROM_MESSAGE = _statement(_accepting().cte("accepted"))
_DEFAULTS = [(column.name, _default(column)) for column in _table(Incident).c]
