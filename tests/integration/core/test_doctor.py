"""What `doctor` says of those on call: who is called, who is not and why, and what when nobody knows."""

import pytest
from sqlalchemy import text

from app.doctor import _on_call
from app.settings import Settings
from tests.integration.core.world import World


@pytest.mark.parametrize(
    ("change", "state", "says"),
    [
        ("", "on", "Bea, Cy"),
        (
            "UPDATE members SET phone_verified_at = NULL WHERE name = 'Bea'",
            "on",
            "Cy; Bea's number is not verified (POST /api/v1/members/…/phone/code)",
        ),
        (
            "UPDATE members SET phone = NULL",
            "failing",
            "nobody can be called; Bea has no phone number; Cy has no phone number",
        ),
        ("UPDATE members SET position = NULL", "failing", "nobody can be called"),
        (
            "DELETE FROM members; DELETE FROM projects; DELETE FROM organizations",
            "off",
            "the tables are not made yet: python -m app prepare",
        ),
    ],
)
def test_who_is_called_and_who_is_not(world: World, core_url: str, change: str, state: str, says: str) -> None:
    if change:
        with world.database.begin() as session:
            for statement in change.split("; "):
                session.execute(text(statement))
    found = _on_call(Settings(_env_file=None, database_url=core_url))
    assert (found.name, found.state, found.says) == ("On call", state, says)


def test_nobody_knows_while_the_database_is_away() -> None:
    away = Settings(_env_file=None, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert _on_call(away).state == "off"
