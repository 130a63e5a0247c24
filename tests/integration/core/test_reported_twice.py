"""The story: two report one trouble in other words within a minute, one click merges it, one person is called."""

import json
from pathlib import Path

from bot import payloads
from bot.clicks import clicked
from bot.commands import Asked, Commands
from incidents.models import Incident
from incidents.people import SlackUser
from incidents.words import Severity, Status
from knowledge.comparing import EmbeddingComparer
from knowledge.embedding import Embedder
from tests.core_fakes import judged
from tests.integration.core.world import World
from tests.play import Json

BEA = "U0BEA"


def declares(world: World, text: str, *, trigger: str) -> str:
    asked = Asked(trigger=trigger, user=SlackUser("U0CY", "cy"), channel="C0GENERAL", text=text)
    return Commands(world.store, hotline=None).run(asked).message.text


def button(world: World, channel: str, label: str) -> Json:
    """The button of that name in the last message of the channel that has one, as Slack sends it back."""
    for post in reversed([post for post in world.chat.posts if post.channel == channel]):
        for block in post.message.blocks:
            for element in block.get("elements", []):
                if element.get("type") == "button" and element["text"]["text"] == label:
                    return {**element, "block_id": block["block_id"]}
    raise AssertionError(f"no button {label!r} in {channel}")


def clicks(world: World, action: Json, *, user: str) -> str | None:
    body = {"trigger_id": f"t-{user}", "user": {"id": user, "username": "bea"}}
    return clicked(world.store, payloads.click(body, action))


def by_number(world: World, number: int) -> Incident:
    with world.store.begin() as tx:
        return tx.session.scalars(tx.select(Incident).where(Incident.number == number)).one()


def test_the_same_trouble_reported_twice_calls_one_person_once(world: World, tmp_path: Path) -> None:
    world.hold()
    world.providers.comparer = EmbeddingComparer(Embedder(tmp_path))
    world.triager.verdict = judged(severity=Severity.MEDIUM)

    assert "*#1*" in declares(world, "disk full on db-3", trigger="t1")
    world.run_due()
    world.pass_time(20)
    assert "*#2*" in declares(world, "Database db-3 is out of disk space", trigger="t2")
    world.run_due()
    assert "Already open: #1 in" in json.dumps([post.message.blocks for post in world.chat.posts[-6:]])

    same = button(world, "C0GENERAL", "Same as #1")
    assert clicks(world, same, user=BEA) == "<@U0BEA> merged #2 into #1. Undo: `/incident reopen 2`."
    world.pass_time(40)
    assert [call.to for call in world.phone.placed] == ["+12025550111"]
    assert len(world.calls(by_number(world, 1))) == 1

    first, second = by_number(world, 1), by_number(world, 2)
    assert (first.status, second.status, second.merged_into) == (Status.OPEN, Status.MERGED, 1)
    assert world.tickets.tickets[second.ticket_key or ""].done
    assert not world.tickets.tickets[first.ticket_key or ""].done
    assert " merged " in world.chat.topics[second.channel_id or ""]
    assert world.told(first).count("took_in") == 1

    assert clicks(world, same, user="U0CY") == "#2 was merged into #1 already."
    assert world.told(first).count("took_in") == 1
