"""The processes of docker-compose.yml, started by hand: from the files of the image, with the same environment."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from app.services.postgres import Postgres, _programs
from app.services.redis import _binary
from knowledge.embedding_model import ensure_model
from tests.integration.compose import image
from tests.integration.compose.compose_file import ROOT, read, seconds
from tests.integration.compose.processes import Container, Place
from tests.integration.sandbox.running import sandbox_running
from tests.play import STARTS_WITHIN, eventually
from tests.ports import free_three

KEY = "made-up-admin-key"
PASSWORD = "made-up-password"
LASTING = ("web", "socket", "worker-page", "worker-triage", "worker-default", "sweep")
pytestmark = pytest.mark.timeout(240)  # The first test pays for starting everything, also on a busy machine.
SAYS_READY = tuple(name for name in LASTING if name != "web")


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Slack for the socket to connect to; for the product it is a real one at another address."""
    folder = tmp_path_factory.mktemp("slack")
    with sandbox_running("http://127.0.0.1:9", folder / "ledger.jsonl", ["--socket-mode"]) as sandbox:
        yield f"{sandbox.address}/slack/api"


@pytest.fixture(scope="module")
def services(slack: str) -> dict[str, Any]:
    given = {
        "PUBLIC_URL": "https://tocsin.example.com",
        "ADMIN_API_KEY": KEY,
        "POSTGRES_PASSWORD": PASSWORD,
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_APP_TOKEN": "xapp-sandbox",
        "SLACK_API_URL": slack,
    }
    return dict(read(given)["services"])


@pytest.fixture(scope="module")
def prepared_database(postgres: Postgres) -> str:
    """Made by the compose file's own SQL, under another name, since this server has a `tocsin` already."""
    sql = (ROOT / "deploy" / "postgres.sql").read_text().replace("tocsin", "composed")
    url = postgres.url.replace("postgresql+psycopg", "postgresql")
    superuser = url.replace("tocsin@/tocsin", "postgres@/postgres")
    command = [str(_programs() / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", superuser]
    subprocess.run(command, input=sql, env={"POSTGRES_PASSWORD": PASSWORD}, text=True, check=True)
    return url.replace("tocsin@/tocsin", "composed@/composed")


@pytest.fixture(scope="module")
def redis(services: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service's own command, on a port and in a folder of this machine."""
    folder, port = tmp_path_factory.mktemp("redis"), free_three()
    command = [_binary(), *(part.replace("/data", str(folder)) for part in services["redis"]["command"][1:])]
    with subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL) as process:
        yield f"127.0.0.1:{port}"
        process.terminate()
    assert list(folder.rglob("*.aof")), "it keeps no journal"


@pytest.fixture(scope="module")
def place(prepared_database: str, redis: str, chroma_url: str, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The image's files, and where its addresses and folders are here."""
    tree, data, port = tmp_path_factory.mktemp("image"), tmp_path_factory.mktemp("data"), free_three()
    for file in image.sent_files():
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, tree / file)
    ensure_model(data / "models")
    (data / "recordings").mkdir()
    places = {
        f"postgresql://tocsin:{PASSWORD}@postgres:5432/tocsin": prepared_database,
        "redis:6379": redis,
        "chroma:8000": urlsplit(chroma_url).netloc,
        "127.0.0.1:8080": f"127.0.0.1:{port}",
        "8080": str(port),
        "/var/lib/tocsin": str(data),
    }
    return Place(tree, places)


@pytest.fixture(scope="module")
def containers(
    services: dict[str, Any], place: Place, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Container]]:
    folder = tmp_path_factory.mktemp("containers")
    made = {name: Container(name, services[name], place, folder) for name in ("prepare", *LASTING)}
    assert made["prepare"].run() == 0, made["prepare"].says()
    try:
        for name in LASTING:
            made[name].start()
        yield made
    finally:
        for container in made.values():
            container.end()


@pytest.fixture(scope="module")
def http(place: Place) -> Iterator[httpx.Client]:
    address = f"http://{place.here('127.0.0.1:8080')}"
    with httpx.Client(base_url=address, headers={"X-API-Key": KEY}, trust_env=False, timeout=30) as client:
        yield client


def test_each_process_becomes_ready_and_its_health_check_says_so(
    containers: dict[str, Container], http: httpx.Client
) -> None:
    for name in SAYS_READY:
        eventually(containers[name].says_ready, within=STARTS_WITHIN, saying=f"{name} is not ready")
    for container in containers.values():
        if container.name in LASTING:
            eventually(container.is_well, within=STARTS_WITHIN, saying=f"{container.name} is not well")
    parts = http.get("/api/health").json()["parts"]
    assert (parts["database"], parts["slack"], parts["twilio"], parts["memory"]) == ("on", "on", "off", "on")


def test_a_report_is_accepted_and_triaged(containers: dict[str, Container], http: httpx.Client) -> None:
    report = {"id": "COMPOSED-1", "title": "Checkout returns 502 for everybody", "severity": "HIGH"}
    assert http.post("/api/v1/incidents", json=report).status_code == 202
    eventually(
        lambda: http.get("/api/v1/incidents/COMPOSED-1").json()["triage"] == "triaged",
        within=STARTS_WITHIN,
        saying=f"it was not triaged: {containers['worker-triage'].says()}",
    )


def test_a_process_that_does_nothing_any_more_is_not_well(containers: dict[str, Container]) -> None:
    beating = [containers[name] for name in SAYS_READY]
    with ExitStack() as all_stopped:
        for container in beating:
            all_stopped.enter_context(container.stopped())
            container.age(60)
        assert [container.name for container in beating if container.is_well()] == []
    for container in beating:
        eventually(container.is_well, within=STARTS_WITHIN, saying=f"{container.name} goes on and is not well")


def test_each_process_ends_in_the_time_that_it_has(containers: dict[str, Container], services: dict[str, Any]) -> None:
    began = time.monotonic()
    for name in LASTING:
        containers[name].ask_to_stop()
    for name in LASTING:
        left = began + seconds(services[name]["stop_grace_period"]) - time.monotonic()
        assert containers[name].ended(within=left) == 0, containers[name].says()
    assert not containers["web"].is_well()


def test_nothing_was_written_but_recordings(containers: dict[str, Container], place: Place) -> None:
    assert sorted(file.relative_to(place.tree) for file in place.tree.rglob("*") if file.is_file()) == sorted(
        image.sent_files()
    )
    assert {entry.name for entry in Path(place.here("/var/lib/tocsin")).iterdir()} == {"models", "recordings"}
