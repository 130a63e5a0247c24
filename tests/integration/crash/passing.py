"""Time that passes for everybody: in the store, in leases, and in what the providers know."""

from datetime import timedelta

from sqlalchemy import update

from incidents import clock
from incidents.models import Base
from tests.integration.core.world import World

LEASES = ("claimed_until", "rung_at")
REAL = {
    table: columns
    for table in Base.metadata.sorted_tables
    if (columns := [column for column in table.columns if column.name in LEASES or column.name.endswith("_real")])
}
"""What is kept in the machine's time, which no test can move: so it is moved back instead."""


def by(world: World, time: timedelta) -> None:
    with world.database.begin() as session:
        clock.advance(session, time)
        for table, columns in REAL.items():
            session.execute(update(table).values({column: column - time for column in columns}))
    for post in world.chat.posts:
        post.at -= time
    for call in world.phone.placed:
        call.at -= time
