"""Which role each address of the API needs."""

from incidents.roles import Role

NEEDS = {
    "report.report": Role.MEMBER,
    "feedback.feedback": Role.MEMBER,
    "knowledge.take_back": Role.ADMIN,
    "knowledge.restore": Role.ADMIN,
    "actions.acknowledge": Role.RESPONDER,
    "actions.escalate": Role.RESPONDER,
    "actions.merge": Role.RESPONDER,
    "actions.reopen": Role.RESPONDER,
    "actions.resolve": Role.RESPONDER,
    "calls.notify": Role.RESPONDER,
    "jobs.retry": Role.RESPONDER,
    "overrides.override": Role.RESPONDER,
    "overrides.swap": Role.RESPONDER,
    "overrides.take": Role.RESPONDER,
    "overrides.take_back": Role.RESPONDER,
    "overrides.take_in": Role.ADMIN,
    "overrides.new_address": Role.ADMIN,
    "members.all_members": Role.RESPONDER,  # Numbers and addresses are nobody else's business.
    "members.invite": Role.ADMIN,
    "members.change": Role.ADMIN,
    "members.give_role": Role.ADMIN,
    "members.remove": Role.ADMIN,
    "pins.give": Role.ADMIN,  # Keys are nobody's own: whoever gives a PIN acts by phone as that member.
    "pins.take_away": Role.ADMIN,
    "rules.read": Role.RESPONDER,
    "rules.change": Role.RESPONDER,
    "phones.send_code": Role.RESPONDER,
    "phones.confirm": Role.RESPONDER,
    "phones.test_call": Role.RESPONDER,
    "emails.send_code": Role.RESPONDER,
    "emails.confirm": Role.RESPONDER,
    "emails.test_mail": Role.RESPONDER,
    "organizations.change": Role.ADMIN,
    "tenants.make": Role.ADMIN,
    "tenants.make_key": Role.ADMIN,
    "tenants.export": Role.ADMIN,
    "tenants.remove": Role.ADMIN,
    "projects.make": Role.ADMIN,
    "projects.change": Role.ADMIN,
    "projects.remove": Role.ADMIN,
    "projects.export": Role.ADMIN,
    "policies.make": Role.ADMIN,
    "policies.change": Role.ADMIN,
    "policies.remove": Role.ADMIN,
    "stakeholders.make": Role.ADMIN,
    "stakeholders.remove": Role.ADMIN,
    "silences.make": Role.RESPONDER,
    "silences.end": Role.RESPONDER,
    "schedules.make": Role.ADMIN,
    "schedules.change": Role.ADMIN,
    "schedules.remove": Role.ADMIN,
    "keys.all_keys": Role.ADMIN,
    "keys.make": Role.ADMIN,
    "keys.take_back": Role.ADMIN,
    "clock.move": Role.ADMIN,
}
"""By endpoint. What only reads and does not stand here is a viewer's; a test tells what else is missing."""


def needed(endpoint: str, method: str) -> Role:
    usual = Role.VIEWER if method in ("GET", "HEAD", "OPTIONS") else Role.ADMIN
    return NEEDS.get(endpoint, usual)
