"""The organization: the first is made once, with the default policy and, in the sandbox, its people on call."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from incidents import clock, dialling
from incidents.errors import IncidentError
from incidents.models import Member, Organization
from incidents.policy import DEFAULT_POLICY
from incidents.store import Transaction
from incidents.words import CATEGORIES

SANDBOX_PEOPLE = (
    ("Bea", "U0BEA", "bea@example.com", "+12025550111"),
    ("Cy", "U0CY", "cy@example.com", "+12025550112"),
)
_ONE_AT_A_TIME = 7244
_NUMBER_ON = text("""
    SELECT setval(incident_numbers(organization_id), max(number)) FROM incidents GROUP BY organization_id
    HAVING max(number) > coalesce(pg_sequence_last_value(incident_numbers(organization_id)), 0)
""")


def first(session: Session, *, sandbox: bool, number: str | None = None) -> uuid.UUID:
    """The first organization's id; it is made when there is none yet. In the sandbox Bea is on duty and Cy is next.

    `number` is the one that calls come from: people in its country may be called.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_AT_A_TIME})
    known = session.scalars(select(Organization.id).order_by(Organization.created_at).limit(1)).one_or_none()
    if known is not None:
        return known
    organization = Organization(
        name="default",
        categories=list(CATEGORIES),
        policy=DEFAULT_POLICY,
        countries=with_countries_of([], [number] if number else []),
        created_at=clock.read(session),
    )
    session.add(organization)
    session.flush()
    if sandbox:
        organization.countries = with_countries_of(organization.countries, [phone for *_, phone in SANDBOX_PEOPLE])
        for position, (name, slack_user, email, phone) in enumerate(SANDBOX_PEOPLE):
            session.add(
                Member(
                    organization_id=organization.id,
                    position=position,
                    name=name,
                    slack_user=slack_user,
                    phone=phone,
                    phone_verified_at=organization.created_at,
                    email=email,
                    email_verified_at=organization.created_at,
                )
            )
    return organization.id


def with_countries_of(countries: list[str], phones: Sequence[str]) -> list[str]:
    """Those countries, and those of the numbers."""
    found = {dialling.country(phone) for phone in phones}
    return sorted({*countries, *(each for each in found if each is not None)})


def demand_categories(tx: Transaction, wanted: Collection[str]) -> None:
    """Raises: IncidentError when the organization has not all of them."""
    known = tx.own.categories
    strange = sorted(set(wanted) - set(known))
    if strange:
        raise IncidentError(f"There is no category {strange[0][:50]!r}. Choose one of: {', '.join(known)}.")


def own(tx: Transaction) -> Organization:
    return tx.session.get_one(Organization, tx.organization)


def change(tx: Transaction, *, name: str) -> Organization:
    """Raises: IncidentError when another organization has the name."""
    row = lock(tx)
    row.name = name
    try:
        tx.session.flush()  # Row-level security hides the others: only the unique key knows them.
    except IntegrityError as error:
        raise IncidentError("Another organization has that name. Choose another one.") from error
    return row


def lock(tx: Transaction) -> Organization:
    """The organization's row, as it is: nobody else changes the policy, or names anything new, before we are done."""
    query = select(Organization).where(Organization.id == tx.organization).with_for_update(key_share=True)
    return tx.session.scalars(query.execution_options(populate_existing=True)).one()


def number_on(session: Session) -> None:
    """The next number of each organization is greater than all it has, also after a replica took over.

    PostgreSQL's logical replication brings rows and no sequences.
    """
    for organization in session.scalars(select(Organization.id)):
        session.execute(text(f"CREATE SEQUENCE IF NOT EXISTS incident_numbers_{organization.hex}"))
    session.execute(_NUMBER_ON)
