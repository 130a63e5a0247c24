"""Settings are read once, checked together, and decided per provider as a whole."""

import os
from pathlib import Path

import pytest

from app.resolve import in_sandbox, load, with_sandbox
from app.settings import Settings, SettingsError, environment_of

pytestmark = pytest.mark.usefixtures("bare")


def problems() -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(sandbox=True)
    return caught.value.problems


def test_nothing_is_needed() -> None:
    settings = load()
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.data_dir == Path(".data")
    assert not settings.sandbox
    assert not settings.clock_adjustable


def test_the_public_address_follows_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    assert load().public_url == "http://127.0.0.1:9000"


def test_an_empty_value_is_an_absent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    assert load().port == 8080
    assert load().slack_bot_token is None


def test_dot_env_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=9001\nSANDBOX_PORT=9002\nJIRA_URL=\n")
    monkeypatch.setenv("PORT", "9000")
    assert (load().port, load().sandbox_port) == (9000, 9002)


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PORT": "eighty",
        "SANDBOX_PORT": "70000",
        "SANDBOX": "perhaps",
        "PUBLIC_URL": "tocsin.example.com",
        "DATABASE_URL": "mysql://localhost/tocsin",
        "REDIS_URL": "localhost:6379",
        "ADMIN_API_KEY": "two words",
        "TWILIO_NUMBER": "0202 555 0100",
        "SLACK_BOT_TOKEN": "xoxb-real",
        "MAIL_FROM": "tocsin",
        "LLM_MODEL": "gpt",
    }.items():
        monkeypatch.setenv(name, value)
    assert problems() == [
        "PORT must be a whole number.",
        "SANDBOX_PORT must be a port from 1 to 65535.",
        "PUBLIC_URL must be an address like https://tocsin.example.com.",
        "SANDBOX must be 1 or 0.",
        "ADMIN_API_KEY must be printable ASCII without spaces, because it travels in a header.",
        "DATABASE_URL must be an address like postgresql://user:password@host:5432/database.",
        "REDIS_URL must be an address like redis://host:6379/0 or redis+socket:///path/redis.sock.",
        "TWILIO_NUMBER must be a phone number with country code and digits only, like +12025550100.",
        "MAIL_FROM must be a plain e-mail address like tocsin@example.com.",
        "Slack is configured by halves: SLACK_SIGNING_SECRET missing.",
        "Twilio is configured by halves: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN missing.",
        "Mail is configured by halves: SMTP_URL missing.",
        "LLM_MODEL must be PROVIDER:MODEL, or several with commas; PROVIDER is groq, openai, ollama or google_genai.",
    ]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mail.example.com:587", "an address like smtp://"),
        ("https://user:hush@mail.example.com", "an address like smtp://"),
        ("smtp://user:587#hush@mail.example.com", "an address like smtp://"),
        ("smtp://user@mail.example.com", "a password if it has a user"),
        ("smtp://:hush@mail.example.com:587/", "a user if it has a password"),
        ("smtp://user:hush%0D%0A@mail.example.com", "printable ASCII"),
        ("smtp://user:hüsh@mail.example.com", "printable ASCII"),
        ("smtp://user:hush@mail.example.com:587000", "a port from 1 to 65535"),
        ("smtp://user:hush@127.0.0.1:587000", "a port from 1 to 65535"),
    ],
)
def test_what_is_no_mail_server(monkeypatch: pytest.MonkeyPatch, address: str, says: str) -> None:
    monkeypatch.setenv("SMTP_URL", address)
    monkeypatch.setenv("MAIL_FROM", "tocsin@example.com")
    [problem] = problems()
    assert problem.startswith("SMTP_URL must ")
    assert says in problem
    assert "hush" not in problem


def test_a_mail_servers_password_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "smtps://user:hush%21@mail.example.com")
    monkeypatch.setenv("MAIL_FROM", "tocsin@Example.com")
    settings = load(sandbox=True)
    assert "Mail" not in in_sandbox(settings)
    assert settings.mail_from == "tocsin@example.com"
    assert "hush" not in repr(settings)
    assert {"hush%21", "hush!"} <= set(settings.secrets())


def test_a_model_needs_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_MODEL", "groq:openai/gpt-oss-20b")
    assert problems() == ["Model is configured by halves: GROQ_API_KEY missing."]


def test_each_model_of_a_chain_needs_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one's need not be there when it has an address of its own."""
    monkeypatch.setenv("LLM_MODEL", "openai:mine, groq:a,groq:b,ollama:phi3,google_genai:gemini-2.5-flash")
    assert problems() == ["Model is configured by halves: OPENAI_API_KEY and GROQ_API_KEY and GOOGLE_API_KEY missing."]
    monkeypatch.setenv("LLM_BASE_URL", "http://gpu.example.com/v1")
    monkeypatch.setenv("GROQ_API_KEY", "gsk-real")
    assert problems() == ["Model is configured by halves: GOOGLE_API_KEY missing."]


@pytest.mark.parametrize("chain", [",", "openai:a,gpt", "openai:,groq:b"])
def test_a_chain_with_something_else_in_it_is_a_problem(monkeypatch: pytest.MonkeyPatch, chain: str) -> None:
    monkeypatch.setenv("LLM_MODEL", chain)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-real")
    (problem,) = problems()
    assert problem.startswith("LLM_MODEL must be PROVIDER:MODEL")


