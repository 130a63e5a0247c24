"""Parts of weekdays, as schedules and people's quiet hours have them."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from incidents import layers
from incidents.schedules import Window
from web.api.times import Minute


def _weekday(value: object) -> object:
    """`mon`, `Mon`, `Monday`."""
    return DAYS.get(value.strip().lower(), value) if isinstance(value, str) else value


Weekday = Annotated[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], BeforeValidator(_weekday)]
DAYS = {name: name[:3] for name in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}
DAYS |= {day: day for day in layers.WEEKDAYS}
WEEK: tuple[Weekday, ...] = layers.WEEKDAYS  # type: ignore[assignment]  # The same words.


class WindowShape(BaseModel):
    """To the next day when `to` is not later than `from`."""

    weekdays: list[Weekday] = Field(list(WEEK), min_length=1, description="on which it begins; each day if left out")
    from_: Minute = Field(alias="from")
    to: Minute

    @property
    def window(self) -> Window:
        return Window(frozenset(WEEK.index(day) for day in self.weekdays), self.from_, self.to)
