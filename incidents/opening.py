"""One statement that counts an organization's number up and writes the incident, its first line and its first jobs.

Numbers have no gaps, so the reports of one organization wait for each other from the counting to the commit. Whatever
else a report needs is therefore asked before, and what the number is needed for is one message to the database.
"""

import uuid
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Column, String, Table, bindparam, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault
from sqlalchemy.sql.selectable import CTE, FromClause

from incidents.models import Base, InboxEntry, Incident, Job, Organization, TimelineEntry

Columns = dict[str, Any]

INCIDENT = (
    "id",
    "title",
    "description",
    "kind",
    "details",
    "source",
    "reporter_name",
    "reporter_slack",
    "reporter_phone",
    "origin_channel",
    "origin_thread",
    "severity",
    "reported_severity",
    "opened_at",
    "policy",
    "paging_run",
)
LINE = ("at", "kind", "actor", "details")
JOB = ("id", "kind", "key", "created_at", "due")
JOBS = ("job1", "job2")
MESSAGE = ("id", "source", "external_id", "received_at")


def write(
    session: Session,
    organization: uuid.UUID,
    *,
    ref: str | None,
    incident: Columns,
    line: Columns,
    jobs: tuple[Columns, Columns],
    message: Columns | None,
) -> Incident | None:
    """The new incident, named `ref` or else by its number; None when there is one of that name already.

    The columns are those of `INCIDENT`, `LINE`, `JOB` and `MESSAGE`. `message` is what it came in by: None is given for
    one that was accepted before, too. It excludes a `ref`, because then nobody could tell which of the two was known.
    """
    if message is not None and ref is not None:
        raise ValueError("a message and a ref cannot be given together")
    parts = {"incident": incident, "line": line, **dict(zip(JOBS, jobs, strict=True)), "message": message or {}}
    given = {f"{part}_{name}": value for part, columns in parts.items() for name, value in columns.items()}
    # Plain columns, and the incident made of them here: threads that compile an alias of a model for the first time at
    # once can each get half of another's statement, and the engine keeps it.
    made = session.scalars(
        _OPEN if message is None else _OPEN_FROM_MESSAGE,
        {"organization": organization, "ref": ref, "suffix": uuid.uuid4().hex[:6], **given},
    ).one_or_none()
    if made is None and message is None:
        # The number was not used, and nobody has counted on: the organization is locked until we end.
        session.execute(_COUNT_ANEW, {"organization": organization})
    return made


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _accepting() -> Any:
    """The message from outside becomes this incident, unless it was accepted before."""
    inbox = _table(InboxEntry)
    given = {name: bindparam(f"message_{name}", type_=inbox.c[name].type) for name in MESSAGE}
    its = {
        "organization_id": bindparam("organization", type_=inbox.c.organization_id.type),
        "incident_id": bindparam("incident_id", type_=inbox.c.incident_id.type),
    }
    return insert(inbox).values({**given, **its}).on_conflict_do_nothing().returning(inbox.c.organization_id)


def _counting(accepted: CTE | None) -> Any:
    counter = _table(Organization)
    whose = bindparam("organization", type_=counter.c.id.type) if accepted is None else accepted.c.organization_id
    return (
        update(counter).where(counter.c.id == whose).values(last_number=counter.c.last_number + 1).returning(*counter.c)
    )


def _counting_anew() -> Any:
    """The greatest number that there is, and not one less: a counter that was wrong once would refuse every report."""
    counter, numbered = _table(Organization), _table(Incident)
    this = bindparam("organization", type_=counter.c.id.type)
    greatest = select(func.coalesce(func.max(numbered.c.number), 0)).where(numbered.c.organization_id == this)
    return update(counter).where(counter.c.id == this).values(last_number=greatest.scalar_subquery())


def _inserting(table: type[Base], part: str, names: Sequence[str], source: FromClause, found: Columns) -> Any:
    """`found` comes from the rows of `source`, the columns of `names` from the parameters, the rest are defaults."""
    target = _table(table)
    given = {name: bindparam(f"{part}_{name}", type_=target.c[name].type) for name in names}
    usual = {column.name: _usual(column) for column in target.c if column.default and column.name not in names}
    values = {**usual, **given, **found}
    picked = select(*(value.label(name) for name, value in values.items())).select_from(source)
    return insert(target).from_select(list(values), picked, include_defaults=False)


def _usual(column: Column[Any]) -> ColumnElement[Any]:
    """The default of the model, which the ORM would fill in row by row."""
    default = column.default
    if not isinstance(default, ScalarElementColumnDefault | CallableColumnDefault):
        raise TypeError(f"{column} has a default of an unknown kind")
    if isinstance(default, ScalarElementColumnDefault):
        return literal(default.arg, column.type)
    return literal(default.arg(None), column.type)  # type: ignore[arg-type]  # Ours ask for no context.


def _statement(accepted: CTE | None) -> Any:
    counted = _counting(accepted).cte("counted")
    opened = (
        _inserting(
            Incident,
            "incident",
            INCIDENT,
            counted,
            {"organization_id": counted.c.id, "number": counted.c.last_number, "ref": _ref(counted.c.last_number)},
        )
        .on_conflict_do_nothing(index_elements=["organization_id", "ref"])
        .returning(*_table(Incident).c)
        .cte("opened")
    )
    its = {"organization_id": opened.c.organization_id, "incident_id": opened.c.id}
    line = _inserting(TimelineEntry, "line", LINE, opened, its).cte("line")
    jobs: list[CTE] = [_inserting(Job, part, JOB, opened, its).cte(part) for part in JOBS]
    return select(*opened.c).add_cte(line, *jobs)


def _ref(number: ColumnElement[int]) -> ColumnElement[str]:
    """The reporter's own id, or one that is made: the number, and something that nobody guesses."""
    made = func.concat("INC-", number, "-", bindparam("suffix", type_=String()))
    return func.coalesce(bindparam("ref", type_=String()), made)


_STATEMENT = _statement(None)
_OPEN = select(Incident).from_statement(_STATEMENT)
_OPEN_FROM_MESSAGE = select(Incident).from_statement(_statement(_accepting().cte("accepted")))
_COUNT_ANEW = _counting_anew()
