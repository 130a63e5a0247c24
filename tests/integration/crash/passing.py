"""Time that passes for everybody: in the store, in leases, and in what the providers know."""

from datetime import timedelta

from incidents.models import Base
from tests.integration.core.world import World

LEASES = ("claimed_until", "rung_at")
REAL = [
    (table.name, column.name)
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if column.name in LEASES or column.name.endswith("_real")
]
"""What is kept in the machine's time, which no test can move: so it is moved back instead."""


def by(world: World, time: timedelta) -> None:
    back = f"interval '{time.total_seconds()} seconds'"
    moved = ";".join(f"UPDATE {table} SET {column} = {column} - {back}" for table, column in REAL)
    with world.database.begin() as session:
        session.connection().exec_driver_sql(f"UPDATE clock SET moved = moved + {back}; {moved}")
    for post in world.chat.posts:
        post.at -= time
    for call in world.phone.placed:
        call.at -= time
