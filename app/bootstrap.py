"""The one place that chooses the classes: settings in, database and providers out. Nothing is built at import."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog
from alembic import command
from alembic.config import Config
from pydantic import SecretStr
from redis.exceptions import RedisError

from app.half_given import KEY_OF_MODEL, models
from app.services.redis import version
from app.settings import Settings
from incidents import organizations, tenants
from incidents.errors import IncidentError, PermanentError, TemporaryError
from incidents.ports import Chat, Comparer, Mail, Memory, Phone, Speech, Tickets, Triager
from incidents.store import PATIENCE, Bell, Database, Store, make_engines
from integrations.queue import BackgroundBell, CeleryDoorbell

if TYPE_CHECKING:
    from knowledge.chain import ModelChain
    from knowledge.embedding import Embedder

MIGRATIONS = Path(__file__).parent.parent / "migrations"
MODELS = "models"
PROVIDER_TIMEOUT = timedelta(seconds=5)
MAIL_TIMEOUT = timedelta(seconds=10)
"""For one answer; a letter takes twice that at most. Mail servers read a letter before they say that they have it."""
T = TypeVar("T")
_BUILDING = RLock()

log = structlog.get_logger(__name__)


Part = Chat | Phone | Tickets | Mail | Speech | Memory


class NotReady(Exception):
    """The product cannot start as it is set up; the text says what to do."""


def database(settings: Settings, *, bell: Bell | None = None, patience: timedelta = PATIENCE) -> Database:
    """A database of this process. With a bell, what becomes due rings after the commit."""
    if settings.database_url is None:
        raise NotReady("DATABASE_URL is not set. `python -m app up` starts a PostgreSQL of its own; else set it.")
    return Database(make_engines(settings.database_url, patience=patience), bell)


def doorbell(settings: Settings) -> CeleryDoorbell:
    if settings.redis_url is None:
        raise NotReady("REDIS_URL is not set. `python -m app up` starts a Redis of its own; else set it.")
    return CeleryDoorbell(settings.redis_url)


def ringing_database(settings: Settings, *, patience: timedelta = PATIENCE) -> Database:
    """The database of a process that accepts or does work: it rings from a thread of its own."""
    return database(settings, bell=BackgroundBell(doorbell(settings)), patience=patience)


class _built_alone(Generic[T]):  # noqa: N801  # It reads as a decorator.
    """Built when first asked for, and kept. One at a time in a process: to build one imports large libraries, and
    Python breaks off imports of two threads that wait for each other (`_DeadlockError`).
    """

    def __init__(self, build: Callable[[Any], T]) -> None:
        self._build = build

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, providers: "Providers", owner: type) -> T:
        with _BUILDING:
            if self._name not in vars(providers):
                vars(providers)[self._name] = self._build(providers)
        built: T = vars(providers)[self._name]
        return built


class Providers:
    """The outside, built when it is first needed. None is a provider that is off because it has no credentials."""

    def __init__(self, settings: Settings, database: Database | None = None) -> None:
        self._settings = settings
        self._database = database

    @_built_alone
    def chat(self) -> Chat | None:
        token = self._settings.slack_bot_token
        if token is None:
            return None
        from integrations.slack import SlackChat

        return SlackChat(_clear(token), base_url=self._settings.slack_api_url, timeout=PROVIDER_TIMEOUT)

    @_built_alone
    def phone(self) -> Phone | None:
        settings = self._settings
        if settings.twilio_account_sid is None or settings.twilio_auth_token is None or settings.twilio_number is None:
            return None
        from integrations.twilio import TwilioPhone

        return TwilioPhone(
            settings.twilio_account_sid,
            _clear(settings.twilio_auth_token),
            number=settings.twilio_number,
            api_url=settings.twilio_api_url,
            timeout=PROVIDER_TIMEOUT,
        )

    @_built_alone
    def mail(self) -> Mail | None:
        settings = self._settings
        if settings.smtp_url is None or settings.mail_from is None:
            return None
        from integrations.smtp import SmtpMail

        return SmtpMail(settings.smtp_url, sender=settings.mail_from, timeout=MAIL_TIMEOUT)

    @_built_alone
    def tickets(self) -> Tickets | None:
        settings = self._settings
        if not (settings.jira_url and settings.jira_user and settings.jira_api_token and settings.jira_project):
            return None
        from integrations.jira import JiraTickets

        return JiraTickets(
            settings.jira_url,
            settings.jira_user,
            _clear(settings.jira_api_token),
            project=settings.jira_project,
            timeout=PROVIDER_TIMEOUT,
        )

    @_built_alone
    def speech(self) -> Speech | None:
        settings = self._settings
        if settings.speech_provider is None and settings.google_application_credentials is None:
            return None
        from integrations.speech import GoogleSpeech

        credentials = settings.google_application_credentials
        return GoogleSpeech(
            endpoint=settings.speech_api_endpoint, credentials_file=str(credentials) if credentials else None
        )

    @_built_alone
    def memory(self) -> Memory:
        if self._settings.chroma_url is None:
            raise NotReady("CHROMA_URL is not set. `python -m app up` starts a Chroma of its own; else set it.")
        from knowledge.chroma import ChromaMemory

        return ChromaMemory(self._settings.chroma_url, self.embedder)

    @_built_alone
    def embedder(self) -> "Embedder":
        from knowledge.embedding import Embedder

        return Embedder(self._settings.data_dir / MODELS)

    @_built_alone
    def comparer(self) -> Comparer:
        from knowledge.comparing import EmbeddingComparer

        return EmbeddingComparer(self.embedder)

    @_built_alone
    def triager(self) -> Triager:
        from knowledge.triage import MemoryFirstTriager

        return MemoryFirstTriager(self.memory, self.model, secrets=self._settings.secrets())

    @_built_alone
    def model(self) -> "ModelChain | None":
        settings = self._settings
        if settings.llm_model is None:
            return None
        from knowledge.account import StoredAccount
        from knowledge.chain import ModelChain
        from knowledge.model import LangChainModel

        given = settings.given()
        names = models(settings.llm_model)
        addresses = {names[0]: settings.llm_base_url} if settings.llm_base_url else {}
        links = []
        for name in names:
            kind = name.partition(":")[0]
            address = addresses.get(name) or (settings.ollama_url if kind == "ollama" else None)
            links.append(LangChainModel(name, base_url=address, api_key=given.get(KEY_OF_MODEL[kind] or "")))
        account = StoredAccount(self._database or database(settings), budget=settings.llm_budget_a_day)
        return ModelChain(links, account)


class ForOthers(Providers):
    """As other organizations than the first have them: the Slack and the Jira of the settings are not theirs."""

    def __init__(self, settings: Settings, providers: Providers) -> None:
        super().__init__(settings)
        self._shared = providers

    @_built_alone
    def chat(self) -> Chat | None:
        return None

    @_built_alone
    def tickets(self) -> Tickets | None:
        return None

    @_built_alone
    def phone(self) -> Phone | None:
        return self._shared.phone

    @_built_alone
    def mail(self) -> Mail | None:
        return self._shared.mail

    @_built_alone
    def speech(self) -> Speech | None:
        return self._shared.speech

    @_built_alone
    def memory(self) -> Memory:
        return self._shared.memory

    @_built_alone
    def embedder(self) -> "Embedder":
        return self._shared.embedder

    @_built_alone
    def comparer(self) -> Comparer:
        return self._shared.comparer

    @_built_alone
    def triager(self) -> Triager:
        return self._shared.triager

    @_built_alone
    def model(self) -> "ModelChain | None":
        return self._shared.model


@dataclass(frozen=True, slots=True)
class Checked:
    """What `doctor` and health say of one part. `state` is `on`, `off` or `failing`."""

    name: str
    state: str
    says: str


def checks(providers: Providers) -> dict[str, Callable[[], Checked]]:
    """For each provider but the model: ask it who we are there."""
    parts: list[tuple[str, Callable[[], Part | None], str]] = [
        ("Slack", lambda: providers.chat, "set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET"),
        ("Twilio", lambda: providers.phone, "set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_NUMBER"),
        ("Jira", lambda: providers.tickets, "set JIRA_URL, JIRA_USER, JIRA_API_TOKEN and JIRA_PROJECT"),
        ("Mail", lambda: providers.mail, "set SMTP_URL and MAIL_FROM"),
        ("Speech", lambda: providers.speech, "set SPEECH_PROVIDER=google and GOOGLE_APPLICATION_CREDENTIALS"),
        ("Memory", lambda: providers.memory, "set CHROMA_URL"),
    ]
    return {name: partial(_check, name, build, mend) for name, build, mend in parts}


def check_providers(providers: Providers) -> list[Checked]:
    """Asks each provider who we are there."""
    return [*(check() for check in checks(providers).values()), _check_model(providers)]


def _check_model(providers: Providers) -> Checked:
    """Asking a model costs money, so it is only loaded."""
    try:
        if providers.model is None:
            return Checked("Model", "off", "off: set LLM_MODEL and its key; memory and rules decide alone")
        providers.model.prepare()
        names = ", then ".join(providers.model.names)
    except (PermanentError, NotReady) as error:
        return Checked("Model", "failing", str(error))
    return Checked("Model", "on", f"{names}: loaded, and not asked")


def _check(name: str, build: Callable[[], Part | None], mend: str) -> Checked:
    try:
        part = build()
        return Checked(name, "off", f"off: {mend}") if part is None else Checked(name, "on", part.check())
    except (TemporaryError, PermanentError, NotReady) as error:
        return Checked(name, "failing", str(error))


def check_redis(settings: Settings) -> Checked:
    try:
        return Checked("Redis", "on", version(settings.redis_url or ""))
    except (RedisError, OSError, ValueError) as error:
        return Checked("Redis", "failing", str(error))


def migrate(settings: Settings) -> None:
    """Bring the database's tables up to this version; safe to run from several processes at once."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engines = database(settings).engines
    try:
        with engines.transactions.begin() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7243)")
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engines.dispose()


