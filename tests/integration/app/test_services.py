"""The embedded servers start, keep what they were given over a kill, and leave nothing behind."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE

import psycopg
import pytest
from redis import Redis as Client

from app.services.chroma import Chroma
from app.services.errors import ServiceError
from app.services.lock import AlreadyRunning, Lock
from app.services.ports import free_port, is_free, require_free
from app.services.postgres import Postgres
from app.services.record import end_leftovers
from app.services.redis import Redis, version
from app.services.service import running, start

SERVE = [sys.executable, str(Path(__file__).with_name("serve.py"))]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own, whose path grows with the test's name."""
    with tempfile.TemporaryDirectory(prefix="tocsin-test-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextmanager
def owner_of(folder: Path, services: int = 3, command: list[str] = SERVE) -> Iterator["subprocess.Popen[str]"]:
    """The helper program, ready."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    arguments = [str(folder), str(services)]
    with subprocess.Popen([*command, *arguments], stdin=PIPE, stdout=PIPE, text=True, env=environment) as process:
        assert process.stdout
        assert "ready\n" in iter(process.stdout.readline, "")
        yield process


def pids(folder: Path) -> list[int]:
    return [json.loads(record.read_text())["pid"] for record in (folder / "run").glob("*.json")]


def gone(processes: list[int], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while alive := [pid for pid in processes if Path(f"/proc/{pid}/exe").exists() and _not_dead(pid)]:
        if time.monotonic() > deadline:
            return not alive
        time.sleep(0.02)
    return True


def _not_dead(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def connect(postgres: Postgres) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(postgres.url.replace("+psycopg", ""), autocommit=True)


def test_postgres_is_a_real_one_without_a_port(postgres: Postgres) -> None:
    with connect(postgres) as connection:
        told = [
            connection.execute(f"SHOW {name}").fetchone()
            for name in ("server_encoding", "listen_addresses", "fsync", "timezone")
        ]
        lower = connection.execute("SELECT lower('ÄÉ'), current_user, usesuper FROM pg_user WHERE usename = 'tocsin'")
        assert told == [("UTF8",), ("",), ("on",), ("UTC",)]
        assert lower.fetchone() == ("äé", "tocsin", False)


def test_each_made_database_is_empty_and_of_its_own(make_database: Callable[[], str]) -> None:
    for url in (make_database(), make_database()):
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE only_here ()")


def test_redis_keeps_what_it_has_over_a_restart(folder: Path) -> None:
    redis = Redis(folder)
    with running([redis], data_dir=folder):
        with Client(unix_socket_path=redis.url.removeprefix("redis+socket://")) as client:
            client.rpush("queue", "job")
        assert version(redis.url)
    with (
        running([redis], data_dir=folder),
        Client(unix_socket_path=redis.url.removeprefix("redis+socket://")) as client,
    ):
        assert client.llen("queue") == 1


def test_chroma_keeps_its_port_unless_it_is_taken(folder: Path) -> None:
    first = Chroma(folder)
    with running([first], data_dir=folder), urllib.request.urlopen(f"{first.url}/api/v2/heartbeat") as answer:
        assert answer.status == 200
    second = Chroma(folder)
    second.program()
    assert second.url == first.url


def test_an_owner_that_ends_well_leaves_nothing(folder: Path) -> None:
    with owner_of(folder) as owner:
        servers = pids(folder)
        assert len(servers) == 3
        owner.communicate()
    assert gone(servers, seconds=0)
    assert pids(folder) == []


def test_it_runs_for_an_ordinary_user(folder: Path) -> None:
    """Who is root becomes one, and may but read what root may, since the checkout can lie under a closed folder."""
    folder.chmod(0o700)
    with owner_of(folder, services=2, command=[*_ordinary(folder), *SERVE]) as owner:
        assert {Path(f"/proc/{pid}").stat().st_uid for pid in pids(folder)} == {folder.stat().st_uid}
        owner.communicate()
    assert owner.returncode == 0


def _ordinary(folder: Path) -> list[str]:
    if os.getuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    become = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    read = "-all,+dac_read_search"
    return [*become, f"--inh-caps={read}", f"--ambient-caps={read}", "--securebits=+no_setuid_fixup"]


def test_it_runs_for_root_under_a_closed_folder(folder: Path) -> None:
    """For an ordinary user the folder is simply private."""
    folder.chmod(0o700)
    postgres = Postgres(folder / "closed" / "deep")
    (folder / "closed").chmod(0o700)
    with running([postgres], data_dir=folder / "closed" / "deep"), connect(postgres) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_killed_owner_takes_its_servers_along(folder: Path) -> None:
    with owner_of(folder) as owner:
        servers = pids(folder)
        owner.kill()
    assert gone(servers)


def test_after_a_kill_of_everything_it_starts_again_with_all_its_data(folder: Path) -> None:
    with owner_of(folder, services=2) as owner:
        with closing(connect(Postgres(folder))) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
        for pid in (owner.pid, *pids(folder)):
            os.kill(pid, signal.SIGKILL)
    again = Postgres(folder)
    with running([again, Redis(folder)], data_dir=folder), connect(again) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (42,)


def test_what_an_owner_left_behind_is_ended_by_the_next(folder: Path) -> None:
    left = start(Postgres(folder), data_dir=folder), start(Redis(folder), data_dir=folder)
    left_pids = pids(folder)
    assert sorted(end_leftovers(folder)) == ["postgres", "redis"]
    assert [process.wait(5) for process in left] == [True, True]
    assert gone(left_pids)
    with running([Postgres(folder)], data_dir=folder):
        assert left_pids[0] not in pids(folder)


def test_a_record_of_another_process_with_the_same_id_is_left_alone(folder: Path) -> None:
    record = folder / "run" / "postgres.json"
    record.parent.mkdir()
    record.write_text(json.dumps({"pid": os.getpid(), "born": "1", "stop_signal": int(signal.SIGKILL)}))
    assert end_leftovers(folder) == []
    assert not record.exists()


def test_a_process_id_that_was_given_to_somebody_else_does_not_keep_postgres_from_starting(folder: Path) -> None:
    with running([Postgres(folder)], data_dir=folder):
        lines = (folder / "postgres" / "data" / "postmaster.pid").read_text().splitlines()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (folder / "postgres" / "data" / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        with running([Postgres(folder)], data_dir=folder):
            pass
        stranger.kill()


def test_a_second_owner_is_refused_and_told_who_the_first_is(folder: Path) -> None:
    with Lock(folder), pytest.raises(AlreadyRunning, match=rf"process {os.getpid()}\)"), Lock(folder):
        pass


def test_a_data_folder_that_cannot_be_written_is_named() -> None:
    with pytest.raises(ServiceError, match="/proc/none cannot be written"), Lock(Path("/proc/none")):
        pass


def test_a_taken_port_is_told_with_its_setting() -> None:
    port = free_port()
    assert is_free(port)
    with subprocess.Popen(
        [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"], stderr=DEVNULL
    ) as server:
        while is_free(port):
            time.sleep(0.02)
        with pytest.raises(ServiceError, match=f"Port {port} is in use.*set SANDBOX_PORT"):
            require_free(port, "SANDBOX_PORT")
        server.kill()


@pytest.mark.parametrize("name", ["a b, ü", "x" * 90])
def test_a_folder_that_no_socket_path_can_take_has_its_socket_elsewhere(folder: Path, name: str) -> None:
    postgres, redis = Postgres(folder / name), Redis(folder / name)
    with running([postgres, redis], data_dir=folder / name), connect(postgres) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert version(redis.url)
    for elsewhere in (postgres._socket, redis._socket.parent):
        assert elsewhere.parent == Path(tempfile.gettempdir())
        assert elsewhere.stat().st_mode & 0o777 == 0o700
        shutil.rmtree(elsewhere)
