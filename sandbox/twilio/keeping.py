"""Twilio's share of what outlives the process: calls, recordings, text messages, and how the phones are set."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import TypeAdapter

from sandbox.state import Records
from sandbox.twilio.exchange import Exchange
from sandbox.twilio.kept_call import call_json, read_call
from sandbox.twilio.texts import ON_THE_WAY, Text

TEXT = TypeAdapter(Text)


class TwilioState:
    """A recording is kept by what was said: the same words under the same SID give the same sound."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._settled: set[str] = set()

    def records(self, effect: Any, known: Collection[str]) -> Records:
        """What is over was written when it ended, and is left alone."""
        found: dict[str, str | None] = {}
        for sid, call in self._exchange.calls.items():
            if not self._is_settled(key := f"call/{sid}", known, over=call.over):
                found[key] = call_json(call)
        for one in self._exchange.recordings.all():
            key = f"recording/{one.sid}"
            if not self._is_settled(key, known, over=one.status in ("completed", "absent")):
                found[key] = json.dumps([one.call.sid, one.status, one.started.isoformat(), one.text])
        for sid, text in self._exchange.texts.items():
            if not self._is_settled(key := f"text/{sid}", known, over=text.status not in ON_THE_WAY):
                found[key] = TEXT.dump_json(text).decode()
        for phone in self._exchange.handsets():
            found[f"phone/{phone.number}"] = json.dumps([phone.line, phone.stopped, phone.last and phone.last.sid])
        if effect and "recording" in effect:
            found[f"recording/{effect['recording']}"] = None
        return found

    def restore(self, records: Mapping[str, str]) -> None:
        of: dict[str, dict[str, str]] = {"call": {}, "phone": {}, "recording": {}, "text": {}}
        for key, text in records.items():
            kind, _, name = key.partition("/")
            of[kind][name] = text
        self._exchange.restore_calls([read_call(text) for text in of["call"].values()])
        for sid, text in of["recording"].items():
            self._exchange.recordings.restore(sid, self._exchange.calls, *json.loads(text))
        self._exchange.restore_texts([TEXT.validate_json(text) for text in of["text"].values()])
        for number, text in of["phone"].items():
            self._exchange.restore_handset(number, *json.loads(text))

    def _is_settled(self, key: str, known: Collection[str], *, over: bool) -> bool:
        if key in self._settled and key in known:
            return True
        if over:
            self._settled.add(key)
        return False
