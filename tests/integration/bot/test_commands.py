"""`/incident …` over HTTP."""

import pytest

from incidents import projects
from incidents.words import Source, Status
from tests.books import Books, at_once
from tests.integration.bot.conftest import Outside
from tests.integration.bot.slack import CHANNEL, ROOM, Slack

HOSTILE = {
    "<!here> <@U0BEA> everything is down": "@here @Bea everything is down",
    "a &lt; b &amp;&amp; c": "a < b && c",
    "&lt;!channel&gt; look": "<!channel> look",
    "payload of the queue is empty": "payload of the queue is empty",
    "payload=1&text=2": "payload=1&text=2",
    "100% +1 a=b c;d": "100% +1 a=b c;d",
    "db\x00 is\x07 down": "db is down",
    "😱 down 👩‍🚒": "😱 down 👩‍🚒",
    "\u202eנפל הכול": "\u202eנפל הכול",
    "*bold* `code` ~gone~": "*bold* `code` ~gone~",
    "'; DROP TABLE incidents; --": "'; DROP TABLE incidents; --",
    '{"title": "json"}': '{"title": "json"}',
}


def test_a_text_declares_an_incident_that_owes_its_triage_and_its_first_page(slack: Slack, books: Books) -> None:
    answer = slack.command("checkout returns 502")
    assert (answer.status, answer.public) == (200, True)
    assert "*#1* checkout returns 502, declared by <@U0ANA>" in answer.said
    assert "`#incident-1`" in answer.said
    assert "Bea" in answer.said
    incident = books.incident()
    assert (incident.title, incident.source, incident.status) == ("checkout returns 502", Source.SLASH, Status.OPEN)
    assert (incident.reporter_slack, incident.origin_channel) == ("U0ANA", CHANNEL)
    assert len(books.owed("TRIAGE")) == len(books.owed("PAGE")) == 1
    assert [ring.queue for ring in books.bell.rings] == ["triage"]


def test_what_is_declared_in_a_projects_channel_is_the_projects(slack: Slack, books: Books) -> None:
    with books.database.only_store().begin() as tx:
        made = projects.make(tx, name="Payments", description="", services=[], channels=[ROOM])
    slack.command("no invoices are sent", channel=ROOM)
    slack.command("checkout returns 502")
    assert [each.project_id == made.id for each in books.incidents()] == [True, False]
    assert slack.command("list").said == "2 open: #1 MEDIUM, #2 MEDIUM."


def test_a_reporter_whom_we_know_is_called_by_name(slack: Slack, books: Books) -> None:
    slack.command("checkout returns 502", user="U0BEA")
    assert (books.incident().reporter_name, books.incident().reporter_slack) == ("Bea", "U0BEA")


def test_the_same_command_twice_is_one_incident_and_the_same_answer(slack: Slack, books: Books) -> None:
    first, second = (slack.command("checkout returns 502", trigger="t1") for _ in range(2))
    assert first == second
    assert len(books.incidents()) == 1


def test_twenty_of_the_same_command_at_once_are_one_incident(slack: Slack, books: Books) -> None:
    answers = at_once(20, lambda: slack.command("checkout returns 502", trigger="t1"))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.said for answer in answers}) == 1
    assert [incident.number for incident in books.incidents()] == [1]
    assert len(books.owed("PAGE")) == 1


def test_twenty_commands_at_once_are_twenty_incidents(slack: Slack, books: Books) -> None:
    at_once(20, lambda: slack.command("checkout returns 502"))
    assert [incident.number for incident in books.incidents()] == list(range(1, 21))


@pytest.mark.parametrize(("typed", "title"), HOSTILE.items())
def test_hostile_text_is_kept_and_rings_nobody(slack: Slack, books: Books, typed: str, title: str) -> None:
    answer = slack.command(typed)
    assert books.incident().title == title
    assert "<!" not in answer.said
    assert "<@U0BEA>" not in answer.said
    assert "\u202e" not in answer.said


def test_a_long_text_is_kept_whole_and_answered_within_the_limits(slack: Slack, books: Books) -> None:
    typed = "the checkout & " * 270
    answer = slack.command(typed)
    incident = books.incident()
    assert len(incident.title) <= 200
    assert " ".join(typed.split()) in incident.description
    assert len(answer.said) < 3000


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u2003"])
def test_nothing_typed_shows_the_help(slack: Slack, books: Books, text: str) -> None:
    assert slack.command(text).said == slack.command("help").said
    assert books.incidents() == []


