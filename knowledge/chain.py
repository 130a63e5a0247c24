"""Several models, asked in their order until one answers; all of them together within a fixed time."""

import logging
import random
from collections.abc import Sequence
from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Protocol
from uuid import UUID

from incidents.errors import PermanentError, TemporaryError
from incidents.model_calls import Ended, Outcome, OverBudget
from knowledge.model import PATIENCE
from knowledge.opinion import Busy, Enquiry, Opinion, Refused, Unfit

_log = logging.getLogger(__name__)

WHOLE = timedelta(seconds=19)
"""For all of them, with the pause between two rounds."""
_ROUNDS = 2
_PAUSE_PARTS = 9
"""The pause before the second round is so many times shorter than the patience with one model, and up to half more."""
_TOO_SHORT = 20
"""With so small a part of the patience left, nobody is asked any more."""


class Link(Protocol):
    @property
    def name(self) -> str: ...

    def prepare(self) -> None:
        """Raises: PermanentError when it cannot be asked at all."""

    def ask(self, enquiry: Enquiry, *, patience: timedelta | None = None) -> Opinion:
        """Ask once. Raises: Busy, Unfit, Refused; PermanentError when this model cannot be asked by us at all."""


class Account(Protocol):
    """Keeps count of what is asked."""

    def ask(self, organization: UUID, model: str) -> None:
        """Count a call that will be made. Raises: OverBudget, Resting; then it must not be made."""

    def ended(self, organization: UUID, model: str, what: Ended) -> None: ...


class ModelChain:
    """A `Model`. Who is busy is asked once more after a pause, when there is time left and nobody else answered."""

    def __init__(
        self, links: Sequence[Link], account: Account, *, patience: timedelta = PATIENCE, whole: timedelta = WHOLE
    ) -> None:
        self._links = links
        self._account = account
        self._patience = patience
        self._whole = whole

    @property
    def names(self) -> list[str]:
        return [link.name for link in self._links]

    def prepare(self) -> None:
        """Raises: PermanentError, when any of them cannot be used."""
        for link in self._links:
            link.prepare()

    def classify(self, enquiry: Enquiry) -> Opinion:
        """Raises: OverBudget, TemporaryError."""
        ends = monotonic() + self._whole.total_seconds()
        asking, said = list(self._links), list[str]()
        for round_ in range(_ROUNDS):
            if round_ and asking:
                Event().wait(self._pause.total_seconds() * (1 + random.random() / 2))  # noqa: S311  # No secret.
            busy = []
            for place, link in enumerate(asking):
                share = timedelta(seconds=(ends - monotonic()) / (len(asking) - place))
                if share < self._patience / _TOO_SHORT:
                    break
                try:
                    return self._ask(link, enquiry, patience=min(share, self._patience))
                except OverBudget:
                    raise
                except (TemporaryError, PermanentError) as error:
                    _log.info("a model gave no opinion: %s", error)
                    said.append(str(error))
                    busy += [link] if self._worth_another(error) else []
            asking = busy
        raise TemporaryError("; ".join(said))

    @property
    def _pause(self) -> timedelta:
        return self._patience / _PAUSE_PARTS

    def _worth_another(self, error: Exception) -> bool:
        """Busy, and not for longer than the pause, as far as the provider says."""
        return isinstance(error, Busy) and (error.retry_after is None or error.retry_after <= self._pause)

    def _ask(self, link: Link, enquiry: Enquiry, *, patience: timedelta) -> Opinion:
        self._account.ask(enquiry.organization, link.name)
        begun = monotonic()

        def ended(outcome: Outcome, error: Exception | None = None, *, tokens: int = 0) -> None:
            took = timedelta(seconds=monotonic() - begun)
            wish = getattr(error, "retry_after", None)
            what = Ended(outcome, took, tokens=tokens, wish=wish, reason=str(error or ""))
            self._account.ended(enquiry.organization, link.name, what)

        try:
            opinion = link.ask(enquiry, patience=patience)
        except Unfit as error:
            ended(Outcome.UNFIT, error)
            raise
        except Refused as error:
            ended(Outcome.REFUSED, error)
            raise
        except (TemporaryError, PermanentError) as error:
            ended(Outcome.AWAY, error)
            raise
        ended(Outcome.ANSWERED, tokens=opinion.tokens)
        return opinion
