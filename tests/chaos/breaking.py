"""Does the faults of a schedule to a stack, and undoes them when their time is over."""

import time
from collections.abc import Callable

from tests.chaos.facts import Broke, Facts
from tests.chaos.proxy import Rule
from tests.chaos.schedule import ALL_WORKERS, PROCESSES, Fault
from tests.chaos.stack import Stack

WORKERS = tuple(name for name in PROCESSES if name.startswith("worker-"))


class Breaking:
    """`begin` gives what ends the fault; both are called by the thread that entered the stack."""

    def __init__(self, stack: Stack, facts: Facts) -> None:
        self._stack = stack
        self._facts = facts

    def begin(self, fault: Fault) -> Callable[[], None]:
        kinds: dict[str, Callable[[Fault], Callable[[], None] | None]] = {
            "kill": self._kill,
            "stop": self._stop,
            "provider": self._provider,
            "network": self._network,
            "flush": self._flush,
            "down": self._down,
            "restart": self._restart,
            "crash": self._restart,
        }
        began = time.time()
        undo = kinds[fault.kind](fault)
        if undo is None:
            if fault.kind != "kill":
                self._noted(fault, began)
            return lambda: None

        def end() -> None:
            undo()
            self._noted(fault, began)

        return end

    def _noted(self, fault: Fault, began: float) -> None:
        self._facts.noted(Broke(fault.kind, fault.on, began, time.time(), fault.with_))

    def _kill(self, fault: Fault) -> None:
        """Each process that is hit is noted by its name."""
        for name in WORKERS if fault.on == ALL_WORKERS else (fault.on,):
            began = time.time()
            self._stack.kill(name)
            self._facts.noted(Broke("kill", name, began, time.time()))

    def _stop(self, fault: Fault) -> Callable[[], None]:
        self._stack.stop(fault.on)
        return lambda: self._stack.go_on(fault.on)

    def _provider(self, fault: Fault) -> None:
        self._stack.play.control("/control/fault", {"provider": fault.on, **fault.with_})

    def _network(self, fault: Fault) -> Callable[[], None]:
        name, rule = self._stack.rule(fault.on, fault.with_["rule"])
        proxy = self._stack.network
        proxy.put(name, rule)

        def lift(name: str = name, rule: Rule = rule) -> None:
            proxy.lift(name, rule)

        return lift

    def _flush(self, fault: Fault) -> None:
        self._stack.flush_redis()

    def _down(self, fault: Fault) -> Callable[[], None]:
        self._stack.end_server(fault.on, crash=True)
        return lambda: self._stack.start_server(fault.on)

    def _restart(self, fault: Fault) -> None:
        self._stack.end_server(fault.on, crash=fault.kind == "crash")
        self._stack.start_server(fault.on)
