"""Runbooks are read from Markdown, and what is wrong with them is told by file and line."""

from pathlib import Path

import pytest

from incidents.errors import IncidentError
from knowledge.runbooks import read_folder

POOL = """---
category: Database
---
# Pools

## Pool exhausted
> No connection left
> in the pool

> Checkout hangs, password: hunter22

1. Restart the pooler.

```sh
## this is no heading
```

## Réplica #2 lags
Wait for it.
"""
CATEGORIES = ("database", "network")


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        path = tmp_path / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".md").write_text(text)
    return tmp_path


def test_each_section_is_an_entry_and_each_report_a_wording_of_it(tmp_path: Path) -> None:
    first, second, replica = read_folder(folder(tmp_path, db=POOL), categories=CATEGORIES)
    assert (first.source, first.title, first.category) == ("runbook:db:pool-exhausted", "Pool exhausted", "database")
    assert (first.text, second.source) == ("No connection left in the pool", "runbook:db:pool-exhausted#2")
    assert first.helped == "1. Restart the pooler.\n\n```sh\n## this is no heading\n```"
    assert "hunter22" not in second.text
    assert (replica.source, replica.text, replica.helped) == (
        "runbook:db:réplica-2-lags",
        "Wait for it.",
        "Wait for it.",
    )


def test_the_folder_says_the_category_and_a_page_without_sections_is_one(tmp_path: Path) -> None:
    (only,) = read_folder(folder(tmp_path, network__dns="# DNS\nFlush the cache."), categories=CATEGORIES)
    assert (only.source, only.category, only.helped) == ("runbook:network.dns:dns", "network", "Flush the cache.")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# A\ntext", "x.md:1: it has no category"),
        ("---\ncategory: weather\n---\n# A\ntext", "x.md:1: there is no category 'weather'"),
        ("---\ncategory: database\n# A", "x.md:1: the front matter has no end"),
        ("---\ncategory: database\n---\ntext", "x.md:1: it has no heading"),
        ("---\ncategory: database\n---\n## A\n\n## B\ntext", "x.md:4: a heading without words, or with nothing"),
        ("---\ncategory: database\n---\n## A\ntext\n## a\ntext", "x.md:6: a section of that name is there already"),
        ("---\ncategory: database\n---\n## A\n```\n## B", "x.md:6: a block of code has no end"),
        ("", "x.md:1: it has no category"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(IncidentError) as told:
        read_folder(folder(tmp_path, x=text, good=POOL, y="# Y\ntext"), categories=CATEGORIES)
    assert says in str(told.value)
    assert "y.md:1" in str(told.value), "all problems are told at once"


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_bytes(b"\xff\xfe# A")
    with pytest.raises(IncidentError, match=r"x.md:1: this is no UTF-8"):
        read_folder(tmp_path, categories=CATEGORIES)
    with pytest.raises(IncidentError, match="no folder"):
        read_folder(tmp_path / "nothing", categories=CATEGORIES)
