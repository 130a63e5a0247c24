"""The web part is several processes: whichever answers a scrape tells what all of them did."""

import re

import httpx

from tests.play import Play

PATH = "/api/openapi.json"
COUNT = re.compile(rf'^tocsin_http_request_seconds_count{{.*route="{PATH}".*}} (.+)$', re.MULTILINE)
REQUESTS = 30


def fresh(play: Play, path: str) -> httpx.Response:
    """Over a connection of its own, which any of the processes may take."""
    return httpx.get(play.address + path, headers={"X-API-Key": play.key}, trust_env=False).raise_for_status()


def counted(play: Play) -> int:
    found = COUNT.search(fresh(play, "/metrics").text)
    return int(float(found[1])) if found else 0


def test_every_process_tells_what_all_of_them_answered(play: Play) -> None:
    before = counted(play)
    for _ in range(REQUESTS):
        fresh(play, PATH)
    assert {counted(play) for _ in range(REQUESTS)} == {before + REQUESTS}
