"""The Slack groups that a policy names, as Slack has them when the policy is saved."""

from collections.abc import Mapping, Sequence

from incidents import groups, paging
from incidents.errors import PermanentError, TemporaryError
from incidents.ports import Chat, Group
from incidents.store import Transaction
from web.desk import desk
from web.refusal import Refusal

Chosen = Mapping[str, Group]
"""By the name that the policy has for it."""


def chosen(names: Sequence[str]) -> Chosen:
    """While Slack is away, those that are kept already. Asks Slack: not within a transaction.

    Raises: IncidentError when there is no such group; Refusal; TemporaryError.
    """
    if not names:
        return {}
    found = _known(desk().chat, names)
    return {name: groups.find(found, name) for name in names}


def _known(chat: Chat | None, names: Sequence[str]) -> Sequence[Group]:
    if chat is None:
        raise Refusal(409, "A step cannot call a Slack group here: Slack is off. Name a schedule or a person instead.")
    try:
        return chat.groups()
    except TemporaryError:
        with desk().store.begin() as tx:
            kept = groups.all_of(tx)
        if any(groups.known_as(kept, name) is None for name in names):
            raise
        return kept
    except PermanentError as error:
        raise Refusal(409, f"A step cannot call a Slack group: {error}.") from error


def keep(tx: Transaction, chosen: Chosen) -> None:
    """From now on whoever is in them is known here."""
    ids = {group.id for group in chosen.values()}
    if groups.take_in(tx, list(chosen.values()), of=ids):
        paging.look_at_all_again(tx, locks_members=False)
