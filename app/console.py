"""The one log of all parts on a terminal: who speaks, how serious it is, what happened."""

import json
import sys
import threading
from typing import Any, TextIO

from app.settings import wants_colour

COLOURS = (36, 32, 35, 34, 33, 96, 92, 95, 94, 93)
RED, YELLOW, BOLD, DIM = 31, 33, 1, 2
WIDTH = 15
OWN = {"part", "event", "level", "timestamp", "exception"}


class Console:
    """Whole lines, from any thread. `broken` is set when nobody reads any more."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._colour = wants_colour(self._stream.isatty())
        self._colours: dict[str, int] = {}
        self._lock = threading.Lock()
        self.broken = threading.Event()

    def say(self, part: str, text: str, *, colour: int | None = None) -> None:
        with self._lock:
            of_part = self._colours.setdefault(part, COLOURS[len(self._colours) % len(COLOURS)])
            name = self._paint(f"{part:<{WIDTH}}", of_part)
            for line in text.splitlines():
                self._write(f"{name} {self._paint(line, colour) if colour else line}")

    def say_from_child(self, part: str, line: str) -> None:
        """A line as the child wrote it: JSON becomes a short sentence, the rest stays."""
        event = event_of(line)
        if event is None:
            self.say(part, line)
            return
        details = " ".join(f"{name}={value}" for name, value in event.items() if name not in OWN)
        time = str(event.get("timestamp", ""))[11:19]
        text = " ".join(piece for piece in (time, str(event["event"]), details) if piece)
        if "exception" in event:
            text += f"\n{event['exception']}"
        level = event.get("level")
        self.say(part, text, colour={"error": RED, "critical": RED, "warning": YELLOW}.get(str(level)))

    def block(self, title: str, rows: list[tuple[str, str]]) -> None:
        """What a person came for, set apart from the log."""
        width = max(len(name) for name, _ in rows)
        with self._lock:
            self._write("")
            self._write(self._paint(title, BOLD))
            for name, value in rows:
                self._write(f"  {self._paint(f'{name:<{width}}', DIM)}  {value}")
            self._write("")

    def _paint(self, text: str, colour: int) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colour else text

    def _write(self, line: str) -> None:
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except OSError:
            self.broken.set()


def event_of(line: str) -> dict[str, Any] | None:
    """The event when the line is one of ours; None for anything else."""
    if not line.startswith("{"):
        return None
    try:
        event = json.loads(line)
    except json.JSONDecodeError:
        return None
    return event if isinstance(event, dict) and "event" in event else None
