"""What a handler gets: the claimed job, the store of its organization, the providers; and what it promises."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.bootstrap import Providers
from app.settings import Settings
from incidents import claims
from incidents.claims import Claim, ClaimLost
from incidents.models import Incident
from incidents.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Work:
    claim: Claim
    store: Store
    providers: Providers
    settings: Settings

    def incident(self, tx: Transaction) -> Incident:
        """The job's incident, locked until the transaction ends."""
        return tx.get(Incident, self.claim.incident, lock=True)

    @contextmanager
    def finishing(self) -> Iterator[tuple[Transaction, Incident]]:
        """The transaction that writes the result and the job ends. Raises: ClaimLost; nothing is written then."""
        with self.store.begin() as tx:
            yield tx, self.incident(tx)
            if not claims.finish(tx, self.claim):
                raise ClaimLost(f"{self.claim.kind} {self.claim.job}, attempt {self.claim.attempt}")


def nothing_more(tx: Transaction, incident: Incident, claim: Claim, reason: str) -> None:
    """What most kinds owe when they are put off, or fail for good and have had every kind's line and note."""


@dataclass(frozen=True, slots=True)
class Handler:
    """One kind of job. `run` does it and may leave without finishing when there is nothing to do.

    `run` lets out TemporaryError (tried again), PermanentError (given up) and bugs. `failed` runs in the transaction in
    which the job is given up, `postponed` in the one in which it is put off.
    """

    run: Callable[[Work], None]
    failed: Callable[[Transaction, Incident, Claim, str], None] = nothing_more
    postponed: Callable[[Transaction, Incident, Claim, str], None] = nothing_more
