"""The processes that page load nothing of what triage needs: it cannot be what keeps them from calling."""

import json
import subprocess
import sys
from pathlib import Path

from incidents.terms import JobKind
from incidents.words import Severity
from tests.integration.core.world import World

ROOT = Path(__file__).parents[3]
HEAVY = {"chromadb", "langchain", "langchain_core", "langchain_openai", "onnxruntime", "tokenizers", "numpy", "openai"}
PAGES = """
import json, sys
import tasks.page_worker, tasks.sweep, tasks.worker
from app import bootstrap
from app.settings import Settings
from tasks.lookout import Lookout
from tasks.runner import Runner

settings = Settings(
    _env_file=None, database_url=sys.argv[1], data_dir=sys.argv[2], twilio_account_sid="AC" + 32 * "0",
    twilio_auth_token="x", twilio_number="+12025550100", twilio_api_url="http://127.0.0.1:1",
)
database = bootstrap.database(settings)
looking = Lookout(database, Runner(database, bootstrap.Providers(settings), settings), "page", threads=1)
begun = looking.once()
looking.finish()
print(json.dumps({"begun": begun, "loaded": sorted({name.partition(".")[0] for name in sys.modules})}))
"""


def test_a_page_is_tried_without_chroma_models_and_embeddings(world: World, core_url: str, tmp_path: Path) -> None:
    incident = world.reported(severity=Severity.HIGH)
    done = subprocess.run(
        [sys.executable, "-c", PAGES, core_url, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["begun"] == 1
    (attempt,) = world.attempts(world.job(incident, JobKind.PAGE, "1:0"))
    assert "Twilio" in (attempt.error or "")
    assert "twilio" in said["loaded"]
    assert HEAVY.isdisjoint(said["loaded"])
