"""Finds providers that a person configured by halves, which would fail only when somebody must be paged."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from app.providers import LOOPBACK, MODEL, PROVIDERS, Provider

KEY_OF_MODEL = {
    "groq": "groq_api_key",
    "openai": "openai_api_key",
    "ollama": None,
    "google_genai": "google_api_key",
}
_FORM = "must be PROVIDER:MODEL, or several with commas; PROVIDER is groq, openai, ollama or google_genai"


def models(setting: str) -> list[str]:
    """The models that `LLM_MODEL` names, the first to ask first."""
    return list(dict.fromkeys(name for each in setting.split(",") if (name := each.strip())))


def half_given(given: Mapping[str, str], sandbox_port: int) -> list[str]:
    """One sentence for each provider that cannot work; `given` has the settings that are not empty."""
    problems = []
    for provider in PROVIDERS:
        if not provider.goes_to_sandbox(given, sandbox_port):
            problems += _missing(provider, given) + _leaking(provider, given)
    return problems + _model(given)


def sandbox_token_without_sandbox(given: Mapping[str, str]) -> list[str]:
    """With `SANDBOX=0` a sandbox token and no address would go to the real provider."""
    return [
        f"{name.upper()} is the sandbox's, but SANDBOX is off: give a real one, or leave it empty."
        for provider in PROVIDERS
        if provider.address not in given
        for name in provider.sandbox_credentials(given)
    ]


def _missing(provider: Provider, given: Mapping[str, str]) -> list[str]:
    gaps = [[name for name in complete if name not in given] for complete in provider.complete]
    if any(not gap for gap in gaps):
        return []
    nearest = min(gaps, key=len)
    return [f"{provider.name} is configured by halves: {' and '.join(name.upper() for name in nearest)} missing."]


def _leaking(provider: Provider, given: Mapping[str, str]) -> list[str]:
    address = given.get(provider.address, "")
    credentials = provider.sandbox_credentials(given)
    if address and urlsplit(address).hostname not in LOOPBACK:
        return [
            f"{provider.address.upper()} is a real address, but {name.upper()} is the sandbox's."
            for name in credentials
        ]
    if not address and not provider.has_sandbox_token(given):
        token = str(provider.token).upper()
        return [f"{token} is a real one, but {name.upper()} is the sandbox's." for name in credentials]
    return []


def _model(given: Mapping[str, str]) -> list[str]:
    if "llm_model" not in given:
        return []
    chain = [name.partition(":") for name in models(given["llm_model"])]
    if not chain or any(kind not in KEY_OF_MODEL or not name for kind, _, name in chain):
        return [f"LLM_MODEL {_FORM}."]
    # The first one's address may be that of a server of one's own, which asks for no key.
    asked = chain[1:] if MODEL.address in given else chain
    keys = [key for kind, *_ in asked if (key := KEY_OF_MODEL[kind]) is not None and key not in given]
    return (
        [f"Model is configured by halves: {' and '.join(key.upper() for key in dict.fromkeys(keys))} missing."]
        if keys
        else []
    )
