"""The outside providers as groups of settings: what belongs together, what is complete, what the sandbox goes by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Provider:
    """`complete` lists sets of settings of which one must be given whole; `address` says where the requests go."""

    name: str
    settings: tuple[str, ...]
    complete: tuple[tuple[str, ...], ...]
    address: str
    sandbox: Callable[[int], Mapping[str, str]]
    """The sandbox's values by the sandbox's port; settings of the provider that are not named become absent."""
    token: str | None = None
    """The credential whose sandbox value must not travel to anybody else."""
    does_not_choose: tuple[str, ...] = ()
    """Settings that may lie around in a person's environment without saying that the provider is wanted."""
    also_in_sandbox: Mapping[str, str] = field(default_factory=dict)
    """Sandbox values that are absent by default and kept when a person gives them."""

    def chosen(self, given: Mapping[str, str]) -> bool:
        """Did a person ask for this provider by giving any of its settings?"""
        return any(name in given for name in self.settings if name not in self.does_not_choose)

    def has_sandbox_token(self, given: Mapping[str, str]) -> bool:
        """The token decides; one of the others does where there is none."""
        if self.token is None:
            return False
        return self.token in self.sandbox_credentials(given) if self.token in given else self._has_another(given)

    def sandbox_credentials(self, given: Mapping[str, str]) -> list[str]:
        """The names of the settings that hold a token of the sandbox's."""
        known = {self.token: self.sandbox(0)[self.token], **self.also_in_sandbox} if self.token else {}
        return [name for name, value in known.items() if given.get(name) == value]

    def _has_another(self, given: Mapping[str, str]) -> bool:
        return any(given.get(name) == value for name, value in self.also_in_sandbox.items())

    def goes_to_sandbox(self, given: Mapping[str, str], port: int) -> bool:
        """By its address when there is one, else by its token. What nobody asked for goes there too."""
        if self.address in given:
            host, theirs = _place(given[self.address])
            return host in LOOPBACK and theirs == _place(self.sandbox(port)[self.address])[1]
        return not self.chosen(given) or self.has_sandbox_token(given)


def _place(address: str) -> tuple[str | None, int | None]:
    """Host and port; neither of what is no address, which is told elsewhere."""
    try:
        parts = urlsplit(address)
        return parts.hostname, parts.port
    except ValueError:
        return None, None


SLACK = Provider(
    name="Slack",
    settings=(
        "slack_bot_token",
        "slack_signing_secret",
        "slack_app_token",
        "slack_client_id",
        "slack_client_secret",
        "slack_api_url",
    ),
    complete=(
        ("slack_bot_token", "slack_signing_secret"),
        ("slack_bot_token", "slack_app_token"),
        ("slack_client_id", "slack_client_secret", "slack_signing_secret"),
    ),
    address="slack_api_url",
    token="slack_bot_token",
    sandbox=lambda port: {
        "slack_bot_token": "xoxb-sandbox",
        "slack_signing_secret": "sandbox-signing-secret",
        "slack_api_url": f"http://127.0.0.1:{port}/slack/api",
    },
    also_in_sandbox={"slack_app_token": "xapp-sandbox"},
)
TWILIO = Provider(
    name="Twilio",
    settings=("twilio_account_sid", "twilio_auth_token", "twilio_number", "twilio_api_url"),
    complete=(("twilio_account_sid", "twilio_auth_token", "twilio_number"),),
    address="twilio_api_url",
    token="twilio_auth_token",
    sandbox=lambda port: {
        "twilio_account_sid": "AC00000000000000000000000000000001",
        "twilio_auth_token": "sandbox-auth-token",
        "twilio_number": "+12025550100",
        "twilio_api_url": f"http://127.0.0.1:{port}/twilio",
    },
)
JIRA = Provider(
    name="Jira",
    settings=("jira_url", "jira_user", "jira_api_token", "jira_project", "jira_webhook_secret"),
    complete=(("jira_url", "jira_user", "jira_api_token", "jira_project"),),
    address="jira_url",
    token="jira_api_token",
    sandbox=lambda port: {
        "jira_url": f"http://127.0.0.1:{port}/jira",
        "jira_user": "sandbox@example.com",
        "jira_api_token": "sandbox-token",
        "jira_project": "OPS",
        "jira_webhook_secret": "sandbox-jira-secret",
    },
)
MAIL = Provider(
    name="Mail",
    settings=("smtp_url", "mail_from"),
    complete=(("smtp_url", "mail_from"),),
    address="smtp_url",
    sandbox=lambda port: {
        "smtp_url": f"smtp://sandbox:sandbox-mail-password@127.0.0.1:{port + 2}",
        "mail_from": "tocsin@example.com",
    },
)
SPEECH = Provider(
    name="Speech",
    settings=("speech_provider", "speech_api_endpoint", "google_application_credentials"),
    complete=(("speech_provider",), ("google_application_credentials",)),
    address="speech_api_endpoint",
    sandbox=lambda port: {"speech_provider": "google", "speech_api_endpoint": f"http://127.0.0.1:{port + 1}"},
)
MODEL = Provider(
    name="Model",
    settings=("llm_model", "llm_base_url", "groq_api_key", "openai_api_key", "google_api_key", "ollama_url"),
    complete=(("llm_model",),),
    address="llm_base_url",
    token="openai_api_key",
    does_not_choose=("groq_api_key", "openai_api_key", "google_api_key", "ollama_url"),
    sandbox=lambda port: {
        "llm_model": "openai:sandbox",
        "llm_base_url": f"http://127.0.0.1:{port}/llm/v1",
        "openai_api_key": "sandbox-model-key",
    },
)
PROVIDERS = (SLACK, TWILIO, JIRA, MAIL, SPEECH, MODEL)
