"""What a worker does while nobody can ring for it: it looks for itself."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from incidents import jobs
from incidents.terms import JobKind
from tests.integration.core.world import World
from tests.play import eventually

ROOT = Path(__file__).parents[3]
NOBODY = "redis://127.0.0.1:1/0"


@pytest.mark.parametrize(("queue", "kind"), [("default", JobKind.UPDATE_CHANNEL), ("triage", JobKind.LEARN)])
def test_a_celery_worker_does_its_jobs_while_redis_is_away(
    world: World, core_url: str, chroma_url: str, tmp_path: Path, queue: str, kind: JobKind
) -> None:
    incident = world.reported()
    world.act(incident, lambda tx, row: jobs.owe(tx, row, kind))
    own = {"DATABASE_URL": core_url, "REDIS_URL": NOBODY, "CHROMA_URL": chroma_url, "SANDBOX": "0"}
    worker = subprocess.Popen(
        [sys.executable, "-m", "tasks.worker", queue],
        cwd=ROOT,
        env={**os.environ, **own, "DATA_DIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        eventually(lambda: world.job(incident, kind).outcome == "done", within=60, saying=f"{kind} was not done")
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) in (0, -signal.SIGTERM)