def test_what_nobody_can_read_is_no_incident_and_is_said(slack: Slack, books: Books) -> None:
    answer = slack.command("\x00\x07")
    assert (answer.status, answer.public) == (200, False)
    assert "Say what is wrong" in answer.said
    assert (books.incidents(), books.accepted()) == ([], 0)


def test_help_is_for_you_alone_and_names_the_hotline(slack: Slack) -> None:
    answer = slack.command("help")
    assert not answer.public
    assert "+12025550100" in answer.said
    assert "/incident ack" in answer.text


def test_the_list_is_for_you_alone_the_worst_first(slack: Slack, books: Books) -> None:
    assert "No open incidents" in slack.command("list").said
    slack.command("slow pages")
    slack.command("checkout returns 502")
    slack.command("gone")
    books.change(2, severity="HIGH")
    books.change(3, status="resolved")
    answer = slack.command("status")
    assert not answer.public
    assert answer.said == "2 open: #2 HIGH, #1 MEDIUM."


def test_a_long_list_stays_within_slacks_limits(slack: Slack) -> None:
    for _ in range(30):
        slack.command("& < > " * 40)
    answer = slack.command("list")
    assert len(answer.json["blocks"]) <= 50
    assert sum(len(block.get("text", {}).get("text", "")) for block in answer.json["blocks"]) <= 13_200


def test_ack_takes_the_incident_and_ends_the_paging(slack: Slack, books: Books) -> None:
    slack.command("checkout returns 502")
    answer = slack.command("ack 1", user="U0BEA")
    assert answer.public
    assert answer.said.startswith("<@U0BEA> acknowledged #1.")
    incident = books.incident()
    assert (incident.status, incident.acknowledged_by) == (Status.ACKNOWLEDGED, "Bea")
    assert books.owed("PAGE") == []
    assert "acknowledged by Bea already" in slack.command("ack #1", user="U0CY").said
    assert books.timeline().count("acknowledged") == 1


def test_the_same_ack_twice_is_said_to_be_done(slack: Slack, books: Books) -> None:
    slack.command("checkout returns 502")
    slack.command("ack 1", user="U0BEA", trigger="t1")
    again = slack.command("ack 1", user="U0BEA", trigger="t1")
    assert (again.public, again.said) == (False, "This was done already: #1 is acknowledged.")


def test_the_same_escalate_twice_calls_one_person(slack: Slack, books: Books) -> None:
    slack.command("checkout returns 502")
    answers = at_once(5, lambda: slack.command("escalate 1", trigger="t1"))
    assert sum(answer.public for answer in answers) == 1
    assert books.timeline().count("escalated") == 1
    assert len(books.owed("PAGE")) == 1


def test_escalate_says_who_is_called(slack: Slack, books: Books) -> None:
    slack.command("checkout returns 502")
    answer = slack.command("page 1")
    assert "is being called" in answer.said
    assert books.owed("PAGE")[0].due <= books.database.now()


def test_resolve_keeps_what_fixed_it(slack: Slack, books: Books) -> None:
    slack.command("checkout returns 502")
    assert slack.command("resolve 1 rolled &lt;back&gt;").said == "<@U0ANA> resolved #1."
    assert (books.incident().status, books.incident().resolution) == (Status.RESOLVED, "rolled <back>")
    assert slack.command("resolve 1").said == "#1 is resolved already."
    assert "Reopen it" in slack.command("ack 1").said
    assert "Reopen it" in slack.command("escalate 1").said


def test_in_its_channel_an_incident_needs_no_number(slack: Slack, books: Books) -> None:
    slack.command("checkout returns 502")
    books.change(channel_id=ROOM)
    assert "acknowledged #1" in slack.command("ack", channel=ROOM).said
    assert slack.command("resolve rolled back", channel=ROOM).said == "<@U0ANA> resolved #1."
    assert books.incident().resolution == "rolled back"


def test_a_number_in_what_fixed_it_resolves_no_other_incident(slack: Slack, books: Books) -> None:
    slack.command("checkout returns 502")
    slack.command("another one")
    books.change(2, channel_id=ROOM)
    answer = slack.command("resolve 1 pod restarted", channel=ROOM)
    assert not answer.public
    assert "`/incident resolve #2 …`" in answer.said
    assert {incident.status for incident in books.incidents()} == {Status.OPEN}
    slack.command("resolve #2 1 pod restarted", channel=ROOM)
    assert books.incident(2).resolution == "1 pod restarted"
    slack.command("resolve #1 rolled back", channel=ROOM)
    assert books.incident(1).status is Status.RESOLVED


