"""TEXT_PERSON: whoever is called is sent a text too, once: after a lost answer it is looked for."""

from datetime import timedelta

from incidents import claims, messages, timeline
from incidents.summary import summarize
from integrations import prompts
from tasks.work import Handler, Work

CLOCKS_DIFFER = timedelta(seconds=5)


def text_person(work: Work) -> None:
    phone = work.providers.phone
    with work.store.begin() as tx:
        incident = work.incident(tx)
        person = messages.to_whom(tx, incident, work.claim)
        summary = summarize(tx, incident)
    if person is None or person.phone is None or phone is None:
        return
    body = prompts.page_texted(summary)
    if not _was_sent(work, to=person.phone, begins=prompts.text_begins(summary)):
        with work.store.begin() as tx:
            held = claims.begin_effect(tx, work.claim)
        held.check()
        phone.text(to=person.phone, body=body)
    with work.finishing() as (tx, incident):
        timeline.write(tx, incident, "messaged", actor="Tocsin", who=person.name, by="text")


def _was_sent(work: Work, *, to: str, begins: str) -> bool:
    phone, since = work.providers.phone, work.claim.unsettled
    if phone is None or since is None:
        return False
    return any(text.startswith(begins) for text in phone.find_texts(to=to, since=since - CLOCKS_DIFFER))


handler = Handler(text_person)
