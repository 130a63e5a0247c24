"""`python -m app doctor`: each setting and each provider, on, in the sandbox or off and why, and whether it answers."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import NoResultFound, OperationalError, ProgrammingError

from app.bootstrap import Checked, NotReady, Providers, check_providers, check_redis, database
from app.half_given import models
from app.local import local_services
from app.resolve import in_sandbox
from app.settings import Settings
from incidents import duty, model_calls
from incidents.store import Database

SEES_EVERYTHING = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
UNGUARDED = "its user sees the rows of all organizations: connect as one that is no superuser and has no BYPASSRLS"
COLOURS = {"on": "green", "sandbox": "cyan", "off": "yellow", "failing": "red"}


def doctor(settings: Settings) -> int:
    """The exit code: 1 when something that is on does not answer."""
    console = Console()
    console.print(_table_of_settings(settings))
    with local_services(settings) as resolved:
        parts = [_database(resolved), check_redis(resolved), *_providers(resolved)]
        checked = [*parts, _model_calls(resolved), _on_call(resolved)]
    console.print(_table_of_parts(checked))
    return int(any(part.state == "failing" for part in checked))


def _table_of_settings(settings: Settings) -> Table:
    table = Table("setting", "value", title="Settings", title_justify="left")
    secrets, given = settings.secrets(), settings.given()
    for name in Settings.model_fields:
        value = given.get(name, "")
        hidden = any(secret in value for secret in secrets)
        table.add_row(name.upper(), "set (not shown)" if hidden else value)
    return table


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    """Its connections are closed in the end."""
    opened = database(settings)
    try:
        yield opened
    finally:
        opened.engines.dispose()


def _database(settings: Settings) -> Checked:
    try:
        with _opened(settings) as opened, opened.engines.transactions.connect() as connection:
            says = str(connection.exec_driver_sql("SHOW server_version").scalar())
            unbound = connection.exec_driver_sql(SEES_EVERYTHING).scalar()
            return Checked("PostgreSQL", "on", f"{says}; {UNGUARDED}" if unbound else says)
    except (NotReady, OperationalError) as error:
        return Checked("PostgreSQL", "failing", str(error))


def _providers(settings: Settings) -> list[Checked]:
    sandboxed = in_sandbox(settings)
    return [
        Checked(part.name, "sandbox" if part.state == "on" and part.name in sandboxed else part.state, part.says)
        for part in check_providers(Providers(settings))
    ]


def _model_calls(settings: Settings) -> Checked:
    """What came of the last calls, as the workers keep it; and how many there may be today."""
    chain = models(settings.llm_model or "")
    if not chain:
        return Checked("Model calls", "off", "off: no model is asked")
    try:
        with database(settings).only_store().begin() as tx:
            asked = model_calls.asked_today(tx.session, tx.organization, now=tx.now)
            failing = [f"{each.says} ({each.reason})" for each in model_calls.failing(tx.session, chain)]
    except (NotReady, OperationalError):
        return Checked("Model calls", "off", "nobody knows while PostgreSQL is away")
    except (ProgrammingError, NoResultFound):
        return Checked("Model calls", "off", "the tables are not made yet: python -m app prepare")
    return Checked("Model calls", "on", "; ".join([f"{asked} of {settings.llm_budget_a_day} today", *failing]))


def _on_call(settings: Settings) -> Checked:
    """Whether those whom a page is for can be called."""
    try:
        with _opened(settings) as opened, opened.only_store().begin() as tx:
            found, troubles = duty.expected(tx), duty.not_called(tx)
    except (NotReady, OperationalError):
        return Checked("On call", "off", "nobody knows while PostgreSQL is away")
    except (ProgrammingError, NoResultFound):
        return Checked("On call", "off", "the tables are not made yet: python -m app prepare")
    names = ", ".join(person.name for person in found if person.can_be_called)
    if not names:
        return Checked("On call", "failing", "; ".join(["nobody can be called", *troubles]))
    return Checked("On call", "on", "; ".join([names, *troubles]))


def _table_of_parts(checked: list[Checked]) -> Table:
    table = Table("part", "state", "says", title="Parts", title_justify="left")
    for part in checked:
        colour = COLOURS[part.state]
        table.add_row(part.name, f"[{colour}]{part.state}[/{colour}]", part.says)
    return table
