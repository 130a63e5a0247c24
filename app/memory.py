"""`python -m app memory …`: what the memory was taught, taken back, made anew, and what it is worth."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from app.bootstrap import Providers, database, migrate
from app.settings import Settings
from incidents import lessons, organizations, tenants
from incidents.errors import IncidentError
from incidents.lessons import State
from incidents.models import LessonRow
from incidents.store import Store
from knowledge import replay, runbooks, settling
from knowledge.replay import Replayed

MOST_SHOWN = 20


@contextmanager
def opened(settings: Settings, organization: str | None) -> Iterator[Store]:
    """The store of the organization of that name or id; of the first when none is named. Raises: NotFound."""
    migrate(settings)
    found = database(settings)
    try:
        with found.begin() as session:
            id = organizations.first(session, sandbox=settings.sandbox, number=settings.twilio_number)
            if organization is not None:
                id = tenants.find(session, organization).id
        yield found.store(id)
    finally:
        found.engines.dispose()


def tell(store: Store, settings: Settings, *, anew: bool = False) -> int:
    """Tell the memory what is new in SQL, or everything, with a bar that grows. How many lessons it was told.

    Raises: as `knowledge.settling.settle`.
    """
    with store.begin() as tx:
        total = len(lessons.counting(tx)) if anew else lessons.how_many_unsettled(tx)
    with closing(Providers(settings).memory) as memory, Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("The memory learns", total=total)
        doing = settling.rebuild if anew else settling.settle
        return doing(store, memory, told=lambda some: progress.advance(task, some))


def rebuild(settings: Settings, organization: str | None) -> list[str]:
    with opened(settings, organization) as store:
        settling.plant(store)
        return [f"The memory was made anew: {tell(store, settings, anew=True)} lessons."]


def log(settings: Settings, organization: str | None, *, limit: int) -> list[str]:
    with opened(settings, organization) as store, store.begin() as tx:
        return [_line(row) for row in lessons.log(tx, limit=limit)] or ["Nothing was taught yet."]


def undo(
    settings: Settings, organization: str | None, *, source: str | None, by: str | None, since: str | None
) -> list[str]:
    """Raises: IncidentError, NotFound; TemporaryError when SQL has it and the memory is away."""
    if (source is None) == (by is None):
        raise IncidentError("Say what to take back: a SOURCE as `memory log` shows it, or --by PERSON.")
    with opened(settings, organization) as store:
        with store.begin() as tx:
            if source is not None:
                gone = lessons.undo(tx, source, by="command line")
            else:
                gone = lessons.undo_all(tx, taught_by=by or "", since=moment(since), by="command line")
        _tell_of(store, settings, gone)
        return [
            *gone[:MOST_SHOWN],
            f"{len(gone)} taken back. `python -m app memory restore SOURCE` lets one count again.",
        ]


def restore(settings: Settings, organization: str | None, source: str) -> list[str]:
    with opened(settings, organization) as store:
        with store.begin() as tx:
            back = lessons.restore(tx, source)
        _tell_of(store, settings, back)
        return [f"{len(back)} restored."]


def follow_runbooks(settings: Settings, organization: str | None, folder: Path) -> list[str]:
    with opened(settings, organization) as store:
        changed = runbooks.follow(store, folder)
        tell(store, settings)
        return [f"{changed} lessons are new, changed or gone."]


def replayed(settings: Settings, organization: str | None, *, since: str | None) -> list[str]:
    with opened(settings, organization) as store, Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Incidents once more", total=None)
        embedder = Providers(settings).embedder
        found = replay.replay(store, embedder, since=moment(since), told=lambda: progress.advance(task))
    if not found:
        return ["No incident was resolved or corrected, so nothing says what is right."]
    before, after = replay.shares(found)
    other = [each for each in found if each.without != each.with_corrections]
    more = [f"… and {len(other) - MOST_SHOWN} more"] if len(other) > MOST_SHOWN else []
    return [
        f"without corrections: {before}",
        f"with corrections:    {after}",
        f"{len(other)} incidents are answered otherwise:",
        *(_otherwise(each) for each in other[:MOST_SHOWN]),
        *more,
    ]


def moment(text: str | None) -> datetime | None:
    """Raises: IncidentError."""
    try:
        at = None if text is None else datetime.fromisoformat(text)
    except ValueError as error:
        raise IncidentError(f"{text!r} is no time like 2026-03-02 or 2026-03-02T14:30:00.") from error
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def _tell_of(store: Store, settings: Settings, sources: Sequence[str]) -> None:
    with closing(Providers(settings).memory) as memory:
        settling.settle(store, memory, sources=sources)


def _otherwise(each: Replayed) -> str:
    return f"  #{each.number} {each.title[:60]}: {each.without} → {each.with_corrections} (it is {each.truth})"


def _line(row: LessonRow) -> str:
    by = "" if row.taught_by == row.origin else f" by {row.taught_by}"
    via = f" ({row.via})" if row.via else ""
    return f"{row.at:%Y-%m-%d %H:%M}  {row.source}  {row.category or '–'}  {row.origin}{by}{via}  {_state(row)}"


def _state(row: LessonRow) -> str:
    state = lessons.state(row)
    if state is State.UNDONE:
        return f"taken back by {row.undone_by}"
    if row.proposed is not None and state is not State.WITHDRAWN:
        return f"{row.proposed}, says {row.proposed_by}: waits for a second person"
    return state.value
