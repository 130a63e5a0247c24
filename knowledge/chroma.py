"""The memory in a Chroma server: a collection for each organization, searched by cosine."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple
from functools import lru_cache, partial
from hashlib import sha256
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.api.fastapi import FastAPI
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings, System
from chromadb.errors import ChromaError, NotFoundError

from incidents.errors import PermanentError, TemporaryError
from incidents.ports import Lesson, Neighbour
from knowledge.embedding import Embedder
from knowledge.redact import redact, redacted

PATIENCE = 2.5
"""Seconds to wait for an answer."""
_BATCH = 200
HOW: CreateCollectionConfiguration = {"hnsw": {"space": "cosine", "ef_search": 200}, "embedding_function": None}
_WORDINGS = 2
"""Asked for more than is wanted, as several wordings of one entry may be near."""
_SAME = 0.01
"""An entry's distance to itself, with room for what an approximate search and rounding do."""

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class ChromaMemory:
    """Connects when it is first asked. May be used by several threads."""

    def __init__(self, url: str, embedder: Embedder) -> None:
        self._url = url
        self._embedder = embedder
        # Organizations are given the same seeds one after the other.
        self._embed = lru_cache(maxsize=4)(embedder.embed)
        self._connecting = Lock()
        self._server: FastAPI | None = None
        self._collections: dict[UUID, Collection] = {}

    def nearest(self, organization: UUID, text: str, *, limit: int) -> Sequence[Neighbour]:
        vector = self._embedder.embed([redact(text)])
        found = self._if_any(
            organization,
            lambda collection: collection.query(
                query_embeddings=vector, n_results=_WORDINGS * limit, include=["metadatas", "distances"]
            ),
        )
        if found is None:
            return []
        metadatas, distances = found["metadatas"] or [[]], found["distances"] or [[]]
        nearest: dict[str, Neighbour] = {}
        for source, metadata, distance in zip(found["ids"][0], metadatas[0], distances[0], strict=True):
            entry = source.partition("#")[0]
            nearest.setdefault(entry, _neighbour(entry, dict(metadata), distance))
        return list(nearest.values())[:limit]

    def remember(self, organization: UUID, lessons: Sequence[Lesson]) -> None:
        """What is remembered in the same words already is passed over, so that teaching it again costs little."""
        latest = list({lesson.source: redacted(lesson) for lesson in lessons}.values())
        for start in range(0, len(latest), _BATCH):
            self._remember_batch(organization, latest[start : start + _BATCH])

    def _remember_batch(self, organization: UUID, lessons: Sequence[Lesson]) -> None:
        sources = [lesson.source for lesson in lessons]
        kept = self._in(organization, lambda collection: collection.get(ids=sources, include=["metadatas"]))
        fingerprints = {
            source: metadata.get("fingerprint")
            for source, metadata in zip(kept["ids"], kept["metadatas"] or [], strict=True)
        }
        new = [lesson for lesson in lessons if fingerprints.get(lesson.source) != self._fingerprint(lesson)]
        if not new:
            return
        vectors = self._embed(tuple(f"{lesson.title}\n{lesson.text}" for lesson in new))
        # A key that is set to None goes; one that is left out would keep its earlier value.
        metadatas: list[Any] = [
            {
                "title": lesson.title,
                "category": lesson.category,
                "taught_by": lesson.taught_by,
                "helped": lesson.helped,
                "number": lesson.number,
                "fingerprint": self._fingerprint(lesson),
            }
            for lesson in new
        ]
        self._in(
            organization,
            lambda collection: collection.upsert(
                ids=[lesson.source for lesson in new],
                embeddings=vectors,
                metadatas=metadatas,
                documents=[lesson.text for lesson in new],
            ),
        )

    def forget(self, organization: UUID, sources: Sequence[str]) -> None:
        for start in range(0, len(sources), _BATCH):
            batch = list(sources[start : start + _BATCH])
            self._if_any(organization, partial(Collection.delete, ids=batch))

    def holds(self, organization: UUID, some: Sequence[Lesson], *, at_least: int) -> bool:
        self.check()  # Who is away is not damaged.
        self._collections.pop(organization, None)  # Another process may have made it anew, and otherwise.
        try:
            return bool(self._if_any(organization, partial(self._is_whole, some=some, at_least=at_least)))
        except (TemporaryError, PermanentError) as error:
            if isinstance(error.__cause__, httpx.TransportError):
                raise
            _log.warning("the memory of %s does not answer right: %s", organization, error)
            return False

    def _is_whole(self, collection: Collection, *, some: Sequence[Lesson], at_least: int) -> bool:
        """In the right space, with enough entries; some are as they should be, and are found by their own vectors."""
        if collection.configuration_json.get("hnsw", {}).get("space") != "cosine" or collection.count() < at_least:
            return False
        wanted = {lesson.source: self._fingerprint(redacted(lesson)) for lesson in some}
        kept = collection.get(ids=list(wanted), include=["metadatas", "embeddings"])
        metadatas, vectors = kept["metadatas"] or [], kept["embeddings"]
        found = {source: each.get("fingerprint") for source, each in zip(kept["ids"], metadatas, strict=True)}
        if found != wanted or vectors is None:
            return False
        nearest = collection.query(query_embeddings=vectors, n_results=1, include=["distances"])["distances"] or []
        return len(nearest) == len(wanted) and all(each and each[0] < _SAME for each in nearest)

    def check(self) -> str:
        with _translate():
            self._connect().heartbeat()
        return f"Chroma at {self._url}"

    def drop(self, organization: UUID) -> None:
        self._collections.pop(organization, None)
        with _translate(), suppress(NotFoundError):
            self._connect().delete_collection(name=_name(organization))

    def close(self) -> None:
        """Ends the connections. The next call would make new ones."""
        with self._connecting:
            server, self._server = self._server, None
            self._collections.clear()
        if server is not None:
            server._session.close()  # noqa: SLF001  # Its own `stop` leaves the sockets open.

    def _fingerprint(self, lesson: Lesson) -> str:
        """Of the words and of the model that turned them into a vector."""
        return sha256(json.dumps([self._embedder.name, *astuple(lesson)]).encode()).hexdigest()

    def _in(self, organization: UUID, ask: Callable[[Collection], Answer]) -> Answer:
        with _translate():
            return self._ask(organization, ask, makes=True)

    def _if_any(self, organization: UUID, ask: Callable[[Collection], Answer]) -> Answer | None:
        """None when there is no collection: whoever only looks must not bring back one that was dropped."""
        with _translate(), suppress(NotFoundError):
            return self._ask(organization, ask, makes=False)
        return None

    def _ask(self, organization: UUID, ask: Callable[[Collection], Answer], *, makes: bool) -> Answer:
        try:
            return ask(self._collection(organization, makes=makes))
        except NotFoundError:
            # The server lost or replaced its data since we looked: ask for the collection anew, once.
            self._collections.pop(organization, None)
            return ask(self._collection(organization, makes=makes))

    def _collection(self, organization: UUID, *, makes: bool) -> Collection:
        from chromadb.api.models.Collection import Collection

        collection = self._collections.get(organization)
        if collection is None:
            server, name = self._connect(), _name(organization)
            model = (
                server.get_or_create_collection(name=name, configuration=HOW) if makes else server.get_collection(name)
            )
            collection = Collection(client=server, model=model, embedding_function=None)
            self._collections[organization] = collection
        return collection

    def _connect(self) -> FastAPI:
        with self._connecting:
            if self._server is None:
                self._server = _open(self._url)
            return self._server


