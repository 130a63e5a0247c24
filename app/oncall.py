"""`python -m app oncall`: who is called first, and who next."""

from collections.abc import Sequence

from app.bootstrap import database, migrate
from app.settings import Settings
from incidents import organizations, paging
from incidents.errors import IncidentError
from incidents.people import Contact, on_call, put_on_call


def show_or_put(settings: Settings, people: Sequence[str]) -> list[str]:
    """One line for each person on call, after putting `people` there when there are any. Raises: IncidentError."""
    migrate(settings)
    store = database(settings)
    with store.begin() as session:
        organization = organizations.first(session, sandbox=settings.sandbox, number=settings.twilio_number)
    with store.store(organization).begin() as tx:
        if people:
            put_on_call(tx, [contact(text) for text in people])
            paging.look_at_all_again(tx)
    with store.store(organization).begin() as tx:
        lines = [
            f"{place}. {person.name}  {person.phone or 'no phone'}  {person.slack_user or 'not in Slack'}"
            for place, person in enumerate(on_call(tx), start=1)
        ]
    return lines or ["Nobody is on call. Put people there: python -m app oncall 'Bea,+12025550111,U0BEA'"]


def contact(text: str) -> Contact:
    """`Bea,+12025550111,U0BEA`; phone and Slack id may be left out. Raises: IncidentError."""
    name, phone, slack_user, *more = [*(part.strip() for part in text.split(",")), "", ""][:5]
    if not name or (more and any(more)):
        raise IncidentError(f"{text!r} is not of the form NAME,PHONE,SLACK-USER-ID.")
    return Contact(name, phone or None, slack_user or None)
