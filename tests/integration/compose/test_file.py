"""docker-compose.yml is what the schema allows, gives known settings, and lets no process do more than it needs."""

import re
import subprocess
import sys
from importlib.metadata import version
from typing import Any

import pytest

from app.settings import Settings
from incidents.terms import TERMS
from tests.integration.compose.compose_file import FILE, Missing, raw, read, seconds

GIVEN = {
    "PUBLIC_URL": "https://tocsin.example.com",
    "ADMIN_API_KEY": "made-up-key",
    "POSTGRES_PASSWORD": "made-up-password",
}
NOT_FOR_CONTAINERS = {"SANDBOX_PORT", "CLOCK_ADJUSTABLE"}
SERVERS = {"postgres", "redis", "chroma"}
SERVICES: dict[str, dict[str, Any]] = read(GIVEN)["services"]
PRODUCT = sorted(SERVICES.keys() - SERVERS)
RUNNING = sorted(SERVICES.keys() - {"prepare"})


def test_the_schema_of_the_compose_specification_allows_it() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", GIVEN)
def test_what_must_be_given_is_asked_for(name: str) -> None:
    with pytest.raises(Missing, match=rf"{name}: .*\.env"):
        read({**GIVEN, name: ""})


@pytest.mark.parametrize("name", PRODUCT)
def test_each_process_gets_each_setting_and_nothing_else(name: str) -> None:
    settings = {field.upper() for field in Settings.model_fields}
    assert raw()["services"][name]["environment"].keys() == settings - NOT_FOR_CONTAINERS


def test_without_credentials_all_providers_are_off(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    for name, value in SERVICES["web"]["environment"].items():
        monkeypatch.setenv(name, value)
    settings = Settings(_env_file=None)
    assert not settings.sandbox
    assert (settings.slack_bot_token, settings.twilio_account_sid, settings.jira_url, settings.llm_model) == (None,) * 4


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_container_is_held_short(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert {"cpus", "memory"} <= service["deploy"]["resources"]["limits"].keys()
    assert not service.get("privileged")


@pytest.mark.parametrize("name", RUNNING)
def test_each_lasting_container_comes_back_and_is_watched(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


def test_nothing_outside_reaches_the_servers() -> None:
    assert read(GIVEN)["networks"]["back"] == {"internal": True}
    for name in SERVERS:
        assert SERVICES[name]["networks"] == ["back"]
        assert "ports" not in SERVICES[name]
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["web"]
    assert SERVICES["web"]["ports"] == ["127.0.0.1:8080:8080"]


def test_a_page_waits_for_the_tables_and_for_nothing_else() -> None:
    for name in ("web", "worker-page", "sweep"):
        assert SERVICES[name]["depends_on"] == {"prepare": {"condition": "service_completed_successfully"}}
    needed = {name for name, how in SERVICES["prepare"]["depends_on"].items() if how.get("required", True)}
    assert needed == {"postgres"}


@pytest.mark.parametrize("queue", ["page", "triage", "default"])
def test_a_worker_may_finish_what_it_has_begun(queue: str) -> None:
    longest = max(terms.lease.total_seconds() for terms in TERMS.values() if terms.queue == queue)
    assert seconds(SERVICES[f"worker-{queue}"]["stop_grace_period"]) >= longest


def test_each_volume_is_used_and_each_used_one_is_there() -> None:
    mounts = [mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", ())]
    assert {mount for mount in mounts if re.fullmatch(r"\w+", mount)} == raw()["volumes"].keys()


def test_the_servers_are_pinned_and_chroma_is_the_one_that_its_client_is_for() -> None:
    assert SERVICES["chroma"]["image"] == f"chromadb/chroma:{version('chromadb')}"
    for name in SERVERS:
        assert re.search(r":\d+\.\d+", SERVICES[name]["image"])
