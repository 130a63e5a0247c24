"""What triage drafts for people: stored with the incident, shown, and sent to nobody."""

from dataclasses import replace

from incidents import classification
from incidents.ports import Remedy
from incidents.words import Sentiment, Severity, Triage, Urgency
from integrations.card import card
from tests.core_fakes import judged
from tests.integration.core.world import World

VERDICT = replace(
    judged(severity=Severity.HIGH),
    urgency=Urgency.HIGH,
    sentiment=Sentiment.ANGRY,
    reply="Thank you. Since when does it happen?",
    remediation=[Remedy("Restart the pooler.", "incident:1", "Pool exhausted", 1)],
)


def test_the_verdicts_drafts_are_kept_and_shown(world: World) -> None:
    world.triager.verdict = VERDICT
    incident = world.reported()
    world.run_due()
    summary = world.summary(incident)
    assert (summary.urgency, summary.sentiment) == (Urgency.HIGH, Sentiment.ANGRY)
    assert (summary.reply, summary.remediation) == (VERDICT.reply, VERDICT.remediation)
    assert "Since when does it happen?" in str(card(summary).blocks)


def test_no_message_says_the_reply(world: World) -> None:
    """Only the card tells it, as a draft."""
    world.triager.verdict = VERDICT
    world.reported(origin_channel="C0GENERAL", origin_thread="1.1")
    world.run_due()
    assert [note for note in world.notes() if "Since when" in note] == []
    told = [post for post in world.chat.posts if "Since when" in str(post.message.blocks)]
    assert all("(not sent)" in str(post.message.blocks) for post in told)


def test_without_a_reply_of_a_models_there_is_one_that_is_always_true(world: World) -> None:
    world.triager.verdict = replace(VERDICT, reply=None)
    incident = world.reported()
    world.run_due()
    reply = world.fresh(incident).reply
    assert reply is not None
    assert reply.startswith("Thank you for the report, and sorry for the trouble it gives you.")


def test_what_nobody_could_classify_has_a_reply_too(world: World) -> None:
    incident = world.reported()
    world.act(incident, lambda tx, row: classification.triage_failed(tx, row, reason="it broke"))
    kept = world.fresh(incident)
    assert kept.triage is Triage.FAILED
    assert (kept.reply or "").startswith("Thank you for the report.")
