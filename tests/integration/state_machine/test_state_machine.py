"""Whatever people, providers and workers do in whatever order: nothing is lost, nothing is done twice."""

from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from incidents.store import Database
from tests.integration.state_machine.machine import Machine


@pytest.mark.timeout(0)
@pytest.mark.usefixtures("quiet")
def test_the_core_keeps_its_promises(
    machine_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Machine, "database", machine_database, raising=False)
    monkeypatch.setattr(Machine, "data_dir", tmp_path, raising=False)
    asked = settings.get_current_profile_name()
    profile = asked if asked in ("long", "whether") else "ci"
    run_state_machine_as_test(Machine, settings=settings.get_profile(profile))