def _name(organization: UUID) -> str:
    return f"org-{organization.hex}"


def _open(url: str) -> FastAPI:
    """What `chromadb.HttpClient` would give, but for two things: it asks the server nothing, and it has a time limit.

    `HttpClient` calls the server while it is built, without a limit, and offers no setting for one.
    """
    address = urlsplit(url)
    settings = Settings(
        chroma_api_impl="chromadb.api.fastapi.FastAPI",
        chroma_server_host=address.hostname,
        chroma_server_http_port=address.port or (443 if address.scheme == "https" else 80),
        chroma_server_ssl_enabled=address.scheme == "https",
        anonymized_telemetry=False,
    )
    server = System(settings).instance(FastAPI)
    server._session.timeout = httpx.Timeout(PATIENCE)  # noqa: SLF001  # There is no public way.
    return server


@contextmanager
def _translate() -> Iterator[None]:
    try:
        yield
    except httpx.TransportError as error:
        raise TemporaryError(f"Chroma does not answer: {type(error).__name__} {error}") from error
    except ChromaError as error:
        if error.code() >= 500 or error.code() == 429:
            raise TemporaryError(f"Chroma cannot do it now: {error}") from error
        raise PermanentError(f"Chroma refuses: {error}") from error
    except (ValueError, KeyError) as error:
        raise TemporaryError(f"Chroma's answer is not understood: {error}") from error
    except Exception as error:
        # The client raises a bare `Exception` for an answer that is no success and that it cannot name.
        if type(error) is not Exception:
            raise
        raise TemporaryError(f"Chroma cannot do it now: {error}") from error


def _neighbour(source: str, metadata: dict[str, Any], distance: float) -> Neighbour:
    return Neighbour(
        source=source,
        title=metadata["title"],
        category=metadata["category"],
        similarity=min(1.0, 1 - distance),
        helped=metadata.get("helped"),
        number=metadata.get("number"),
    )
