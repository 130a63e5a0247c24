"""A worker dies after the effect, or the answer is lost: the next one finds the effect and does not repeat it."""

from datetime import timedelta

import pytest

from incidents import claims, classification, jobs, lifecycle, lines
from incidents.claims import ClaimLost
from incidents.errors import TemporaryError
from incidents.models import Incident
from incidents.terms import JobKind
from incidents.words import Severity
from tasks.kinds import page
from tasks.work import Work
from tests.fakes import FakeTickets
from tests.integration.core.world import BEA, KilledError, World


def killed_at(world: World, incident: Incident, kind: JobKind) -> None:
    """Runs what is due until the worker of that kind dies; the others go on."""
    for _ in range(50):
        due = world.due()
        if not due:
            break
        for job in due:
            try:
                world.runner.run(job)
            except KilledError:
                assert job == world.job(incident, kind, "1:0" if kind is JobKind.PAGE else "").id
    assert world.job(incident, kind, "1:0" if kind is JobKind.PAGE else "").done_at is None


@pytest.mark.parametrize(
    ("provider", "method", "kind"),
    [
        ("chat", "open_channel", JobKind.OPEN_CHANNEL),
        ("chat", "post", JobKind.POST_CARD),
        ("chat", "pin", JobKind.POST_CARD),
        ("tickets", "create", JobKind.OPEN_TICKET),
        ("phone", "call", JobKind.PAGE),
    ],
)
@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after the effect"])
def test_a_worker_that_dies_leaves_the_effect_to_be_there_exactly_once(
    world: World, provider: str, method: str, kind: JobKind, *, after: bool
) -> None:
    world.hold()
    getattr(world, provider).fail(KilledError(), method=method, after=after)
    incident = world.reported(severity=Severity.HIGH)
    killed_at(world, incident, kind)
    world.leases_lapse()
    world.run_due()
    world.jump(400)
    world.leases_lapse()
    world.act(incident, lambda tx, row: lifecycle.acknowledge(tx, row, by=BEA))
    world.run_due()
    row = world.fresh(incident)
    assert list(world.chat.channels) == ["incident-1"]
    assert len([post for post in world.chat.posts if post.mark == str(world.job(incident, JobKind.POST_CARD).id)]) == 1
    assert row.card_ts is not None
    assert world.chat.pins == [(row.channel_id, row.card_ts)]
    assert list(world.tickets.tickets) == ["OPS-1"]
    assert row.ticket_key == "OPS-1"
    assert len(world.phone.placed) == 1
    assert world.calls(incident)[-1].sid == world.phone.placed[0].sid


def test_a_call_whose_answer_was_lost_is_found_in_the_providers_list_and_not_placed_again(world: World) -> None:
    world.hold()
    world.phone.fail(TemporaryError("timeout"), method="call", after=True)
    incident = world.triaged(Severity.HIGH)
    world.pass_time(2)
    assert len(world.phone.placed) == 1
    assert world.calls(incident)[0].sid == world.phone.placed[0].sid
    assert world.told(incident).count("paged") == 1


def test_a_call_that_cannot_be_found_is_placed_again_after_twenty_seconds_and_not_before(world: World) -> None:
    world.hold()
    world.phone.fail(TemporaryError("timeout"), method="call")
    world.triaged(Severity.HIGH)
    for _ in range(6):
        world.pass_time(3)
    assert world.phone.placed == [], "in real time no second has passed: the call may still show itself"
    world.leases_lapse()
    world.pass_time(3)
    assert len(world.phone.placed) == 1


def test_the_call_of_another_incident_to_the_same_person_is_not_taken_for_ours(world: World) -> None:
    world.hold()
    world.triaged(Severity.HIGH)
    world.nobody_talks()
    world.phone.fail(TemporaryError("timeout"), method="call")
    second = world.triaged(Severity.HIGH)
    world.leases_lapse()
    world.pass_time(5)
    assert len(world.phone.placed) == 2
    assert world.calls(second)[-1].sid == world.phone.placed[1].sid


def test_a_call_that_may_be_another_incidents_is_nobodys_until_it_shows_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A's worker died before it asked for the call; when A looks, the list has the call that B is placing just then."""
    world.hold()
    monkeypatch.setattr(lines, "PLACED_WITHIN", timedelta(0))
    first, second = world.reported(severity=Severity.HIGH), world.reported(severity=Severity.HIGH)
    place = world.phone.call

    def dies(**to: object) -> str:
        raise KilledError

    def looked_for_meanwhile(**to: object) -> str:
        sid = place(**to)  # type: ignore[arg-type]  # It is passed on as it came.
        world.leases_lapse()
        assert world.run(world.job(first, JobKind.PAGE, "1:0"))
        return sid

    world.phone.call = dies  # type: ignore[method-assign]
    with pytest.raises(KilledError):
        world.run(world.job(first, JobKind.PAGE))
    world.phone.call = looked_for_meanwhile  # type: ignore[method-assign]  # The world moves on during the call.
    world.run(world.job(second, JobKind.PAGE))
    assert world.calls(first)[0].sid is None
    assert world.calls(second)[0].sid == world.phone.placed[0].sid
    assert "job_failed" not in world.told(second)


