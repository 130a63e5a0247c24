"""`python -m app memory` and `backfill` over a real PostgreSQL and a real Chroma."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app import bootstrap
from app import memory as verbs
from app.backfill import backfill
from app.settings import Settings
from incidents import lessons, organizations
from incidents.errors import IncidentError, TemporaryError
from incidents.models import Incident, Job
from incidents.store import Database
from knowledge.chroma import ChromaMemory
from knowledge.embedding import Embedder
from tests.integration.knowledge.learned import incident

TICKETS = """id,summary,group,fixed by
1,No connection left in the pool,db,Restarted the pooler
2,The disk is full,storage,
3,No connection left in the  pool,db,
4,Nobody can log in,weather,
5,,db,
6,DNS does not answer,network,
"""
ASKED = {"title": "summary", "category": "group", "resolution": "fixed by"}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def settings(make_database: Callable[[], str], chroma_url: str, data_dir: Path) -> Settings:
    return Settings(_env_file=None, database_url=make_database(), chroma_url=chroma_url, data_dir=data_dir)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    bootstrap.migrate(settings)
    database = bootstrap.database(settings)
    with database.begin() as session:
        organizations.first(session, sandbox=True)
    yield database
    database.engines.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.csv"
    path.write_text(TICKETS)
    return path


def take_in(settings: Settings, file: Path) -> tuple[int, list[str]]:
    said: list[str] = []
    code = backfill(settings, file, ASKED, renamed=["DB=database"], organization=None, say=said.append)
    return code, said


def test_tickets_of_an_earlier_time_are_lessons_and_nothing_more(
    settings: Settings, database: Database, file: Path, embedder: Embedder
) -> None:
    code, said = take_in(settings, file)
    assert code == 0
    assert said[0] == "line 6: it says nothing"
    assert "'weather' (1)" in said[1]
    assert said[-1] == "6 rows: 3 new or changed, 1 the same as another, 2 left out."
    store = database.only_store()
    with closing(ChromaMemory(str(settings.chroma_url), embedder)) as memory:
        first = memory.nearest(store.organization, "no connection left in the pool", limit=1)[0]
    assert (first.source, first.category, first.helped) == ("import:1", "database", "Restarted the pooler")
    with store.begin() as tx:
        assert tx.session.scalars(tx.select(Incident)).all() == []
        assert tx.session.scalars(tx.select(Job)).all() == []
    assert take_in(settings, file)[1][-1].startswith("6 rows: 0 new or changed")


def test_stopped_in_the_middle_it_goes_on_and_takes_nothing_twice(
    settings: Settings, database: Database, file: Path
) -> None:
    """SQL has it all when the memory is away; begun again, the memory is told."""
    away = settings.model_copy(update={"chroma_url": "http://127.0.0.1:1"})
    with pytest.raises(TemporaryError):
        take_in(away, file)
    with database.only_store().begin() as tx:
        assert lessons.how_many_unsettled(tx) == 3
    assert take_in(settings, file)[1][-1].startswith("6 rows: 0 new")
    with database.only_store().begin() as tx:
        assert (lessons.how_many_unsettled(tx), len(lessons.counting(tx))) == (0, 3)


def test_the_log_shows_what_is_taken_back_and_a_rebuild_leaves_it(
    settings: Settings, database: Database, file: Path
) -> None:
    take_in(settings, file)
    assert verbs.undo(settings, None, source="import:1", by=None, since=None)[0] == "import:1"
    shown = verbs.log(settings, None, limit=10)
    assert len(shown) == 3
    assert "import:1" in shown[2]
    assert "taken back by command line" in shown[2]
    assert "lessons" in verbs.rebuild(settings, None)[0]
    with closing(bootstrap.Providers(settings).memory) as memory:
        known = {each.source for each in memory.nearest(database.only_store().organization, "pool", limit=999)}
    assert {each for each in known if each.startswith("import:")} == {"import:2", "import:6"}
    assert verbs.restore(settings, None, "import:1") == ["1 restored."]
    assert len(verbs.undo(settings, None, source=None, by="import", since="2020-01-01")) == 4


def test_what_is_not_said_right_is_told(settings: Settings, database: Database) -> None:
    for source, by in ((None, None), ("import:1", "Ana")):
        with pytest.raises(IncidentError, match="Say what to take back"):
            verbs.undo(settings, None, source=source, by=by, since=None)
    with pytest.raises(IncidentError, match="no lesson"):
        verbs.undo(settings, None, source="import:1", by=None, since=None)
    with pytest.raises(IncidentError, match="no time like"):
        verbs.undo(settings, None, source=None, by="Ana", since="yesterday")
    with pytest.raises(IncidentError, match="no organization 'nobody'"):
        verbs.log(settings, "nobody", limit=1)


def test_runbooks_follow_their_folder(settings: Settings, database: Database, tmp_path: Path) -> None:
    page = tmp_path / "books" / "database" / "pool.md"
    page.parent.mkdir(parents=True)
    page.write_text("## Pool exhausted\nRestart the pooler.\n## Replica lags\nWait.\n")
    assert verbs.follow_runbooks(settings, None, page.parent.parent)[0].startswith("2 lessons")
    page.write_text("## Pool exhausted\nRaise its size.\n")
    bootstrap.prepare(settings.model_copy(update={"runbooks_dir": page.parent.parent}))
    with closing(bootstrap.Providers(settings).memory) as memory:
        found = memory.nearest(database.only_store().organization, "Pool exhausted", limit=999)
    assert {each.source: each.helped for each in found if each.source.startswith("runbook:")} == {
        "runbook:database.pool:pool-exhausted": "Raise its size."
    }
    page.write_text("no heading")
    bootstrap.prepare(settings.model_copy(update={"runbooks_dir": page.parent.parent}))
    with database.only_store().begin() as tx:
        assert "runbook:database.pool:pool-exhausted" in lessons.by_source(tx, ["runbook:database.pool:pool-exhausted"])


def test_history_once_more_shows_what_corrections_are_worth(settings: Settings, database: Database) -> None:
    assert verbs.replayed(settings, None, since=None) == [
        "No incident was resolved or corrected, so nothing says what is right."
    ]
    for _ in range(3):
        incident(database, "The till in the shop beeps and prints nothing", said="application", truth="third-party")
    shown = verbs.replayed(settings, None, since=None)
    assert shown[0].startswith("without corrections: 0 of 3 right (0.00 to 0.5")
    assert shown[1].startswith("with corrections:    2 of 3 right")
    assert "#2 The till" in shown[3]
    assert "application → third-party (it is third-party)" in shown[3]
    assert verbs.replayed(settings, None, since="2999-01-01")[0].startswith("No incident")
