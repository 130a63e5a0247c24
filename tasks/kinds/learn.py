"""LEARN: the memory agrees with what people said about the incident: corrected, resolved, or neither."""

from dataclasses import replace

from incidents import learning, lessons
from incidents.claims import ClaimLost
from incidents.learning import Candidate
from incidents.ports import Memory, source_of
from incidents.store import Store
from knowledge import quorum
from knowledge.quorum import Near, Said
from knowledge.redact import redacted
from knowledge.settling import OrganizationRemoved, settle
from tasks.work import Handler, Work

LOOKED_AT = 20


def learn(work: Work) -> None:
    memory = work.providers.memory
    with work.store.begin() as tx:
        asked = learning.candidates(tx, work.incident(tx))
    near = [] if not asked or asked[0].sure else _near(work.store, memory, asked[0])
    with work.store.begin() as tx:
        incident = work.incident(tx)
        found = [_redacted(each) for each in learning.candidates(tx, incident)]
        said = [Said(each.category, each.voice, each.sure) for each in found]
        # Who spoke since the memory was asked is heard in the job that this one owes by then.
        learning.learn(tx, incident, found, counts=quorum.first_that_counts(said, near))
        source = source_of(incident.id)
        lessons.doubt(tx, source=source)  # Who was overtaken may have told the memory something else last, and died.
    try:
        settle(work.store, memory, sources=[source])
    except OrganizationRemoved as error:
        raise ClaimLost("the organization was removed") from error


def _near(store: Store, memory: Memory, asked: Candidate) -> list[Near]:
    """What others taught about the same."""
    own = asked.taught.lesson
    found = memory.nearest(store.organization, f"{own.title}\n{own.text}", limit=LOOKED_AT)
    sources = [each.source for each in found if each.similarity >= quorum.NEAR and each.source != own.source]
    with store.begin() as tx:
        rows = lessons.by_source(tx, sources).values()
        return [Near(row.category or "", row.voice) for row in rows if row.origin.is_somebodys]


def _redacted(candidate: Candidate) -> Candidate:
    taught = candidate.taught
    return replace(candidate, taught=replace(taught, lesson=redacted(taught.lesson)))


handler = Handler(learn)
