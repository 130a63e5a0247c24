"""All mutants, in the order in which an incident meets them."""

from tests.mutants.bugs import answers, claiming, keys, paging, providers
from tests.mutants.mutant import Mutant

MUTANTS: dict[str, Mutant] = {
    mutant.name: mutant
    for mutant in (
        answers.ANSWER_BEFORE_COMMIT,
        answers.EVENT_ANSWERED_FIRST,
        keys.NO_UNIQUE_MESSAGE,
        keys.NO_UNIQUE_JOB,
        paging.PAGE_OWED_BY_TRIAGE,
        paging.NO_SWEEP,
        claiming.LEASE_CHECKED_BY_NOBODY,
        claiming.NO_LEASE_END,
        claiming.LOST_EFFECT_NOT_LOOKED_FOR,
        claiming.FAILURE_IS_FINAL,
        providers.LIBRARIES_REPEAT,
        paging.ACKNOWLEDGEMENT_ENDS_NOTHING,
        paging.STATE_NOT_READ_AGAIN,
    )
}
