"""MAIL_PERSON: whoever is called is sent an e-mail too. After a lost answer it is sent again, under the same id."""

from incidents import claims, messages, timeline
from incidents.summary import summarize
from integrations import letters
from tasks.work import Handler, Work


def mail_person(work: Work) -> None:
    mail = work.providers.mail
    with work.store.begin() as tx:
        incident = work.incident(tx)
        person = messages.to_whom(tx, incident, work.claim)
        letter = letters.page(summarize(tx, incident))
        held = claims.begin_effect(tx, work.claim)
    if mail is None or person is None or person.email is None or person.why_not_mailed is not None:
        return
    held.check()
    mail.send(to=person.email, subject=letter.subject, text=letter.text, mark=str(work.claim.job))
    with work.finishing() as (tx, incident):
        timeline.write(tx, incident, "messaged", actor="Tocsin", who=person.name, by="email")


handler = Handler(mail_person)
