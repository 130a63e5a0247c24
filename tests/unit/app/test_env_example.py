"""`.env.example` is the list of settings for people; it must be whole and true."""

import re
from pathlib import Path

from app.resolve import with_sandbox
from app.settings import Settings
from sandbox import world

LINES = re.findall(r"^# ([A-Z_]+)=(.*)$", Path(".env.example").read_text(), re.MULTILINE)


def test_it_names_each_setting_once() -> None:
    assert sorted(name for name, _ in LINES) == sorted(name.upper() for name in Settings.model_fields)


def test_its_values_are_what_the_sandbox_gives(bare: None) -> None:
    assert {name.lower(): value for name, value in LINES if value} == with_sandbox(Settings(sandbox=True)).given()


def test_the_sandbox_goes_by_the_same_values() -> None:
    given = {name: value for name, value in LINES if value}
    assert given["SLACK_BOT_TOKEN"] == world.BOT_TOKEN
    assert given["SLACK_SIGNING_SECRET"] == world.SIGNING_SECRET
    assert given["TWILIO_ACCOUNT_SID"] == world.ACCOUNT_SID
    assert given["TWILIO_AUTH_TOKEN"] == world.AUTH_TOKEN
    assert given["TWILIO_NUMBER"] == world.HOTLINE
    assert given["JIRA_PROJECT"] == world.JIRA_PROJECT
    assert given["JIRA_USER"] == world.JIRA_USER
    assert given["JIRA_API_TOKEN"] == world.JIRA_TOKEN
    assert given["JIRA_WEBHOOK_SECRET"] == world.JIRA_WEBHOOK_SECRET
    assert given["SMTP_URL"] == f"smtp://{world.MAIL_USER}:{world.MAIL_PASSWORD}@127.0.0.1:8092"
    assert given["MAIL_FROM"] == world.MAIL_FROM
