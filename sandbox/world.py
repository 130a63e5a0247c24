"""The sandbox's default world: who is there, under which ids, numbers and secrets; `.env.example` names the same."""

from dataclasses import dataclass

TEAM = "T0SANDBOX"
APP_ID = "A0TOCSIN"
BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
SIGNING_SECRET = "sandbox-signing-secret"
CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-client-secret"

ACCOUNT_SID = "AC00000000000000000000000000000001"
AUTH_TOKEN = "sandbox-auth-token"
HOTLINE = "+12025550100"
ANYBODY = "+12025550199"

JIRA_PROJECT = "OPS"
JIRA_USER = "sandbox@example.com"
JIRA_TOKEN = "sandbox-token"
JIRA_WEBHOOK_SECRET = "sandbox-jira-secret"

MAIL_USER = "sandbox"
MAIL_PASSWORD = "sandbox-mail-password"
MAIL_FROM = "tocsin@example.com"
NO_MAILBOX = "nobody@example.com"


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    real_name: str
    phone: str | None = None
    guest: bool = False


PEOPLE = (
    Person("U0ANA", "ana", "Ana"),
    Person("U0BEA", "bea", "Bea", phone="+12025550111"),
    Person("U0CY", "cy", "Cy", phone="+12025550112"),
    Person("U0DEE", "dee", "Dee", guest=True),
)
CHANNELS = (("C0GENERAL", "general"), ("C0INCIDENTS", "incidents"))


@dataclass(frozen=True)
class Group:
    """People who are mentioned together, by `@handle`."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]


GROUPS = (Group("S0SRE", "sre", "SRE", ("U0BEA", "U0CY")),)


@dataclass(frozen=True)
class Team:
    """A Slack workspace, and who our app is in it. `token` is the bot's when the app is installed from the start."""

    id: str
    name: str
    domain: str
    people: tuple[Person, ...]
    channels: tuple[tuple[str, str], ...]
    bot_user: str
    bot_id: str
    token: str | None = None
    groups: tuple[Group, ...] = ()


TEAMS = (
    Team(TEAM, "Sandbox", "sandbox", PEOPLE, CHANNELS, "U0TOCSIN", "B0TOCSIN", BOT_TOKEN, GROUPS),
    Team(
        "T1SANDBOX",
        "Globex",
        "globex",
        (Person("U1HAL", "hal", "Hal"), Person("U1IDA", "ida", "Ida"), Person("U1JON", "jon", "Jon", guest=True)),
        (("C1GENERAL", "general"), ("C1OPS", "ops")),
        "U1TOCSIN",
        "B1TOCSIN",
    ),
)