def prepare(settings: Settings) -> None:
    """Everything that must be there before the first report: tables, the organization, what the memory starts with."""
    migrate(settings)
    opened = database(settings)
    with opened.begin() as session:
        organizations.first(session, sandbox=settings.sandbox, number=settings.twilio_number)
        if settings.sandbox:
            tenants.second(session)
        organizations.number_on(session)
        everybody = [each.id for each in tenants.all_of(session)]
    providers = Providers(settings)
    if settings.runbooks_dir is not None:
        _follow_runbooks(opened.only_store(), settings.runbooks_dir)
    for organization in everybody:
        plant(opened.store(organization), providers)
    if settings.chroma_url is not None:
        providers.memory.close()
    opened.engines.dispose()


def _follow_runbooks(store: Store, folder: Path) -> None:
    """What cannot be read is told, and keeps nothing from starting: what was read last counts."""
    from knowledge import runbooks

    try:
        runbooks.follow(store, folder)
    except IncidentError as error:
        log.error("runbooks_not_read", problems=str(error))  # noqa: TRY400  # Its traceback says no more.


def plant(store: Store, providers: Providers) -> None:
    """What every memory starts with, in SQL and then in the memory.

    Without a memory the product still works, by model and rules; so one that is away only earns a warning.
    """
    from knowledge import settling

    settling.plant(store)
    try:
        settling.settle(store, providers.memory)
    except (TemporaryError, PermanentError, NotReady) as error:
        log.warning("memory_not_told", reason=str(error), advice="the triage worker tells it when it is back")


def warm_up(providers: Providers) -> None:
    """Load what the first triage would wait for. What is away now is asked again when it is needed."""
    try:
        providers.embedder.embed(["Is everything loaded?"])
        if providers.model is not None:
            providers.model.prepare()
        providers.memory.check()
    except (TemporaryError, PermanentError) as error:
        log.warning("triage_not_warm", reason=str(error))
    _ = providers.triager


def _clear(secret: SecretStr) -> str:
    return secret.get_secret_value()
