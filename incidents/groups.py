"""Slack's groups that policies name: kept with their members, so that no call waits for Slack."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from incidents import organizations, people, policies
from incidents.errors import IncidentError
from incidents.people import Known
from incidents.policies import Named
from incidents.policy import Policy
from incidents.ports import Group
from incidents.store import Transaction

MOST_SHOWN = 20


def all_of(tx: Transaction) -> list[Group]:
    """Those that are kept, as Slack had them when it was asked last."""
    return [Group(**{**kept, "members": tuple(kept["members"])}) for kept in organizations.own(tx).groups]


def with_id(tx: Transaction, id: str) -> Group | None:
    """None when Slack has it no more."""
    return next((group for group in all_of(tx) if group.id == id), None)


def known_as(groups: Sequence[Group], name: str) -> Group | None:
    """By its id, or by its handle with or without the @."""
    handle = name.strip().removeprefix("@").casefold()
    by_id = (group for group in groups if group.id == name)
    return next(by_id, None) or next((group for group in groups if group.handle.casefold() == handle), None)


def find(groups: Sequence[Group], name: str) -> Group:
    """The same. Raises: IncidentError, which names those that there are."""
    found = known_as(groups, name)
    if found is None:
        handles = sorted(f"@{group.handle}" for group in groups)
        there_are = f"There are: {some(handles)}." if handles else "There is none at all."
        raise IncidentError(f"There is no group {name[:70]!r} in Slack. {there_are}")
    return found


def some(words: Sequence[str]) -> str:
    more = len(words) - MOST_SHOWN
    return ", ".join(words[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def members(tx: Transaction, group: Group) -> Sequence[Known]:
    """Those of the group who are members here, by name."""
    return people.by_slack_users(tx, set(group.members))


def named(found: Sequence[Named]) -> set[str]:
    """The ids of the groups that these policies call."""
    targets = [target for each in found for target in Policy.of(each.definition).targets]
    return {target.group for target in targets if target is not None and target.group is not None}


def concerned(tx: Transaction) -> set[str]:
    """The ids of those that policies name, and of those that are kept: incidents keep the policy of their beginning."""
    return named(policies.all_of(tx)) | {group.id for group in all_of(tx)}


def take_in(tx: Transaction, found: Sequence[Group], *, of: Collection[str]) -> bool:
    """Slack, asked for the groups with these ids, has `found`; the others of them are gone. Whether that is news."""
    organization = organizations.lock(tx)
    new = {group.id: _written(group) for group in found if group.id in of}
    kept = {each["id"]: each for each in organization.groups if each["id"] not in of}
    now = sorted([*kept.values(), *new.values()], key=lambda each: str(each["id"]))
    if now == organization.groups:
        return False
    organization.groups = now
    return True


def _written(group: Group) -> dict[str, Any]:
    """Slack promises no order of the members."""
    return {**asdict(group), "members": sorted(group.members)}


def troubles(tx: Transaction) -> list[str]:
    """What keeps groups that policies name from being called, or some of those who are in them."""
    found: list[str] = []
    for id in sorted(named(policies.all_of(tx))):
        group = with_id(tx, id)
        if group is None:
            found.append(f"the group {id} is gone in Slack, and the list is called instead")
            continue
        here = {person.slack_user for person in members(tx, group)}
        if strangers := [user for user in group.members if user not in here]:
            found.append(f"{some(strangers)} of @{group.handle}: no member here has that Slack user")
    return found
