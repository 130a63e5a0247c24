"""A schedule's layers as they are kept in the database and sent over REST: plain JSON."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from incidents.schedules import Layer, Rotation, Unit, Window

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Json = dict[str, Any]


def read(layer: Json) -> Layer:
    """From the shape that `written` gives."""
    every = layer["every"]
    return Layer(
        people=tuple(UUID(person) for person in layer["people"]),
        rotation=Rotation(datetime.fromisoformat(layer["starts"]), Unit(every["unit"]), every["length"]),
        windows=tuple(read_window(window) for window in layer["windows"]),
        ends=datetime.fromisoformat(layer["ends"]) if layer["ends"] else None,
    )


def written(layer: Layer) -> Json:
    """`{"people", "starts", "every": {"unit", "length"}, "windows": [{"weekdays", "from", "to"}], "ends"}`."""
    return {
        "people": [str(person) for person in layer.people],
        "starts": layer.rotation.starts.isoformat(),
        "every": {"unit": layer.rotation.unit.value, "length": layer.rotation.length},
        "windows": [written_window(window) for window in layer.windows],
        "ends": layer.ends.isoformat() if layer.ends else None,
    }


def read_window(window: Json) -> Window:
    return Window(
        weekdays=frozenset(WEEKDAYS.index(day) for day in window["weekdays"]),
        begins=time.fromisoformat(window["from"]),
        ends=time.fromisoformat(window["to"]),
    )


def written_window(window: Window) -> Json:
    """`{"weekdays", "from", "to"}`."""
    return {
        "weekdays": [WEEKDAYS[day] for day in sorted(window.weekdays)],
        "from": window.begins.isoformat("minutes"),
        "to": window.ends.isoformat("minutes"),
    }
