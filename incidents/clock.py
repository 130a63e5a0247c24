"""The store's clock: the machine's time plus an offset in the database, which every process reads.

The table `clock` has one row for the whole database, so that all organizations live at the same time; it and the
function `store_now()` are made in the first migration.
"""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session


def read(session: Session) -> datetime:
    now: datetime = session.execute(text("SELECT store_now()")).scalar_one()
    return now


def real(session: Session) -> datetime:
    """The machine's own time, for leases and for what providers are asked."""
    now: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now


def is_held(session: Session) -> bool:
    held: bool = session.execute(text("SELECT held_at IS NOT NULL FROM clock")).scalar_one()
    return held


def advance(session: Session, by: timedelta) -> datetime:
    """Move the clock forward, or back when `by` is negative. Gives the new time."""
    session.execute(text("UPDATE clock SET moved = moved + :by"), {"by": by})
    return read(session)


def hold(session: Session) -> datetime:
    """Stop the clock where it is; `advance` still moves it."""
    session.execute(text("UPDATE clock SET held_at = coalesce(held_at, clock_timestamp())"))
    return read(session)


def release(session: Session) -> datetime:
    """Let a held clock run on from where it stood."""
    session.execute(
        text(
            "UPDATE clock SET held_at = NULL,"
            " moved = moved + (coalesce(held_at, clock_timestamp()) - clock_timestamp())"
        )
    )
    return read(session)


def reset(session: Session) -> datetime:
    """Back to the machine's time."""
    session.execute(text("UPDATE clock SET moved = interval '0', held_at = NULL"))
    return read(session)