def test_a_budget_is_a_number_that_is_not_negative(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_BUDGET_A_DAY", "-1")
    assert problems() == ["LLM_BUDGET_A_DAY must be 0 or more."]


@pytest.mark.parametrize(
    ("value", "says"),
    [("dear", "must be a number"), ("-1", "0 to 10000"), ("nan", "0 to 10000"), ("inf", "0 to 10000")],
)
def test_what_is_no_price_is_told(monkeypatch: pytest.MonkeyPatch, value: str, says: str) -> None:
    monkeypatch.setenv("LLM_PRICE_PER_CALL", value)
    (problem,) = problems()
    assert problem.startswith("LLM_PRICE_PER_CALL")
    assert says in problem


def test_secrets_stay_out_of_repr_and_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://me:hush%21@db/tocsin")
    monkeypatch.setenv("ADMIN_API_KEY", "hush-hush")
    assert "hush" not in repr(load())
    assert {"hush%21", "hush!", "hush-hush"} == set(load().secrets())
    monkeypatch.setenv("ADMIN_API_KEY", "hush hush")
    assert "hush" not in str(problems())


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_becomes_the_one_we_use(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://me@db/tocsin")
    assert load().database_url == "postgresql+psycopg://me@db/tocsin"


def test_without_credentials_everything_goes_to_the_sandbox() -> None:
    settings = load(sandbox=True)
    assert in_sandbox(settings) == {"Slack", "Twilio", "Jira", "Mail", "Speech", "Model"}
    assert settings.clock_adjustable


def test_the_sandbox_is_off_when_the_person_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX", "0")
    assert load(sandbox=True).slack_bot_token is None


def test_the_clock_stays_as_the_person_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOCK_ADJUSTABLE", "0")
    assert not load(sandbox=True).clock_adjustable


def test_a_real_provider_stays_whole_beside_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-real")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "real")
    settings = load(sandbox=True)
    assert settings.slack_api_url is None
    assert "Slack" not in in_sandbox(settings)
    assert "Twilio" in in_sandbox(settings)


def test_no_real_key_goes_to_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of models lie around in many shells; an address of the sandbox may be left over in `.env`."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-real")
    monkeypatch.setenv("GROQ_API_KEY", "gsk-real")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-real")
    monkeypatch.setenv("SLACK_API_URL", "http://localhost:8090/slack/api/")
    assert "real" not in str(load(sandbox=True).given())


def test_no_sandbox_token_goes_to_a_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_API_TOKEN", "sandbox-token")
    monkeypatch.setenv("JIRA_URL", "https://acme.atlassian.net")
    monkeypatch.setenv("JIRA_USER", "me@acme.example")
    monkeypatch.setenv("JIRA_PROJECT", "OPS")
    assert problems() == ["JIRA_URL is a real address, but JIRA_API_TOKEN is the sandbox's."]


def test_a_sandbox_token_without_sandbox_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX", "0")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-sandbox")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "sandbox-signing-secret")
    assert problems() == ["SLACK_BOT_TOKEN is the sandbox's, but SANDBOX is off: give a real one, or leave it empty."]


def test_somebody_elses_stand_in_on_this_machine_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000001")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "sandbox-auth-token")
    monkeypatch.setenv("TWILIO_NUMBER", "+12025550177")
    monkeypatch.setenv("TWILIO_API_URL", "http://127.0.0.1:7000")
    settings = load(sandbox=True)
    assert settings.twilio_number == "+12025550177"
    assert settings.twilio_api_url == "http://127.0.0.1:7000"


def test_the_sandboxs_app_token_alone_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-sandbox")
    settings = load(sandbox=True)
    assert "Slack" in in_sandbox(settings)
    assert (settings.given()["slack_app_token"], settings.given()["slack_bot_token"]) == (
        "xapp-sandbox",
        "xoxb-sandbox",
    )


def test_the_sandboxs_app_token_does_not_go_to_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-real")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-sandbox")
    assert problems() == ["SLACK_BOT_TOKEN is a real one, but SLACK_APP_TOKEN is the sandbox's."]
    monkeypatch.setenv("SLACK_API_URL", "https://slack.com/api")
    assert problems() == ["SLACK_API_URL is a real address, but SLACK_APP_TOKEN is the sandbox's."]


def test_the_sandboxs_app_token_without_sandbox_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX", "0")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-sandbox")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-sandbox")
    assert [problem.partition(" ")[0] for problem in problems()] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]


@pytest.mark.parametrize(
    "beside", [{"SLACK_BOT_TOKEN": "xoxb-sandbox"}, {"SLACK_API_URL": "http://127.0.0.1:8090/slack/api"}]
)
def test_no_real_app_token_goes_to_the_sandbox(monkeypatch: pytest.MonkeyPatch, beside: dict[str, str]) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-real")
    for name, value in beside.items():
        monkeypatch.setenv(name, value)
    settings = load(sandbox=True)
    assert "Slack" in in_sandbox(settings)
    assert "real" not in str(settings.given())


def test_a_real_app_in_socket_mode_needs_no_signing_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-real")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-real")
    settings = load(sandbox=True)
    assert "Slack" not in in_sandbox(settings)
    assert (settings.slack_signing_secret, settings.slack_api_url) == (None, None)


def test_the_sandboxs_app_token_turns_socket_mode_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-sandbox")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-sandbox")
    assert load(sandbox=True).given()["slack_app_token"] == "xapp-sandbox"


def test_a_child_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("GROQ_API_KEY=gsk-real\nSANDBOX_PORT=9090\nLLM_BASE_URL=http://127.0.0.1:9090/llm/v1\n")
    parent = load(sandbox=True)
    for name, value in environment_of(parent).items():
        monkeypatch.setenv(name, value)
    assert load() == parent
    assert with_sandbox(parent) == parent


def test_the_environment_of_a_child_keeps_what_is_not_ours() -> None:
    assert environment_of(Settings())["PATH"] == os.environ["PATH"]
