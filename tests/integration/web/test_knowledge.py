"""What the memory was taught, over REST: listed page by page, taken back and restored."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app.bootstrap import Providers
from incidents import lessons
from incidents.errors import TemporaryError
from incidents.ports import Lesson
from incidents.store import Database
from incidents.words import Origin
from knowledge.settling import keep
from tests.core_fakes import FakeMemory
from tests.integration.web.conftest import Ask

THREE = [Lesson(f"import:{n}", f"Ticket {n}", "x", "database", "import", number=n) for n in (1, 2, 3)]


@pytest.fixture
def memory(database: Database, providers: Providers, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeMemory]:
    memory = FakeMemory()
    monkeypatch.setitem(vars(providers), "memory", memory)
    store = database.only_store()
    with store.begin() as tx:
        lessons.follow(tx, Origin.IMPORT, THREE)
    keep(store, memory)
    yield memory
    with store.begin() as tx:
        lessons.follow(tx, Origin.IMPORT, [])
        for each in THREE:
            lessons.restore(tx, each.source)


def test_listed_page_by_page_with_where_each_comes_from(ask: Ask, memory: FakeMemory) -> None:
    first = ask("GET", "knowledge?origin=import&limit=2")
    told = first["lessons"][0]
    assert (told["source"], told["origin"], told["taught_by"], told["state"]) == (
        "import:3", "import", "import", "counts",
    )  # fmt: skip
    second = ask("GET", f"knowledge?origin=import&limit=2&cursor={first['next_cursor']}")
    assert [each["source"] for each in second["lessons"]][:1] == ["import:1"]


def test_taken_back_and_restored(ask: Ask, memory: FakeMemory, database: Database) -> None:
    assert ask("DELETE", "knowledge/import:2") == {"source": "import:2", "changed": 1}
    assert ask("DELETE", "knowledge/import:2")["changed"] == 0
    assert {source for _, source in memory.lessons} == {"import:1", "import:3"}
    undone = [each for each in ask("GET", "knowledge?origin=import")["lessons"] if each["state"] == "undone"]
    assert [(each["source"], each["undone_by"]) for each in undone] == [("import:2", "API")]
    assert ask("POST", "knowledge/import:2/restore")["changed"] == 1
    assert {source for _, source in memory.lessons} == {"import:1", "import:2", "import:3"}


def test_while_the_memory_is_away_it_is_taken_back_all_the_same(
    ask: Ask, memory: FakeMemory, database: Database
) -> None:
    memory.fail(TemporaryError("Chroma does not answer"), method="forget")
    assert ask("DELETE", "knowledge/import:2")["changed"] == 1
    keep(database.only_store(), memory)
    assert {source for _, source in memory.lessons} == {"import:1", "import:3"}


def test_what_is_not_there_and_what_cannot_be(ask: Ask, client: FlaskClient) -> None:
    assert "GET /api/v1/knowledge" in ask("DELETE", "knowledge/import:nothing", status=404)["detail"]
    ask("POST", "knowledge/import:nothing/restore", status=404)
    for query in ("cursor=x", "cursor=0", "limit=0", "limit=9999", "origin=gossip", f"cursor={2**63}"):
        ask("GET", f"knowledge?{query}", status=422)
    assert client.delete("/api/v1/knowledge/%00%ff").status_code == 404
