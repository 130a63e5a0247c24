"""`python -m app backfill FILE.csv`: tickets of an earlier time become lessons, first in SQL and then in the memory."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from app.memory import opened, tell
from app.settings import Settings
from incidents import lessons
from incidents.errors import IncidentError
from knowledge import tickets
from knowledge.tickets import Reading

AT_ONCE = 500


def backfill(
    settings: Settings,
    file: Path,
    asked: Mapping[str, str | None],
    *,
    renamed: Sequence[str],
    organization: str | None,
    say: Callable[[str], object],
) -> int:
    """The exit code: 1 when nothing was taken in. Stopped and begun again, it goes on where it was.

    Raises: IncidentError; TemporaryError when SQL has it all and the memory is away.
    """
    which, names = tickets.columns(file, asked), _renamed(renamed)
    with opened(settings, organization) as store:
        told, new = Reading(), 0
        with store.begin() as tx:
            categories, now = list(tx.own.categories), tx.now
        found = tickets.read(file, which, categories=categories, renamed=names, now=now, told=told)
        while batch := list(islice(found, AT_ONCE)):
            with store.begin() as tx:
                new += lessons.teach(tx, batch)
        for line in tickets.advice(told, categories):
            say(line)
        left_out = len(told.bad) + told.unknown.total()
        say(f"{told.rows} rows: {new} new or changed, {told.folded} the same as another, {left_out} left out.")
        tell(store, settings)
    return int(told.rows == left_out)


def _renamed(pairs: Sequence[str]) -> dict[str, str]:
    renamed = {}
    for pair in pairs:
        old, equals, new = pair.rpartition("=")
        if not (old.strip() and equals and new.strip()):
            raise IncidentError(f"{pair!r} is not of the form OLD=NEW.")
        renamed[old.strip().lower()] = new.strip().lower()
    return renamed