def test_merge_names_both_or_the_one_of_the_channel_and_reopen_undoes_it(slack: Slack, books: Books) -> None:
    slack.command("checkout returns 502")
    slack.command("cannot pay")
    assert slack.command("merge 2 into #1").said.startswith("<@U0ANA> merged #2 into #1.")
    assert (len(books.owed("PAGE")), books.owed("PAGE", 2)) == (1, [])
    assert slack.command("merge 2 1").said == "#2 was merged into #1 already."
    assert slack.command("reopen 2 another cause").said.startswith("<@U0ANA> reopened #2. Paging: next Bea")
    assert len(books.owed("PAGE", 2)) == 1
    books.change(2, channel_id=ROOM)
    assert "merged #2 into #1" in slack.command("merge 1", channel=ROOM).said
    assert "/incident merge 42 41" in slack.command("merge 1").said
    assert "/incident merge 42 41" in slack.command("merge", channel=ROOM).said
    assert "There is no incident '77'" in slack.command("merge 2 77").said


@pytest.mark.parametrize("verb", ["ack", "escalate", "resolve", "reopen"])
def test_outside_a_channel_the_incident_must_be_named(slack: Slack, verb: str) -> None:
    assert f"`/incident {verb} 42`" in slack.command(verb).said


@pytest.mark.parametrize("name", ["9", "#9", "99999999999999999999", "#", "<@U0BEA|bea>", "\x00x1", "x" * 69 + "1"])
def test_an_incident_that_is_not_there_is_said_to_you(slack: Slack, books: Books, name: str) -> None:
    answer = slack.command(f"ack {name}")
    assert (answer.status, answer.public) == (200, False)
    assert "There is no incident" in answer.said
    assert "<@" not in answer.said
    assert books.incidents() == []


@pytest.mark.parametrize("typed", ["page down", "resolve 502 errors on the checkout", "escalate button"])
def test_a_title_that_was_taken_for_a_command_is_one_click_away(
    slack: Slack, books: Books, outside: Outside, typed: str
) -> None:
    answer = slack.command(typed)
    assert not answer.public
    button = answer.buttons[-1]
    slack.click(button["action_id"], value=button["value"], user="U0ANA", ephemeral=True)
    assert books.incident().title == typed
    assert "declared by <@U0ANA>" in outside.told()["text"]


def test_one_letter_off_asks_with_both_ways_as_buttons(slack: Slack, books: Books, outside: Outside) -> None:
    slack.command("checkout returns 502")
    answer = slack.command("resolv 1")
    assert (answer.public, answer.said) == (False, "Did you mean `/incident resolve 1`?")
    yes, no = answer.buttons
    assert (yes["text"]["text"], no["text"]["text"]) == ("Yes, resolve 1", "No, declare “resolv 1”")
    assert books.incident().status is Status.OPEN
    assert slack.click(yes["action_id"], value=yes["value"], user="U0ANA").status == 200
    told = outside.told()
    assert (told["response_type"], told["text"]) == ("in_channel", "<@U0ANA> resolved #1.")
    assert books.incident().status is Status.RESOLVED


def test_an_impatient_finger_declares_once(slack: Slack, books: Books, outside: Outside) -> None:
    no = slack.command("lst").buttons[1]
    for _ in range(3):
        slack.click(no["action_id"], value=no["value"], message="1720000300.000100")
        assert "*#1* lst" in outside.told()["text"]
    assert [incident.title for incident in books.incidents()] == ["lst"]


def test_an_impatient_finger_escalates_once(slack: Slack, books: Books, outside: Outside) -> None:
    slack.command("checkout returns 502")
    yes = slack.command("esclate 1").buttons[0]
    for _ in range(2):
        slack.click(yes["action_id"], value=yes["value"], message="1720000300.000100")
        outside.told()
    assert books.timeline().count("escalated") == 1


def test_without_a_database_a_command_fails_aloud(slack_without_database: Slack) -> None:
    for text in ("checkout returns 502", "list", "ack 1"):
        assert slack_without_database.command(text).status == 503


def test_nothing_is_answered_before_the_commit(slack: Slack, books: Books) -> None:
    with books.broken_commits():
        assert slack.command("checkout returns 502", trigger="t1").status == 503
    assert books.incidents() == []
    assert slack.command("checkout returns 502", trigger="t1").status == 200
