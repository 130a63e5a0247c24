"""Secrets travel over https, or stay on this machine."""

import pytest

from incidents.errors import PermanentError
from integrations.addresses import checked


@pytest.mark.parametrize(
    "url", ["https://jira.example.com/", "http://127.0.0.1:8090/jira", "http://localhost:1/", "http://[::1]:8/x/"]
)
def test_these_get_our_credentials(url: str) -> None:
    assert checked(url, setting="X") == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://jira.example.com",
        "http://127.0.0.1.evil.test",
        "ftp://127.0.0.1",
        "https://a:b@example.com",
        "nonsense",
        "",
    ],
)
def test_these_do_not(url: str) -> None:
    with pytest.raises(PermanentError, match="JIRA_URL"):
        checked(url, setting="JIRA_URL")
