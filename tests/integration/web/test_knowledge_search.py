"""Knowledge search over a real Chroma: by meaning, and honest while the memory is away."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from app.bootstrap import Providers
from app.settings import Settings
from incidents.ports import Lesson
from incidents.store import Database
from knowledge.chroma import ChromaMemory
from tests.integration.web.conftest import KEY, settings_for
from web.application import create

Searching = Callable[[str], tuple[FlaskClient, ChromaMemory]]


@pytest.fixture
def searching(settings: Settings, database: Database) -> Iterator[Searching]:
    """An application whose memory is at that address, and the memory."""
    opened: list[ChromaMemory] = []

    def searching(chroma_url: str) -> tuple[FlaskClient, ChromaMemory]:
        found = settings_for(str(settings.database_url), chroma_url=chroma_url)
        providers = Providers(found)
        memory = providers.memory
        assert isinstance(memory, ChromaMemory)
        opened.append(memory)
        client = create(found, database, providers).test_client()
        client.environ_base["HTTP_X_API_KEY"] = KEY
        return client, memory

    yield searching
    for memory in opened:
        memory.close()


def test_what_is_alike_in_meaning_comes_first(searching: Searching, chroma_url: str, database: Database) -> None:
    client, memory = searching(chroma_url)
    memory.remember(
        database.only_store().organization,
        [
            Lesson("seed:disk", "Disk full", "no space left on device", "storage", "seed", helped="Delete old logs"),
            Lesson("seed:login", "Login fails", "users cannot sign in, wrong password", "access", "seed"),
        ],
    )
    answer = client.get("/api/knowledge/search?query=the disk has no space left&maxResults=1")
    assert answer.status_code == 200, answer.text
    (first,) = answer.get_json()["results"]
    assert (first["source"], first["category"], first["helped"]) == ("seed:disk", "storage", "Delete old logs")


def test_a_memory_that_is_away_is_temporarily_unavailable(
    searching: Searching,
) -> None:
    client, _ = searching("http://127.0.0.1:1")
    answer = client.get("/api/knowledge/search?query=disk")
    assert answer.status_code == 503
    assert answer.get_json()["detail"].startswith("Temporarily unavailable")
    assert "Retry-After" in answer.headers
