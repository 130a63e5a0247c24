"""Settings as the processes use them: what has no credentials goes to the sandbox, when there is one."""

from app.half_given import sandbox_token_without_sandbox
from app.providers import PROVIDERS
from app.settings import Settings, SettingsError


def load(*, sandbox: bool = False) -> Settings:
    """This process's settings, resolved. `sandbox` counts when `SANDBOX` itself is not given.

    Raises: SettingsError, with all that is wrong.
    """
    settings = Settings()
    if "sandbox" not in settings.model_fields_set:
        settings = settings.model_copy(update={"sandbox": sandbox})
    return with_sandbox(settings)


def with_sandbox(settings: Settings) -> Settings:
    """The settings with the sandbox's values for each provider that goes there; the same again when done twice.

    A provider is decided as a whole, so that no real token goes to the sandbox and no sandbox token to a provider.
    """
    given = settings.given()
    if not settings.sandbox:
        if problems := sandbox_token_without_sandbox(given):
            raise SettingsError(problems)
        return settings
    for provider in PROVIDERS:
        if provider.goes_to_sandbox(given, settings.sandbox_port):
            kept = {name: value for name, value in provider.also_in_sandbox.items() if given.get(name) == value}
            given = {name: value for name, value in given.items() if name not in provider.settings}
            given = {**given, **provider.sandbox(settings.sandbox_port), **kept}
    if "clock_adjustable" not in settings.model_fields_set:
        given["clock_adjustable"] = "1"
    return Settings.model_validate(_all_named(given))


def in_sandbox(settings: Settings) -> set[str]:
    """The names of the providers whose requests go to the sandbox."""
    if not settings.sandbox:
        return set()
    given = settings.given()
    return {provider.name for provider in PROVIDERS if provider.goes_to_sandbox(given, settings.sandbox_port)}


def _all_named(given: dict[str, str]) -> dict[str, str | None]:
    """Every setting by name, so that the environment is not asked again."""
    return {name: given.get(name) for name in Settings.model_fields}
