"""The one log of all parts is short and readable."""

import io

import pytest

from app.console import Console


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("plain words", "web             plain words"),
        ('{"event": "ready", "part": "web", "level": "info"}', "web             ready"),
        ('{"event": "paged", "timestamp": "2026-11-21T12:03:04Z", "job": 7}', "web             12:03:04 paged job=7"),
        (
            '{"event": "failed", "exception": "Trace\\nError"}',
            "web             failed\nweb             Trace\nweb             Error",
        ),
        ('{"no": "event"}', 'web             {"no": "event"}'),
        ("{broken", "web             {broken"),
    ],
)
def test_a_childs_line_becomes_a_short_sentence(line: str, shown: str) -> None:
    stream = io.StringIO()
    Console(stream).say_from_child("web", line)
    assert stream.getvalue().rstrip("\n") == shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_colours_unless_the_person_wants_none(monkeypatch: pytest.MonkeyPatch) -> None:
    coloured, plain = Terminal(), Terminal()
    monkeypatch.delenv("NO_COLOR", raising=False)
    Console(coloured).say("web", "ready")
    monkeypatch.setenv("NO_COLOR", "1")
    Console(plain).say("web", "ready")
    assert "\x1b[" in coloured.getvalue()
    assert "\x1b[" not in plain.getvalue()
