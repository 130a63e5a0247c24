"""Tickets are read in the order of arrival, redacted; of bad data the line is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.stage.tickets import FEWEST, BadDataError, read


def rows(count: int = FEWEST) -> list[dict[str, Any]]:
    return [
        {"id": f"t{n}", "ts": f"2026-01-{n % 28 + 1:02}T10:00:00Z", "text": f"n{n}", "label": "x"} for n in range(count)
    ]


def written(folder: Path, lines: list[Any]) -> Path:
    file = folder / "tickets.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return file


def test_they_come_in_the_order_of_their_times(tmp_path: Path) -> None:
    tickets, by = read(written(tmp_path, rows()[::-1]))
    assert ([ticket.text for ticket in tickets], by) == ([f"n{n}" for n in range(FEWEST)], "ts")


@pytest.mark.parametrize("ts", [None, "2017-00-00T00:00:00Z", [], 1e300])
def test_when_one_has_no_true_time_they_come_as_they_stand(tmp_path: Path, ts: object) -> None:
    tickets, by = read(written(tmp_path, [*rows()[::-1], "", {"ts": ts, "text": "last", "label": "x"}]))
    assert (tickets[0].text, tickets[-1].text, by) == (f"n{FEWEST - 1}", "last", "file")


def test_secrets_are_masked_and_long_texts_cut_as_in_triage(tmp_path: Path) -> None:
    lines = [*rows(), {"text": "mail me at ada@example.com", "label": "x"}, {"text": "a" * 9_999, "label": "x"}]
    texts = [ticket.text for ticket in read(written(tmp_path, lines))[0]]
    assert "mail me at [email]" in texts
    assert max(map(len, texts)) == 4_000


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "Line 3 is no JSON"),
        ("[1]", "Line 3 is no JSON object"),
        ({"text": 7, "label": "x"}, "Line 3: `text` must be a string, not 7"),
        ({"text": "a"}, "Line 3: `label` must be a string, not null"),
        ({"text": "a", "label": " "}, "Line 3: `label` is empty"),
    ],
)
def test_of_bad_data_the_line_is_told(tmp_path: Path, line: Any, says: str) -> None:
    with pytest.raises(BadDataError) as error:
        read(written(tmp_path, [*rows(2), line]))
    assert says in str(error.value)


def test_a_handful_of_tickets_says_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match="has 3 tickets"):
        read(written(tmp_path, rows(3)))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match="cannot be read"):
        read(tmp_path / "nothing.jsonl")
