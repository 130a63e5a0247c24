"""The memory is made from SQL: told what is new, and made anew by itself when it is lost or damaged."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from sqlalchemy import text

from app import bootstrap
from app.services.chroma import Chroma
from app.services.service import running
from app.settings import Settings
from incidents import lessons, organizations, tenants
from incidents.errors import TemporaryError
from incidents.ports import Lesson, Question
from incidents.store import Database, Store
from incidents.words import Origin
from knowledge.chroma import ChromaMemory
from knowledge.embedding import Embedder
from knowledge.settling import keep, plant, rebuild, settle
from knowledge.triage import MemoryFirstTriager
from tasks.keeping import Keeping

POOL = Lesson("import:1", "Pool exhausted", "No connection left in the pool", "database", "import", "Restart it.", 17)
DISK = Lesson("import:2", "Disk full", "No space left on device", "storage", "import")


@pytest.fixture(scope="module")
def _database(make_database: Callable[[], str]) -> Iterator[Database]:
    settings = Settings(_env_file=None, database_url=make_database())
    bootstrap.migrate(settings)
    database = bootstrap.database(settings)
    with database.begin() as session:
        organizations.first(session, sandbox=True)
    yield database
    database.engines.dispose()


@pytest.fixture
def database(_database: Database) -> Database:
    with _database.begin() as session:
        session.execute(text("TRUNCATE lessons"))
    return _database


@pytest.fixture
def store(database: Database, memory: ChromaMemory) -> Store:
    store = database.only_store()
    memory.drop(store.organization)
    return store


def taught(store: Store, *some: Lesson, origin: Origin = Origin.IMPORT) -> None:
    with store.begin() as tx:
        lessons.follow(tx, origin, some)


def sources(memory: ChromaMemory, organization: UUID) -> set[str]:
    return {each.source for each in memory.nearest(organization, "No connection left in the pool", limit=500)}


def test_the_memory_is_told_what_is_new_once(store: Store, memory: ChromaMemory) -> None:
    taught(store, POOL, DISK)
    assert settle(store, memory) == 2
    assert settle(store, memory) == 0
    taught(store, POOL)
    assert settle(store, memory) == 1
    assert sources(memory, store.organization) == {POOL.source}


def _is_lost(memory: ChromaMemory, name: str) -> None:
    memory._connect().delete_collection(name)


def _is_empty(memory: ChromaMemory, name: str) -> None:
    _is_lost(memory, name)
    memory._connect().create_collection(name, configuration={"hnsw": {"space": "cosine"}, "embedding_function": None})


def _lacks_one(memory: ChromaMemory, name: str) -> None:
    collection = memory._connect().get_collection(name)
    memory._connect()._delete(collection.id, ids=[POOL.source])


def _has_another_space(memory: ChromaMemory, name: str) -> None:
    _made_otherwise(memory, name, {"hnsw": {"space": "l2"}, "embedding_function": None}, dimension=384)


def _has_another_dimension(memory: ChromaMemory, name: str) -> None:
    _made_otherwise(memory, name, {"hnsw": {"space": "cosine"}, "embedding_function": None}, dimension=3)


def _made_otherwise(memory: ChromaMemory, name: str, how: CreateCollectionConfiguration, *, dimension: int) -> None:
    server = memory._connect()
    server.delete_collection(name)
    made = server.create_collection(name, configuration=how)
    vectors: Any = np.eye(2, dimension)
    server._upsert(made.id, ids=[POOL.source, DISK.source], embeddings=vectors, metadatas=[{"title": "x"}] * 2)


@pytest.mark.parametrize("damage", [_is_lost, _is_empty, _lacks_one, _has_another_space, _has_another_dimension])
def test_a_damaged_collection_is_made_anew(
    damage: Callable[[ChromaMemory, str], None], store: Store, memory: ChromaMemory
) -> None:
    taught(store, POOL, DISK)
    assert keep(store, memory) == 2
    assert keep(store, memory) == 0
    damage(memory, f"org-{store.organization.hex}")
    assert keep(store, memory) == 2
    assert keep(store, memory) == 0
    first, second = memory.nearest(store.organization, "No connection left in the pool", limit=5)
    assert (first.source, first.helped, first.number, second.source) == (POOL.source, "Restart it.", 17, DISK.source)


def test_one_of_another_form_that_nobody_looked_at_is_made_anew(store: Store, memory: ChromaMemory) -> None:
    memory.remember(store.organization, [POOL])
    _has_another_dimension(memory, f"org-{store.organization.hex}")
    taught(store, POOL, DISK)
    assert keep(store, memory) == 2
    assert sources(memory, store.organization) == {POOL.source, DISK.source}


def test_the_servers_files_are_lost_and_triage_goes_on(
    store: Store, embedder: Embedder, database: Database, tmp_path: Path
) -> None:
    taught(store, POOL, DISK)
    server = Chroma(tmp_path)
    with running([server], data_dir=tmp_path), closing(ChromaMemory(server.url, embedder)) as memory:
        assert Keeping(database, memory).once() == 2
    question = Question(store.organization, "No connection left in the pool", categories=["database", "storage"])
    with closing(ChromaMemory(server.url, embedder)) as away:
        assert Keeping(database, away).once() == 0
        assert "could not be reached" in MemoryFirstTriager(away, None).triage(question).why
        with pytest.raises(TemporaryError):
            rebuild(store, away)
    port = (tmp_path / "chroma" / "port").read_text()
    shutil.rmtree(tmp_path / "chroma")
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "port").write_text(port)
    server = Chroma(tmp_path)
    with running([server], data_dir=tmp_path), closing(ChromaMemory(server.url, embedder)) as memory:
        assert MemoryFirstTriager(memory, None).triage(question).category in ("database", "storage")
        assert Keeping(database, memory).once() == 2
        assert MemoryFirstTriager(memory, None).triage(question).similar[0].source == POOL.source


def test_what_is_known_costs_a_look(
    store: Store, memory: ChromaMemory, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(store)
    settle(store, memory)
    with store.begin() as tx:
        lessons.doubt(tx)
    with monkeypatch.context() as never:
        never.setattr(embedder, "embed", lambda texts: pytest.fail(f"{len(texts)} texts are embedded again"))
        assert settle(store, memory) > 300


def test_each_organization_has_its_own(store: Store, memory: ChromaMemory, database: Database) -> None:
    with database.begin() as session:
        other = database.store(tenants.make(session, name="beside").id)
    taught(store, POOL)
    taught(other, DISK)
    assert Keeping(database, memory).once() == 2
    assert sources(memory, store.organization) == {POOL.source}
    rebuild(store, memory)
    assert sources(memory, other.organization) == {DISK.source}
