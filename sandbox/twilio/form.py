"""A REST request as the handlers see it: parameters by name, each possibly several times."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from sandbox.twilio.page import is_absolute
from sandbox.twilio.refusal import TwilioRefusal


@dataclass(frozen=True)
class Form:
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, body: bytes) -> "Form":
        return cls(tuple(parse_qsl(body.decode(), keep_blank_values=True)))

    def get(self, name: str) -> str | None:
        """The last value, None when it is missing or empty."""
        values = [value for key, value in self.pairs if key == name and value]
        return values[-1] if values else None

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name and value]

    def url(self, name: str, code: int) -> str | None:
        """Raises: TwilioRefusal with `code` when it is no absolute http address."""
        asked = self.get(name)
        if asked is not None and not (is_absolute(asked) and urlsplit(asked).netloc):
            raise TwilioRefusal(400, code, f"{name} is not a valid URL: {asked}")
        return asked

    def method(self, name: str) -> str:
        asked = (self.get(name) or "POST").upper()
        if asked not in ("GET", "POST"):
            raise TwilioRefusal(400, 21209, f"{name} must be GET or POST, not {asked}")
        return asked

    def seconds(self, name: str, default: float, most: float, code: int = 20001) -> float:
        asked = self.get(name)
        if asked is None:
            return default
        if not asked.isdigit() or not 0 < int(asked) <= most:
            raise TwilioRefusal(400, code, f"{name} must be a whole number from 1 to {most:.0f}, not {asked}")
        return float(asked)

    def shown(self) -> dict[str, str | list[str]]:
        names = dict.fromkeys(name for name, _ in self.pairs)
        return {name: values[0] if len(values := self.all(name)) == 1 else values for name in names}
