"""The web application: all doors in one, with the same errors, ids and headers for each."""

from apiflask import APIFlask

from app.admin_key import admin_key
from app.bootstrap import Providers
from app.settings import Settings
from bot.door import slack_door
from incidents.store import Database
from voice.door import voice_door
from web import feeds, jira
from web.access import keep_access_log
from web.api import (
    actions,
    calls,
    clock,
    emails,
    feedback,
    hand_over,
    health,
    jobs,
    keys,
    knowledge,
    lists,
    members,
    organizations,
    overrides,
    phones,
    pins,
    policies,
    projects,
    reading,
    report,
    rules,
    schedules,
    silences,
    stakeholders,
    tenants,
)
from web.api_page import api_page
from web.deep import asking
from web.desk import EXTENSION, Desk
from web.guard import guard
from web.headers import send_headers
from web.metrics import measure
from web.openapi import describe
from web.problems import tell_problems
from web.strict_json import StrictJSON, StrictRequest, demand_json

LARGEST_BODY = 1_000_000
INCIDENTS = (report, lists, reading, actions, feedback, jobs, knowledge, calls)
ON_CALL = (members, phones, emails, pins, rules, schedules, hand_over, overrides, policies, silences, stakeholders)
API = (health, *INCIDENTS, *ON_CALL, organizations, tenants, projects, keys, clock)


def create(settings: Settings, database: Database, providers: Providers) -> APIFlask:
    """An application of its own: two in one process share nothing."""
    application = APIFlask(
        "web", title="Tocsin", version="1", spec_path="/api/openapi.json", docs_path=None, json_errors=False
    )
    application.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    application.request_class = StrictRequest
    application.json = StrictJSON(application)
    desk = Desk(settings, database, providers, asking(settings, providers))
    application.extensions[EXTENSION] = desk
    keep_access_log(application)
    guard(application, admin_key(settings), database)
    application.before_request(demand_json)
    send_headers(application)
    tell_problems(application)
    describe(application)
    measure(application, desk)
    for part in API:
        application.register_blueprint(part.api)
    application.register_blueprint(api_page)
    application.register_blueprint(jira.door)
    application.register_blueprint(feeds.door)
    for door in (slack_door(settings, database), voice_door(settings, database)):
        if door is not None:
            application.register_blueprint(door)
    for blueprint in application.blueprints.values():
        # APIFlask asks each one whether it is to be described, and plain ones do not know the question.
        blueprint.__dict__.setdefault("enable_openapi", False)
    return application
