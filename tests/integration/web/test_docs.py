"""The document of the API shows a call of every route that the description lists."""

import re
from pathlib import Path

from flask.testing import FlaskClient

DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"


def test_every_route_is_shown(stranger: FlaskClient) -> None:
    text = DOCUMENT.read_text()
    for path in stranger.get("/api/openapi.json").get_json()["paths"]:
        pattern = re.sub(r"\\{\w+\\}", r"[\\w:-]+", re.escape(path))
        assert re.search(rf'\$BASE{pattern}["?]', text), path
