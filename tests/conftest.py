"""For all tests: the real servers as fixtures, and a run that skipped anything has failed."""

import pytest

pytest_plugins = ["tests.services"]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test proves nothing; whoever cannot run it gets a red run that says so."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if reporter is not None and skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"{len(skipped)} skipped: nothing may be skipped here.", red=True)
