"""How soon people are answered and called: `python -m benchmarks.latency [--small]`, told in docs/benchmarks.md."""

import argparse
import json
import sys
import time
from dataclasses import dataclass

from benchmarks.stage import bare, figures, reporting, slack
from benchmarks.stage.figures import Figures, spread
from benchmarks.stage.product import Product, Servers, eventually, product, servers
from benchmarks.stage.reporting import Sent

CLIENTS = (1, 8)
TITLE = "Checkout answers 500 for every third customer, number"


@dataclass(frozen=True)
class Size:
    """How much is measured. `watch` is how long a burst's channels are watched, and `rest` the pause between two
    commands, in seconds.
    """

    commands: int
    rounds: int
    burst: int
    within: float
    watch: float
    rest: float


USUAL = Size(commands=240, rounds=10, burst=100, within=10, watch=60, rest=0.3)
SMALL = Size(commands=8, rounds=1, burst=3, within=0.5, watch=0, rest=0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="see whether it works; the figures say nothing")
    size = SMALL if parser.parse_args().small else USUAL
    told: Figures = {"benchmark": "latency", "machine": figures.machine(), "load_before": figures.load()}
    with servers() as running:
        told["slash"] = _slash(running, size)
        told["report"] = _reports(running, size)
        told["burst"] = _burst(running, size)
    told["load_after"] = figures.load()
    print(json.dumps(told))
    return 0


def _slash(servers: Servers, size: Size) -> Figures:
    """A command to its answer, beside a bare Bolt listener: at rest, and with the workers busy all the time."""
    told: Figures = {}
    with product(servers, sandbox=True) as tocsin, bare.running(servers) as listener:
        apps = {"product": tocsin.address, "bare": listener}

        def rest() -> None:
            """What the commands before have brought about is done, as far as Slack's limits let it be done."""
            time.sleep(size.rest)
            eventually(lambda: reporting.idle(tocsin), within=60, saying="the workers are never done")

        slack.interleaved(apps, clients=8, rounds=max(size.commands // 24, 1))  # All connections and caches are there.
        rest()
        for clients in CLIENTS:
            taken = slack.in_turn(apps, clients=clients, rounds=max(size.commands // 4 // clients, 1), rest=rest)
            told[_named(clients)] = _beside_bare(taken)
            _say(f"slash, {clients} clients: {told[_named(clients)]}")
        for clients in CLIENTS:
            taken = slack.interleaved(apps, clients=clients, rounds=max(size.commands // clients, 1))
            told[f"{_named(clients)}_busy"] = _beside_bare(taken)
            _say(f"slash, {clients} clients without a rest: {told[f'{_named(clients)}_busy']}")
    return told


def _beside_bare(taken: dict[str, list[float]]) -> Figures:
    of = {name: spread(times) for name, times in taken.items()}
    return {**of, "p50_ratio": round(of["product"]["p50_ms"] / of["bare"]["p50_ms"], 2)}


def _reports(servers: Servers, size: Size) -> Figures:
    """A report to its triage, and a HIGH one to the call about it; the next round begins when all of it is over."""
    told: Figures = {}
    with product(servers, sandbox=True) as tocsin:
        _round(tocsin, clients=1)
        for clients in CLIENTS:
            triages: list[float] = []
            calls: list[float] = []
            for _ in range(size.rounds if clients == 1 else max(size.rounds // 2, 1)):
                sent = _round(tocsin, clients=clients)
                triages += reporting.triaged(tocsin, sent).values()
                calls += reporting.called(tocsin, sent).values()
            told[_named(clients)] = {"triaged": spread(triages, unit="s"), "called": spread(calls, unit="s")}
            _say(f"report, {clients} clients: {told[_named(clients)]}")
    return told


def _round(tocsin: Product, *, clients: int) -> list[Sent]:
    """Reported, triaged, called about, resolved, and the phone free again."""
    sent = reporting.at_once(tocsin, clients=clients, severity="HIGH", title=TITLE)
    eventually(
        lambda: len(reporting.triaged(tocsin, sent)) == len(reporting.called(tocsin, sent)) == clients,
        within=60,
        saying="not everything was triaged and called about",
        every=0.25,
    )
    reporter = reporting.Reporter(tocsin)
    for each in sent:
        reporter.resolve(each.number)
    eventually(lambda: reporting.quiet(tocsin), within=60, saying="the phone rings on", every=0.25)
    return sent


def _burst(servers: Servers, size: Size) -> Figures:
    """Many HIGH reports to one person on duty: to the call that covers each; to the channel of each, apart."""
    with product(servers, sandbox=True) as tocsin:
        _round(tocsin, clients=1)
        sent = reporting.evenly(tocsin, number=size.burst, seconds=size.within, severity="HIGH", title=TITLE)
        eventually(
            lambda: len(reporting.called(tocsin, sent)) == len(sent),
            within=120,
            saying="not every report was covered by a call",
            every=1,
        )
        covered = reporting.called(tocsin, sent)
        time.sleep(size.watch)
        opened, refused = reporting.channels(tocsin, sent)
        triages = reporting.triaged(tocsin, sent)
        calls = len(reporting.first_calls(tocsin, sent))
    told = {
        "reports": len(sent),
        "within_s": size.within,
        "called": {**spread(list(covered.values()), unit="s"), "calls": calls},
        "triaged": spread(list(triages.values()), unit="s"),
        "channel": {
            **spread(list(opened.values()), unit="s"),
            "waited_for_slacks_limit": len(refused),
            "not_open_yet": len(sent) - len(opened),
        },
    }
    _say(f"burst: {told}")
    return told


def _named(clients: int) -> str:
    return "1_client" if clients == 1 else f"{clients}_clients"


def _say(text: str) -> None:
    print(f"{text} (load {figures.load()})", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
