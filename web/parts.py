"""Which providers are on, off, or played by the sandbox, as the settings say; nobody is asked."""

from app.providers import PROVIDERS
from app.resolve import in_sandbox
from app.settings import Settings

ON, OFF, SANDBOX, FAILING = "on", "off", "sandbox", "failing"


def providers(settings: Settings) -> dict[str, str]:
    """`slack`, `twilio`, `jira`, `mail`, `speech`, `model` and `memory`, each with its state."""
    given, played = settings.given(), in_sandbox(settings)
    states = {}
    for provider in PROVIDERS:
        complete = any(all(name in given for name in names) for names in provider.complete)
        states[provider.name.lower()] = (SANDBOX if provider.name in played else ON) if complete else OFF
    return {**states, "memory": ON if settings.chroma_url is not None else OFF}
