"""The first API key is made once, for its owner's eyes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.admin_key import admin_key, key_file
from app.settings import Settings

pytestmark = pytest.mark.usefixtures("bare")


def test_the_key_that_was_set_is_used_and_not_kept(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, admin_api_key=SecretStr("given"))
    assert admin_key(settings) == "given"
    assert not key_file(settings).exists()


def test_a_made_key_stays_and_nobody_else_reads_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    key = admin_key(settings)
    assert len(key) >= 40
    assert admin_key(settings) == key
    assert key_file(settings).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in key_file(settings).parent.iterdir()] == ["admin-api-key"]


def test_two_who_ask_at_once_get_the_same_key(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: admin_key(settings), range(32)))) == 1
