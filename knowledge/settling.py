"""Makes the memory agree with SQL, where everything that it is to know is kept; what is damaged is made anew."""

import logging
from collections.abc import Callable, Collection
from dataclasses import replace

from incidents import learning, lessons
from incidents.errors import PermanentError
from incidents.ports import Memory
from incidents.store import Store
from incidents.words import Origin
from knowledge.redact import redacted
from knowledge.seeds import load_seeds

_AT_ONCE = 200
_LOOKED_AT = 10
"""So many lessons are looked at to see whether the memory is whole."""

_log = logging.getLogger(__name__)

Told = Callable[[int], None]


class OrganizationRemoved(Exception):
    """It was removed meanwhile; its memory was dropped with it."""


def plant(store: Store) -> int:
    """SQL has the seeds, and what was confirmed before lessons were kept. How many lessons are new or gone."""
    with store.begin() as tx:
        changed = lessons.follow(tx, Origin.SEED, load_seeds())
    while found := _caught_up(store):
        changed += found
    return changed


def settle(store: Store, memory: Memory, *, sources: Collection[str] | None = None, told: Told = lambda _: None) -> int:
    """Tell the memory all that is new in SQL, or what is new of these sources. How many lessons that was.

    `told` hears of each batch. Raises: OrganizationRemoved; TemporaryError, PermanentError as `Memory.remember`.
    """
    organization, done = store.organization, 0
    while True:
        with store.begin() as tx:
            rows = lessons.unsettled(tx, limit=_AT_ONCE, sources=sources)
        if not rows:
            return done
        if gone := [row.source for row in rows if not lessons.counts(row)]:
            memory.forget(organization, gone)
        if wanted := [lessons.lesson_of(row) for row in rows if lessons.counts(row)]:
            memory.remember(organization, wanted)
        if store.is_gone():  # Removed meanwhile: it may have been dropped before this was remembered.
            memory.drop(organization)
            raise OrganizationRemoved(str(organization))
        with store.begin() as tx:
            lessons.settled(tx, rows)
        done += len(rows)
        told(len(rows))


def keep(store: Store, memory: Memory) -> int:
    """Look whether the memory is whole, make it anew when it is not, and tell it what is new. How many lessons it took.

    Raises: as `settle`.
    """
    with store.begin() as tx:
        before, some = lessons.agreed(tx), lessons.some_agreed(tx, limit=_LOOKED_AT)
    damaged = before.count > 0 and not memory.holds(store.organization, some, at_least=before.count)
    if damaged:
        with store.begin() as tx:
            damaged = lessons.agreed(tx) == before  # Else somebody was at it meanwhile.
    if damaged:
        return rebuild(store, memory)
    try:
        return settle(store, memory)
    except PermanentError:  # Nothing of it is known, so nothing could be looked at: it is there, and of a wrong form.
        return rebuild(store, memory)


def rebuild(store: Store, memory: Memory, *, told: Told = lambda _: None) -> int:
    """Drop what the memory knows of the organization, and tell it everything. Raises: as `settle`."""
    memory.drop(store.organization)
    with store.begin() as tx:
        count = lessons.doubt(tx)
    _log.warning("the memory of %s is made anew from %d lessons", store.organization, count)
    return settle(store, memory, told=told)


def _caught_up(store: Store) -> int:
    with store.begin() as tx:
        found = learning.catch_up(tx)
        lessons.teach(tx, [replace(each.taught, lesson=redacted(each.taught.lesson)) for each in found])
    return len(found)
