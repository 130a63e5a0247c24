"""The way of one job through its worker: the points at which the worker can die, found by walking it once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


class Killed(BaseException):
    """The worker died here: nothing after this was done, and nobody wrote down that it was not."""


@dataclass(frozen=True, slots=True)
class Point:
    """`lasting` counts what came before and outlives the worker: commits that wrote, calls of a provider."""

    name: str
    lasting: int


class Path:
    """Notes every point that a worker passes, and kills it at the one named `dies_at`."""

    def __init__(self, *, dies_at: str | None = None) -> None:
        self.points: list[Point] = []
        self.asked: list[tuple[str, str]] = []
        self.dead = False
        self._dies_at = dies_at
        self._lasting = 0
        self._names: Counter[str] = Counter()

    def reached(self, name: str) -> None:
        """The first `after call` is called so, the second one `after call 2`. Raises: Killed."""
        if self.dead:
            raise Killed("a dead worker does nothing more")
        self._names[name] += 1
        number = self._names[name]
        point = Point(name if number == 1 else f"{name} {number}", self._lasting)
        self.points.append(point)
        if point.name == self._dies_at:
            self.dead = True
            raise Killed(point.name)

    def asks(self, port: str, method: str) -> None:
        """A provider is about to be asked."""
        self.reached(f"before {method}")
        if (port, method) not in self.asked:
            self.asked.append((port, method))

    def answered(self, method: str) -> None:
        """The provider has done it, or not; its answer is on the way."""
        self._lasting += 1
        self.reached(f"after {method}")

    def committed(self) -> None:
        self._lasting += 1
        self.reached("after commit")


def distinct(points: Iterable[Point]) -> list[str]:
    """One point for each state in which a worker can leave its job half done.

    Between the points of one state nothing lasting happens; before the first commit nothing has happened yet, and after
    the last one everything has.
    """
    first: dict[int, str] = {}
    for point in points:
        first.setdefault(point.lasting, point.name)
    return list(first.values())[1:-1]
