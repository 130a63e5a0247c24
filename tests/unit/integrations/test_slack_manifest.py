"""The manifest is up to date, and asks for what is used and for nothing else."""

import ast
from pathlib import Path

import pytest
import yaml

from incidents.errors import PermanentError
from integrations.slack_manifest import EVENTS, METHODS, SCOPES, manifest, missing

ROOT = Path(__file__).parents[3]
EXAMPLE = "https://tocsin.example.com"
CALLERS = [ROOT / "integrations" / "slack.py", *sorted((ROOT / "bot").glob("*.py"))]


def called_methods(source: Path) -> set[str]:
    """The Web API methods that a file names as slack_sdk does: `chat_postMessage` on something called `client`."""
    named = {method.replace(".", "_"): method for method in METHODS}
    found = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute | ast.Name):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id
            if owner in ("_client", "client"):
                assert node.attr in named, f"{source.name} calls {node.attr}, which is not in METHODS"
                found.add(named[node.attr])
    return found


def test_the_committed_manifest_is_the_generated_one() -> None:
    assert (ROOT / "manifest.yml").read_text(encoding="utf-8") == manifest(EXAMPLE)


def test_every_method_that_is_called_is_in_the_table_with_its_scope() -> None:
    called = set().union(*(called_methods(source) for source in CALLERS))
    asked_for = {scope.name for scope in SCOPES}
    assert "chat.postMessage" in called
    assert {METHODS[method] for method in called if METHODS[method]} <= asked_for


def test_every_event_has_its_scope() -> None:
    assert set(EVENTS.values()) <= {scope.name for scope in SCOPES}


def test_no_scope_is_asked_for_without_a_use() -> None:
    used = {scope for scope in METHODS.values() if scope} | set(EVENTS.values()) | {"commands"}
    assert {scope.name for scope in SCOPES} == used


def test_the_manifest_is_yaml_with_our_addresses_and_socket_mode_off() -> None:
    parsed = yaml.safe_load(manifest(EXAMPLE))
    address = f"{EXAMPLE}/slack/events"
    (command,) = parsed["features"]["slash_commands"]
    assert (command["command"], command["url"]) == ("/incident", address)
    assert parsed["settings"]["interactivity"] == {"is_enabled": True, "request_url": address}
    assert parsed["settings"]["event_subscriptions"] == {"request_url": address, "bot_events": list(EVENTS)}
    assert parsed["settings"]["socket_mode_enabled"] is False


def test_optional_scopes_are_some_of_those_asked_for() -> None:
    scopes = yaml.safe_load(manifest(EXAMPLE))["oauth_config"]["scopes"]
    assert set(scopes["bot_optional"]) < set(scopes["bot"])
    assert {"commands", "chat:write", "reactions:read", "users:read"}.isdisjoint(scopes["bot_optional"])


def test_an_address_without_https_is_refused() -> None:
    with pytest.raises(PermanentError, match="PUBLIC_URL"):
        manifest("http://tocsin.example.com")


def test_what_is_missing_is_named_with_its_purpose() -> None:
    granted = {scope.name for scope in SCOPES} - {"pins:write"}
    assert [scope.purpose for scope in missing(granted)] == ["pins the card in its channel"]
