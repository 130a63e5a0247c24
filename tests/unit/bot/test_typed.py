"""What a person types after `/incident`: a command when it is clearly one, else a report."""

import pytest

from bot.typed import COMMANDS, VERBS, Typed, read


def typed(text: str) -> Typed:
    return read(text, in_incident_channel=False)


def typed_there(text: str) -> Typed:
    return read(text, in_incident_channel=True)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Typed("help")),
        ("   \t\n", Typed("help")),
        ("help", Typed("help")),
        ("HELP", Typed("help")),
        ("list", Typed("list")),
        ("status", Typed("list")),
        ("  List ", Typed("list")),
        ("ack", Typed("ack")),
        ("acknowledge", Typed("ack")),
        ("ack 42", Typed("ack", name="42")),
        ("ACK #42", Typed("ack", name="#42")),
        ("ack incident-42", Typed("ack", name="incident-42")),
        ("acknowledge checkout.eu", Typed("ack", name="checkout.eu")),
        ("escalate", Typed("escalate")),
        ("escalate 42", Typed("escalate", name="42")),
        ("page", Typed("escalate")),
        ("page 42", Typed("escalate", name="42")),
        ("resolve", Typed("resolve")),
        ("resolve 42", Typed("resolve", name="42")),
        ("resolve 42 rolled  back", Typed("resolve", name="42", text="rolled back")),
        ("merge 41", Typed("merge", text="41")),
        ("merge #42 41", Typed("merge", name="#42", text="41")),
        ("merge 42 into #41", Typed("merge", name="42", text="#41")),
        ("reopen 42 it is back", Typed("reopen", name="42", text="it is back")),
        ("resolve INC-7-ab12cd rolled back", Typed("resolve", name="INC-7-ab12cd", text="rolled back")),
    ],
)
def test_a_command_is_read_with_its_incident(text: str, meant: Typed) -> None:
    assert typed(text) == meant


@pytest.mark.parametrize(
    "title",
    [
        "checkout returns 502",
        "list of users is empty",
        "listing is broken",
        "status page is down",
        "help desk cannot log in",
        "page 3 times out",
        "page load takes 30 s",
        "ack messages pile up in the queue",
        "acknowledged mails come twice",
        "escalate button does nothing",
        "resolve dns failing",
        "merge conflict in the deploy",
        "merge 42 branches",
        "merge 1 2 3",
        "reopen dialog hangs",
        "resolver is down",
        "502",
        "#42",
        "<!here> everything is down",
        "😱",
        "\u202eנפל",
        "\x00",
        "x" * 4000,
        "a",
    ],
)
def test_everything_else_is_a_title(title: str) -> None:
    assert typed(f"  {title} ") == Typed("declare", text=title)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("lst", "list"),
        ("lsit", "list"),
        ("lists", "list"),
        ("statsu", "status"),
        ("hlep", "help"),
        ("help!", "help"),
        ("ak", "ack"),
        ("acknowlege", "acknowledge"),
        ("ak 42", "ack 42"),
        ("resolv #42", "resolve #42"),
        ("resolved", "resolve"),
        ("Esclate 42", "escalate 42"),
        ("pgae", "page"),
    ],
)
def test_one_letter_off_is_asked_about_with_all_that_was_typed(text: str, meant: str) -> None:
    assert typed(text) == Typed("unsure", text=text, meant=meant)


@pytest.mark.parametrize("title", ["lots of errors", "lost orders", "held mails", "back up failed", "resolvo dns"])
def test_a_title_that_begins_like_a_command_is_not_asked_about(title: str) -> None:
    assert typed(title) == Typed("declare", text=title)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ack", Typed("ack")),
        ("resolve rolled back", Typed("resolve", text="rolled back")),
        ("resolve dns", Typed("resolve", text="dns")),
        ("resolve #42 rolled back", Typed("resolve", name="#42", text="rolled back")),
        ("checkout is down as well", Typed("declare", text="checkout is down as well")),
        ("list of users is empty", Typed("declare", text="list of users is empty")),
    ],
)
def test_in_an_incidents_channel_its_name_can_be_left_out(text: str, meant: Typed) -> None:
    assert typed_there(text) == meant


@pytest.mark.parametrize(
    ("text", "clear"),
    [("ack", True), ("ack 42", True), ("ack #42", True), ("page down", False), ("resolve 502 errors", False)],
)
def test_a_command_that_could_be_a_title_is_not_clear(text: str, clear: bool) -> None:
    assert typed(text).is_clear is clear


def test_help_lists_exactly_the_commands_that_exist() -> None:
    shown = {each.usage.split()[0] for each in COMMANDS if each.usage[0].islower()}
    assert shown == set(VERBS.values())
    assert len(shown) == len(COMMANDS) - 1
    assert COMMANDS[0].usage == "WHAT IS HAPPENING"


def test_what_help_shows_is_read_as_that_command() -> None:
    for each in COMMANDS[1:]:
        example = each.usage.replace("[", "").replace("]", "")
        assert typed(example).verb == each.usage.split()[0]


@pytest.mark.parametrize(
    ("text", "inside", "verb", "name"),
    [
        ("status", False, "list", None),
        ("status", True, "status", None),
        ("status 42", False, "status", "42"),
        ("status of the EU cluster is red", False, "declare", None),
    ],
)
def test_status_is_of_one_incident_or_of_all(text: str, inside: bool, verb: str, name: str | None) -> None:
    typed = read(text, in_incident_channel=inside)
    assert (typed.verb, typed.name) == (verb, name)