def test_whoever_is_to_be_called_while_nobody_knows_whether_a_call_was_placed_joins_it_when_it_is_known(
    world: World,
) -> None:
    """Two pages of one moment, all answers are lost: of two calls in the list nobody could tell whose is which."""
    world.hold()
    incidents = [world.reported(severity=Severity.HIGH) for _ in range(2)]
    for _ in range(2):
        world.phone.fail(TemporaryError("timeout"), method="call", after=True)
    for incident in incidents:
        world.run(world.job(incident, JobKind.PAGE))
    assert len(world.phone.placed) == 1
    world.jump(3)
    for incident in incidents:
        world.run(world.job(incident, JobKind.PAGE, "1:0"))
    assert len(world.phone.placed) == 1
    assert {world.pages(incident)[0].call_id for incident in incidents} == {world.calls(incidents[0])[0].id}


def test_a_ticket_that_the_search_does_not_show_yet_is_waited_for_and_not_created_again(world: World) -> None:
    world.hold()
    world.tickets = world.providers.tickets = FakeTickets(lagging=True)
    world.tickets.fail(TemporaryError("timeout"), method="create", after=True)
    incident = world.triaged(Severity.MEDIUM)
    world.pass_time(200)
    assert world.tickets.calls.count("create") == 1
    world.tickets.tickets["OPS-1"].found = True
    world.pass_time(110)
    assert world.fresh(incident).ticket_key == "OPS-1"
    assert list(world.tickets.tickets) == ["OPS-1"]


def test_a_ticket_not_found_after_five_minutes_is_created_again_and_its_own_lost_answer_waited_for_anew(
    world: World,
) -> None:
    world.hold()
    world.tickets.fail(TemporaryError("timeout"), method="create")
    incident = world.triaged(Severity.MEDIUM)
    lagging = world.tickets
    lagging._lagging = True
    world.tickets.fail(TemporaryError("timeout"), method="create", after=True)
    world.pass_time(310)
    assert world.tickets.calls.count("create") == 2
    world.pass_time(200)
    assert world.tickets.calls.count("create") == 2, "the second one may be there too: its five minutes began anew"
    world.tickets.tickets["OPS-1"].found = True
    world.pass_time(110)
    assert world.fresh(incident).ticket_key == "OPS-1"
    assert list(world.tickets.tickets) == ["OPS-1"]


def test_a_card_and_a_ticket_whose_answers_were_lost_are_brought_up_to_date(world: World) -> None:
    """What was found says what was true when it was made, and much may have happened since."""
    world.hold()
    world.chat.fail(TemporaryError("timeout"), method="post", after=True)
    world.tickets.fail(TemporaryError("timeout"), method="create", after=True)
    incident = world.triaged(Severity.MEDIUM)
    assert world.fresh(incident).card_ts is None
    world.act(incident, lambda tx, row: classification.correct(tx, row, "network", by=BEA, via="api"))
    world.pass_time(20)
    card = next(post for post in world.chat.posts if post.timestamp == world.fresh(incident).card_ts)
    assert "Network" in str(card.message)
    assert "category-network" in world.tickets.tickets["OPS-1"].labels


def test_a_note_whose_answer_was_lost_is_found_by_its_mark(world: World) -> None:
    world.hold()
    incident = world.triaged(Severity.MEDIUM)
    world.chat.fail(TemporaryError("timeout"), method="post", after=True)
    world.act(incident, lambda tx, row: lifecycle.note(tx, row, "please look", key="k"))
    world.run_due()
    world.chat.fail(TemporaryError("429", happened=False), method="find_post")
    world.pass_time(10)
    assert world.notes().count("please look") == 1
    assert world.job(incident, JobKind.POST_NOTE).outcome == "done"


def test_a_paused_worker_that_wakes_up_after_its_lease_places_no_second_call(world: World) -> None:
    """It was stopped after it had looked for an earlier call and before it wrote down a new one."""
    incident = world.reported(severity=Severity.HIGH)
    job = world.job(incident, JobKind.PAGE)
    with world.database.begin() as session:
        claim = claims.take(session, job.id)
    assert claim is not None
    paused = Work(claim, world.store, world.providers, world.settings)
    world.leases_lapse()
    assert world.run(job)
    assert len(world.phone.placed) == 1
    with pytest.raises(ClaimLost):
        page._plan(paused)
    assert len(world.phone.placed) == 1


def test_low_found_while_a_worker_takes_up_the_page_calls_nobody(world: World) -> None:
    """The page was cancelled between the claim and the plan."""
    incident = world.reported()
    world.hold()
    world.jump(30)
    job = world.job(incident, JobKind.PAGE)
    with world.database.begin() as session:
        claim = claims.take(session, job.id)
    assert claim is not None
    world.act(incident, lambda tx, row: jobs.cancel(tx, row, JobKind.PAGE))
    with pytest.raises(ClaimLost):
        page.page(Work(claim, world.store, world.providers, world.settings))
    assert world.phone.placed == []
    assert world.waiting(incident) == {"TRIAGE"}
