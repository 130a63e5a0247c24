"""The memory keeps its contract on a real Chroma server, and fails as it may when there is none."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from incidents.errors import TemporaryError
from incidents.ports import Lesson
from knowledge.chroma import ChromaMemory
from knowledge.embedding import Embedder
from knowledge.seeds import load_seeds
from tests.integration.knowledge.openai_server import OpenAIServer

POOL = Lesson(
    source="incident:1",
    title="Pool exhausted",
    text="No connection left in the database pool",
    category="database",
    taught_by="Bea",
    helped="Restart the pooler.",
    number=17,
)
DNS = Lesson(source="incident:2", title="No names", text="DNS does not answer", category="network", taught_by="Bea")


def test_nothing_is_near_when_nothing_is_remembered(memory: ChromaMemory, organization: UUID) -> None:
    assert memory.nearest(organization, "disk full", limit=5) == []


def test_the_nearest_comes_first_with_all_that_is_known(memory: ChromaMemory, organization: UUID) -> None:
    memory.remember(organization, [DNS, POOL])
    first, second = memory.nearest(organization, "the database pool has no connection left", limit=5)
    assert (first.source, first.title, first.category) == ("incident:1", "Pool exhausted", "database")
    assert (first.helped, first.number) == ("Restart the pooler.", 17)
    assert (second.source, second.helped, second.number) == ("incident:2", None, None)
    assert first.similarity > second.similarity


def test_similarity_is_the_cosine(memory: ChromaMemory, organization: UUID, embedder: Embedder) -> None:
    memory.remember(organization, [DNS, POOL])
    query, *vectors = embedder.embed(["disk full", *(f"{lesson.title}\n{lesson.text}" for lesson in (DNS, POOL))])
    cosines = {lesson.source: float(query @ vector) for lesson, vector in zip((DNS, POOL), vectors, strict=True)}
    for neighbour in memory.nearest(organization, "disk full", limit=5):
        assert neighbour.similarity == pytest.approx(cosines[neighbour.source], abs=1e-4)


def test_the_limit_is_kept(memory: ChromaMemory, organization: UUID) -> None:
    memory.remember(organization, [DNS, POOL])
    assert len(memory.nearest(organization, "disk full", limit=1)) == 1


def test_a_later_lesson_replaces_the_earlier_one_whole(memory: ChromaMemory, organization: UUID) -> None:
    memory.remember(organization, [POOL])
    corrected = Lesson(
        source=POOL.source, title="Cart", text="The cart is empty", category="application", taught_by="Cy"
    )
    memory.remember(organization, [corrected])
    (only,) = memory.nearest(organization, "Cart\nThe cart is empty", limit=5)
    assert (only.title, only.category, only.helped, only.number) == ("Cart", "application", None, None)
    assert only.similarity == pytest.approx(1, abs=1e-4)


def test_the_last_of_one_source_in_one_call_counts(memory: ChromaMemory, organization: UUID) -> None:
    other = Lesson(source=POOL.source, title="Cart", text="empty", category="application", taught_by="Cy")
    memory.remember(organization, [POOL, other])
    assert [entry.title for entry in memory.nearest(organization, "cart", limit=5)] == ["Cart"]


def test_what_is_forgotten_is_gone_and_forgetting_twice_is_no_error(memory: ChromaMemory, organization: UUID) -> None:
    memory.remember(organization, [POOL])
    memory.forget(organization, [POOL.source])
    memory.forget(organization, [POOL.source])
    assert memory.nearest(organization, "pool", limit=5) == []


def test_organizations_do_not_see_each_other(memory: ChromaMemory, organization: UUID) -> None:
    memory.remember(organization, [POOL])
    assert memory.nearest(uuid4(), POOL.text, limit=5) == []


def test_what_an_organization_remembers_is_dropped_as_a_whole(memory: ChromaMemory, organization: UUID) -> None:
    other = uuid4()
    for each in (organization, other):
        memory.remember(each, [POOL])
    memory.drop(organization)
    memory.drop(organization)
    assert memory.nearest(organization, POOL.text, limit=5) == []
    assert [near.source for near in memory.nearest(other, POOL.text, limit=5)] == [POOL.source]


def test_no_secret_gets_in(memory: ChromaMemory, organization: UUID) -> None:
    secret = Lesson(
        source="incident:3",
        title="password: hunter22",
        text="mail ana@example.com",
        category="access",
        taught_by="Bea",
        helped="Bearer abc.def-123456",
    )
    memory.remember(organization, [secret])
    collection = memory._collection(organization, makes=False)
    kept = str(collection.get(include=["metadatas", "documents"]))
    for word in ("hunter22", "ana@example.com", "abc.def-123456"):
        assert word not in kept


def test_a_collection_that_was_lost_is_made_anew(memory: ChromaMemory, organization: UUID) -> None:
    memory.remember(organization, [POOL])
    memory._connect().delete_collection(f"org-{organization.hex}")
    assert memory.nearest(organization, "pool", limit=5) == []
    memory.remember(organization, [POOL])
    assert len(memory.nearest(organization, "pool", limit=5)) == 1


def test_seeds_are_planted_once(
    memory: ChromaMemory, chroma_url: str, embedder: Embedder, organization: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.remember(organization, load_seeds())
    with monkeypatch.context() as never:
        never.setattr(embedder, "embed", lambda texts: pytest.fail(f"{len(texts)} texts are embedded again"))
        with closing(ChromaMemory(chroma_url, embedder)) as after_a_restart:
            after_a_restart.remember(organization, load_seeds())
    found = memory.nearest(organization, "Postgres: too many clients already", limit=500)
    assert [entry.source for entry in found if "#" in entry.source] == []
    assert len(found) == len({seed.title for seed in load_seeds()})
    assert found[0].source == "seed:postgresql-refuses-connections-too-many-clients"
    assert found[0].helped


def test_an_entry_in_two_wordings_is_found_once_by_the_nearer_one(memory: ChromaMemory, organization: UUID) -> None:
    other = replace(POOL, source=f"{POOL.source}#2", title="Till", text="Nobody can pay at the till")
    memory.remember(organization, [DNS, POOL, other])
    first, second = memory.nearest(organization, other.text, limit=2)
    assert (first.source, first.title, second.source) == (POOL.source, "Till", DNS.source)


def test_check_names_the_server(memory: ChromaMemory, chroma_url: str) -> None:
    assert chroma_url in memory.check()


CALLS: dict[str, Callable[[ChromaMemory], object]] = {
    "nearest": lambda memory: memory.nearest(UUID(int=1), "disk full", limit=5),
    "remember": lambda memory: memory.remember(UUID(int=1), [POOL]),
    "forget": lambda memory: memory.forget(UUID(int=1), ["incident:1"]),
    "check": lambda memory: memory.check(),
}


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Accepts, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.mark.parametrize("call", CALLS)
def test_a_server_that_is_down_is_a_temporary_error(call: str, embedder: Embedder, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    listener.close()
    down = ChromaMemory(f"http://127.0.0.1:{port}", embedder)
    with closing(down), pytest.raises(TemporaryError, match="does not answer"):
        CALLS[call](down)


@pytest.mark.parametrize("call", CALLS)
def test_a_silent_server_is_a_temporary_error_within_3_seconds(
    call: str, embedder: Embedder, listener: socket.socket
) -> None:
    embedder.embed(["The model is loaded before the time counts."])
    with closing(ChromaMemory(f"http://127.0.0.1:{listener.getsockname()[1]}", embedder)) as silent:
        started = time.perf_counter()
        with pytest.raises(TemporaryError, match="does not answer"):
            CALLS[call](silent)
        assert time.perf_counter() - started < 6


@pytest.mark.parametrize("body", ["<html>hello</html>", '{"unexpected": 1}'])
def test_a_server_that_is_no_chroma_is_a_temporary_error(body: str, embedder: Embedder, provider: OpenAIServer) -> None:
    provider.then_raw(body)
    stranger = ChromaMemory(provider.url.removesuffix("/v1"), embedder)
    with closing(stranger), pytest.raises(TemporaryError):
        stranger.nearest(UUID(int=1), "disk full", limit=5)


def test_a_closed_memory_connects_again(chroma_url: str, embedder: Embedder, organization: UUID) -> None:
    with closing(ChromaMemory(chroma_url, embedder)) as memory:
        memory.remember(organization, [POOL])
        memory.close()
        assert len(memory.nearest(organization, "pool", limit=5)) == 1


def test_whoever_only_looks_brings_back_nothing_that_was_dropped(memory: ChromaMemory, organization: UUID) -> None:
    memory.remember(organization, [POOL])
    memory.drop(organization)
    assert memory.nearest(organization, "pool", limit=5) == []
    memory.forget(organization, [POOL.source])
    assert f"org-{organization.hex}" not in [each.name for each in memory._connect().list_collections()]
