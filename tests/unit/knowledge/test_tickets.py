"""Tickets are read from CSV; what is wrong is told by its line and left out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidents.errors import IncidentError
from incidents.lessons import Taught
from knowledge.tickets import Reading, advice, columns, read

CATEGORIES = ("database", "network")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
GOOD = """id,title,text,category,at,resolution
7,Pool,"No connection
left",Database,2026-01-05T09:00:00,Restart it.
"""


def taught(tmp_path: Path, text: str, **asked: str) -> tuple[list[Taught], Reading]:
    path = tmp_path / "tickets.csv"
    path.write_text(text)
    told = Reading()
    which = columns(path, asked)
    found = list(read(path, which, categories=CATEGORIES, renamed={"dns": "network"}, now=NOW, told=told))
    return found, told


def test_a_row_is_a_lesson_with_where_it_comes_from(tmp_path: Path) -> None:
    (only,), told = taught(tmp_path, GOOD)
    lesson = only.lesson
    assert (lesson.source, lesson.category, lesson.helped) == ("import:7", "database", "Restart it.")
    assert lesson.text == "Pool\nNo connection\nleft"
    assert (only.at, only.via, told.rows) == (datetime(2026, 1, 5, 9, tzinfo=UTC), "tickets.csv", 1)


def test_columns_by_other_names(tmp_path: Path) -> None:
    (only,), _ = taught(tmp_path, "Summary,Group\nNo names,dns\n", title="Summary", category="Group")
    assert (only.lesson.title, only.lesson.category, only.at) == ("No names", "network", NOW)


def test_the_same_words_in_one_category_are_one_lesson_and_so_is_the_same_id(tmp_path: Path) -> None:
    found, told = taught(
        tmp_path, "id,title,category\n1,A  b,database\n2,a b,database\n1,other,database\n3,a b,network\n"
    )
    assert [each.lesson.source for each in found] == ["import:1", "import:3"]
    assert told.folded == 2


def test_bad_rows_are_told_by_their_line(tmp_path: Path) -> None:
    good, bad = '"two\nlines",database,\n', ",database,\nx,,\nx,database,yesterday\nx,database,,more\nx,weather,\n"
    text = f"title,category,at\n{good}{bad}"
    found, told = taught(tmp_path, text)
    assert [each.lesson.title for each in found] == ["two\nlines"]
    assert [line.split(":")[0] for line in told.bad] == ["line 4", "line 5", "line 6", "line 7"]
    assert told.unknown == {"weather": 1}
    assert "--map 'weather'=database" in advice(told, CATEGORIES)[-1]


def test_no_secret_gets_in(tmp_path: Path) -> None:
    (only,), _ = taught(tmp_path, "title,category\npassword: hunter22,database\n")
    assert "hunter22" not in only.lesson.text + only.lesson.title


@pytest.mark.parametrize(
    ("text", "asked", "says"),
    [
        ("a,b\n1,2\n", {}, "Say which column"),
        ("title,b\n1,2\n", {}, "--category"),
        ("title,category\n1,2\n", {"title": "Summary"}, "has no column 'Summary'"),
        ("", {}, "Say which column"),
    ],
)
def test_what_is_not_there_is_told(tmp_path: Path, text: str, asked: dict[str, str], says: str) -> None:
    with pytest.raises(IncidentError, match=says):
        taught(tmp_path, text, **asked)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(b"title,category\n\xff\xfe,database\n")
    with pytest.raises(IncidentError, match=r"cannot be read|no CSV"):
        list(read(path, columns(path, {}), categories=CATEGORIES, renamed={}, now=NOW, told=Reading()))
    with pytest.raises(IncidentError, match="cannot be read"):
        columns(tmp_path / "nothing.csv", {})
