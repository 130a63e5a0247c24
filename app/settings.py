"""The settings: one frozen object read from the environment and `.env`, with all its problems told at once."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field, ModelWrapValidatorHandler, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.half_given import half_given
from incidents.errors import IncidentError


class SettingsError(Exception):
    """`problems` has one sentence for each setting that a person has to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address like https://tocsin.example.com")
    return value.rstrip("/")


def _postgres(value: str) -> str:
    scheme, _, rest = value.partition("://")
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg") or not rest:
        raise ValueError("must be an address like postgresql://user:password@host:5432/database")
    return f"postgresql+psycopg://{rest}"


def _redis(value: str) -> str:
    scheme, _, rest = value.partition("://")
    if scheme not in ("redis", "rediss", "redis+socket") or not rest:
        raise ValueError("must be an address like redis://host:6379/0 or redis+socket:///path/redis.sock")
    return value


def _e164(value: str) -> str:
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", value):
        raise ValueError("must be a phone number with country code and digits only, like +12025550100")
    return value


def _header_safe(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[!-~]+", value.get_secret_value()):
        raise ValueError("must be printable ASCII without spaces, because it travels in a header")
    return value


def _mail_server(value: str) -> str:
    parts = urlsplit(value)
    beside = parts.path.strip("/") or parts.query or parts.fragment  # A password that is not quoted ends up there.
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or beside:
        raise ValueError("must be an address like smtp://user:password@host:587 or smtps://user:password@host:465")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("must have a password if it has a user, and a user if it has a password")
    if not re.fullmatch(r"[!-~]*", unquote(f"{parts.username or ''}{parts.password or ''}")):
        raise ValueError("must have a user and a password of printable ASCII without spaces")
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("must have a port from 1 to 65535") from None
    return value


def _sender(value: str) -> str:
    from incidents import mailing  # Only who sends mail waits for the library.

    try:
        return mailing.address(value)
    except IncidentError as error:
        raise ValueError("must be a plain e-mail address like tocsin@example.com") from error


def _channel_id(value: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]{5,}", value):
        raise ValueError(
            "must be a channel's id like C0123456789; in Slack it stands at the end of the channel's details"
        )
    return value


def _seconds(value: int) -> int:
    if not 1 <= value <= 3600:
        raise ValueError("must be 1 to 3600 seconds")
    return value


def _not_negative(value: int) -> int:
    if value < 0:
        raise ValueError("must be 0 or more")
    return value


def _price(value: float) -> float:
    if not 0 <= value <= 10_000:
        raise ValueError("must be 0 to 10000 cents")
    return value


Address = Annotated[str, AfterValidator(_address)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """An empty value counts as absent. `repr` hides secrets and leaves out addresses that may carry a password."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    port: Port = 8080
    listen_address: Literal["127.0.0.1", "0.0.0.0"] = "127.0.0.1"  # noqa: S104  # Only who asks for it gets it.
    sandbox_port: Port = 8090
    public_url: Address = Field(default_factory=lambda given: f"http://127.0.0.1:{given.get('port', 8080)}")
    data_dir: Path = Path(".data")
    alive_file: Path | None = None
    sandbox: bool = False
    clock_adjustable: bool = False
    admin_api_key: Annotated[SecretStr, AfterValidator(_header_safe)] | None = None

    database_url: Annotated[str, AfterValidator(_postgres)] | None = Field(default=None, repr=False)
    redis_url: Annotated[str, AfterValidator(_redis)] | None = Field(default=None, repr=False)
    chroma_url: Address | None = None

    admin_channel: Annotated[str, AfterValidator(_channel_id)] | None = None
    deadman_url: Address | None = Field(default=None, repr=False)
    deadman_every: Annotated[int, AfterValidator(_seconds)] = 60

    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: Address | None = None

    twilio_account_sid: str | None = None
    twilio_auth_token: SecretStr | None = None
    twilio_number: Annotated[str, AfterValidator(_e164)] | None = None
    twilio_api_url: Address | None = None

    jira_url: Address | None = None
    jira_user: str | None = None
    jira_api_token: SecretStr | None = None
    jira_project: str | None = None
    jira_webhook_secret: SecretStr | None = None

    smtp_url: Annotated[str, AfterValidator(_mail_server)] | None = Field(default=None, repr=False)
    mail_from: Annotated[str, AfterValidator(_sender)] | None = None

    speech_provider: Literal["google"] | None = None
    speech_api_endpoint: str | None = None
    google_application_credentials: Path | None = None

    runbooks_dir: Path | None = None

    llm_model: str | None = None
    llm_base_url: Address | None = None
    groq_api_key: SecretStr | None = None
    openai_api_key: SecretStr | None = None
    google_api_key: SecretStr | None = None
    ollama_url: Address | None = None
    llm_budget_a_day: Annotated[int, AfterValidator(_not_negative)] = 1000
    llm_price_per_call: Annotated[float, AfterValidator(_price)] | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _tell_all_problems(cls, raw: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        given = {name: _text(value) for name, value in dict(raw).items() if value not in (None, "")}
        port = given.get("sandbox_port", "8090")
        problems = half_given(given, int(port) if port.isdecimal() else 8090)
        try:
            settings = handler(raw)
        except ValidationError as error:
            raise SettingsError([_in_words(dict(detail)) for detail in error.errors()] + problems) from None
        if problems:
            raise SettingsError(problems)
        return settings

    def given(self) -> dict[str, str]:
        """The settings that are not absent, as texts, with the secrets in the clear."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: _text(value) for name, value in values.items() if value is not None}

    def secrets(self) -> list[str]:
        """The values that no log may show: every secret, and the passwords inside addresses."""
        values = [getattr(self, name) for name in type(self).model_fields]
        passwords = [urlsplit(value).password for value in values if isinstance(value, str) and "://" in value]
        return [value.get_secret_value() for value in values if isinstance(value, SecretStr)] + [
            form for password in passwords if password for form in (password, unquote(password))
        ]


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment for a child process: this one's, with every setting in it, absent ones as empty."""
    given = settings.given()
    return {**os.environ, **{name.upper(): given.get(name, "") for name in Settings.model_fields}}


def wants_colour(terminal: bool) -> bool:
    """Colours for a terminal, unless the person said no (https://no-color.org)."""
    return terminal and not os.environ.get("NO_COLOR")


def _text(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(int(value)) if isinstance(value, bool) else str(value)


def _in_words(detail: dict[str, Any]) -> str:
    name = str(detail["loc"][0]).upper() if detail["loc"] else "A setting"
    port = "must be a port from 1 to 65535"
    plain = {
        "int_parsing": "must be a whole number",
        "float_parsing": "must be a number, like 0.05",
        "bool_parsing": "must be 1 or 0",
        "literal_error": f"must be {detail.get('ctx', {}).get('expected')}",
        "greater_than_equal": port,
        "less_than_equal": port,
    }
    return f"{name} {plain.get(detail['type'], str(detail['msg']).removeprefix('Value error, '))}."
