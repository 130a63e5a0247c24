"""`/incident oncall`: who is on call and whom a page would call, without ringing anybody."""

from datetime import datetime

from sqlalchemy import update

from incidents import duty, groups, people, policies
from incidents.models import Member
from incidents.policy import DEFAULT_POLICY
from incidents.ports import Group
from incidents.schedules import Layer, Rotation, Unit
from tests.books import Books
from tests.integration.bot.slack import Slack


def test_without_schedules_it_is_the_list(slack: Slack) -> None:
    answer = slack.command("oncall")
    shown = str(answer.json["blocks"])
    assert not answer.public
    assert answer.said == "On call now: Bea."
    assert "*The list*: Bea, Cy" in shown
    assert "+0:00 Bea phone, +1:00 Bea phone, +2:00 Cy phone" in shown
    assert "everybody is told after 12:00" in shown
    assert "<@" not in shown


def test_who_is_on_the_list_and_cannot_be_called_is_named_with_what_helps(slack: Slack, books: Books) -> None:
    """The next person is called instead, and nobody would notice."""
    assert "Not called" not in str(slack.command("oncall").json["blocks"])
    with books.database.begin() as session:
        session.execute(update(Member).where(Member.name == "Bea").values(phone_verified_at=None))
    shown = str(slack.command("oncall").json["blocks"])
    assert "*Not called*: Bea" in shown
    assert "number is not verified (POST /api/v1/members/…/phone/code)" in shown
    assert "+0:00 Cy phone" in shown


def test_schedules_with_who_is_next_and_a_step_that_has_nobody(slack: Slack, books: Books) -> None:
    with books.database.only_store().begin() as tx:
        both = tuple(people.named(tx, name).id for name in ("Bea", "Cy"))
        week = Rotation(datetime.fromisoformat("2026-01-05 09:00"), Unit.WEEK)
        duty.make(tx, name="Primary", zone="UTC", layers_=[Layer(both, week)])
        empty = duty.make(tx, name="Nights <!here>", zone="UTC", layers_=[])
        steps = [{"calls": 1, "every": 60, "wait": 120, "to": {"schedule": str(empty.id)}}, *DEFAULT_POLICY["steps"]]
        policies.change_default(tx, {**DEFAULT_POLICY, "steps": steps})
    answer = slack.command("on-call")
    shown = str(answer.json["blocks"])
    assert "*Primary*: " in shown
    assert "; then " in shown
    assert "*Nights &lt;!here&gt;*: :warning: nobody" in shown
    assert "+0:00 :warning: nobody (nobody is on call in Nights" in shown
    assert answer.said in ("On call now: Bea (Primary).", "On call now: Cy (Primary).")
    assert books.incidents() == []


def test_words_after_it_are_a_title(slack: Slack, books: Books) -> None:
    slack.command("oncall phone is dead")
    assert books.incident().title == "oncall phone is dead"


def test_the_hand_over_shows_the_shift_what_goes_on_and_who_is_next(slack: Slack, books: Books) -> None:
    assert "There is no schedule" in slack.command("handover").said
    with books.database.only_store().begin() as tx:
        both = tuple(people.named(tx, name).id for name in ("Bea", "Cy"))
        week = Rotation(datetime.fromisoformat("2026-01-05 09:00"), Unit.WEEK)
        duty.make(tx, name="Primary <!here>", zone="UTC", layers_=[Layer(both, week)])
    slack.command("checkout returns 502")
    answer = slack.command("hand-over")
    shown = str(answer.json["blocks"])
    assert answer.said == "Hand-over: 1 open."
    assert not answer.public
    assert "*Primary &lt;!here&gt;*: " in shown
    assert "0 calls, 0 taken, 0 resolved; 1 were reported" in shown
    assert "takes over" in shown
    assert "checkout returns 502 · :warning: nobody has it" in shown
    assert "<@" not in shown


def test_a_group_is_shown_with_who_of_it_is_not_reached(slack: Slack, books: Books) -> None:
    with books.database.only_store().begin() as tx:
        also = [{"by": "slack", "after": 0}]
        steps = [{"calls": 2, "every": 60, "wait": 120, "to": {"group": "S0SRE"}, "also": also}]
        policies.change_default(tx, {**DEFAULT_POLICY, "steps": steps, "repeat": 0})
        group = Group("S0SRE", "sre <!here>", "SRE", {"U0BEA", "U0CY", "U0<!here>"})
        groups.take_in(tx, [group], of={"S0SRE"})
    shown = str(slack.command("oncall").json["blocks"])
    assert "+0:00 Bea phone, +0:00 @sre &lt;!here&gt; slack, +1:00 Cy phone" in shown
    assert "*Not called*: U0&lt;!here&gt; of @sre &lt;!here&gt;: no member here has that Slack user" in shown
    assert "<!here>" not in shown
