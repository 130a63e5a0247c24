"""What providers need is imported when they are built, one at a time: two threads that import at once may break off."""

import subprocess
import sys
from pathlib import Path

BUILD_THEN_ASK = """
import sys
from pathlib import Path
from app.bootstrap import Providers, checks
from app.settings import Settings

nobody = "http://127.0.0.1:1"
providers = Providers(Settings(
    _env_file=None, data_dir=Path(sys.argv[1]), public_url=nobody, chroma_url=nobody,
    slack_bot_token="x", slack_signing_secret="x", slack_api_url=nobody + "/api",
    twilio_account_sid="AC" + "0" * 32, twilio_auth_token="x", twilio_number="+12025550100", twilio_api_url=nobody,
    jira_url=nobody, jira_user="x", jira_api_token="x", jira_project="OPS",
    smtp_url="smtp://127.0.0.1:1", mail_from="tocsin@example.com",
    speech_provider="google", speech_api_endpoint=nobody,
))
built = [providers.chat, providers.phone, providers.tickets, providers.mail, providers.speech]
built += [providers.memory]
assert None not in built
before = set(sys.modules)
assert {check().state for check in checks(providers).values()} == {"failing"}
print(*sorted(set(sys.modules) - before))
"""
SHARED = {"certifi", "google", "httpx", "opentelemetry", "requests", "urllib3"}
"""More than one provider's SDK imports these, or parts of them."""


def test_to_ask_a_provider_imports_nothing_that_another_imports_too(tmp_path: Path) -> None:
    run = [sys.executable, "-c", BUILD_THEN_ASK, str(tmp_path)]
    told = subprocess.run(run, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    late = told.stdout.split()
    assert [name for name in late if name.partition(".")[0] in SHARED] == []
