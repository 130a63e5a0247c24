"""The people of a schedule: they report, acknowledge, correct, and answer their phones or do not."""

import random
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.chaos.facts import Facts, Json, Moved, Seen, seconds
from tests.chaos.schedule import Act
from tests.chaos.setting import set_up
from tests.play import Person, Phone, Play

PATIENCE = 6.0
KEY = {"HIGH": "1", "MEDIUM": "2", "LOW": "3"}
TOLD = re.compile(r"incident (\d+)")
DECLARED = re.compile(r"\*#(\d+)\*")


class People:
    """Each act is done in a thread of its own; what it brought is in the facts."""

    def __init__(self, play: Play, facts: Facts) -> None:
        self._play = play
        self._facts = facts
        self._numbers: dict[int, int] = {}

    def do(self, act: Act) -> None:
        acts: dict[str, Callable[[Act], None]] = {
            "report": self._report,
            "again": self._report,
            "command": self._command,
            "mention": self._mention,
            "hotline": self._hotline,
            "acknowledge": self._acknowledge,
            "correct": self._correct,
            "take_back": self._correct,
            "clock": lambda act: self.forward(act.with_["seconds"]),
            "line": self._line,
        }
        try:
            acts[act.kind](act)
        except (AssertionError, httpx.HTTPError) as error:  # A person who is refused goes away; it is written down.
            self._saw(act, time.time(), ok=False, says=f"{type(error).__name__}: {error}"[:300])

    def sets(self, act: Act) -> None:
        """Before all else; whatever is refused here is a mistake of the schedule's."""

        def send(method: str, path: str, body: Json) -> None:
            answer = self._send(method, f"/api/v1/{path}", body)
            assert answer is not None, f"{method} {path}: no answer"
            assert answer.status_code in (200, 201), f"{method} {path}: {answer.text}"

        if act.kind == "silence":
            self._facts.silenced_at = time.time()
        set_up(act, send)

    def forward(self, by: float) -> None:
        """Hurry the store's clock, and look where it is after that, whatever the answer was."""
        asked = time.time()
        self._send("POST", "/api/v1/clock", {"advance_seconds": by})
        for _ in range(20):
            now = self._send("GET", "/api/v1/clock")
            if now is not None and now.status_code == 200:
                ahead = seconds(now.json()["now"]) - time.time()
                self._facts.moved.append(Moved(asked, round(ahead, 3)))
                return
            time.sleep(0.5)

    def _report(self, act: Act) -> None:
        """A program that is not answered sends its report again, as the documentation says it may."""
        first = next(each for each in self._facts.schedule.acts if each.about == act.about and each.kind == "report")
        body: Json = {"id": f"case-{act.about}", "description": _text(first)}
        if first.with_["severity"]:
            body["severity"] = first.with_["severity"]
        for _ in range(3):
            asked = time.time()
            answer = self._send("POST", "/api/v1/incidents", body)
            if answer is not None and answer.status_code == 202:
                number = answer.json()["number"]
                self._numbers[act.about] = number
                self._saw(act, asked, ok=True, status=202, number=number)
                return
            self._saw(act, asked, ok=False, status=answer.status_code if answer is not None else None)
            time.sleep(1.0)

    def _command(self, act: Act) -> None:
        asked = time.time()
        told = self._play.ana.types(f"/incident {_text(act)}")
        body = told.get("body")
        says = str(body.get("text", "")) if isinstance(body, dict) else str(body)
        found = DECLARED.search(says) if told.get("failure") is None else None
        if found:
            self._numbers[act.about] = int(found[1])
        self._saw(act, asked, ok=found is not None, status=told.get("status"), number=_number(found), says=says)

    def _mention(self, act: Act) -> None:
        asked = time.time()
        told = self._play.ana.types(f"@tocsin {_text(act)}")
        self._saw(act, asked, ok=_delivered(told, "app_mention"), says=str(told.get("deliveries")))

    def _hotline(self, act: Act) -> None:
        """The number that is heard counts; whoever hears none hangs up."""
        asked = time.time()
        phone = self._play.anybody
        told = phone.call("+12025550100")
        heard = _heard(told)
        found = TOLD.search(heard)
        if found:
            self._numbers[act.about] = int(found[1])
        self._saw(act, asked, ok=found is not None, number=_number(found), says=heard, with_={"sid": told.get("sid")})
        key = KEY.get(act.with_["severity"])
        steps: list[Callable[[], Json]] = [lambda: phone.speak(_text(act)), phone.hang_up]
        if key:
            steps.insert(0, lambda: phone.press(key))
        for step in steps:
            told = step()
            if told.get("state") == "idle":
                break
        late = TOLD.search(_heard(told)) if not found else None
        if late:
            self._saw(act, asked, ok=True, number=int(late[1]), says=_heard(told))

    def _acknowledge(self, act: Act) -> None:
        number = self._number_of(act)
        if number is None:
            return
        way = act.with_["way"]
        asked = time.time()
        if way == "rest":
            self.acknowledge(act.about, number)
        elif way == "command":
            told = self._play.ana.types(f"/incident ack {number}")
            says = str(told.get("body"))
            self._saw(act, asked, ok="acknowledged" in says, number=number, status=told.get("status"), says=says)
        else:
            self._on_card(act, number)

    def acknowledge(self, about: int, number: int) -> bool:
        act = Act(0.0, "acknowledge", about, {"way": "rest"})
        asked = time.time()
        answer = self._send("POST", f"/api/v1/incidents/{number}/ack", {"by": "Dan"})
        ok = answer is not None and answer.status_code == 200
        self._saw(act, asked, ok=ok, number=number, status=answer.status_code if answer is not None else None)
        return ok

    def _on_card(self, act: Act, number: int) -> None:
        card = self._card(number)
        if card is None:
            return
        asked = time.time()
        if act.with_["way"] == "eyes":
            told = self._play.ana.reacts(card, "eyes")
            ok = _delivered(told, "reaction_added")
        else:
            told = self._play.ana.clicks(card, "incident_acknowledge")
            ok = told.get("failure") is None
        self._saw(act, asked, ok=ok, number=number, status=told.get("status"), says=str(told.get("body")))

    def _correct(self, act: Act) -> None:
        number = self._number_of(act)
        card = self._card(number) if number is not None else None
        if card is None or number is None:
            return
        asked = time.time()
        told = self._play.cy.reacts(card, act.with_["emoji"], remove=act.kind == "take_back")
        ok = _delivered(told, "reaction_removed" if act.kind == "take_back" else "reaction_added")
        self._saw(act, asked, ok=ok, number=number, says=str(told.get("deliveries")))

    def _line(self, act: Act) -> None:
        person: Person = getattr(self._play, act.with_["who"])
        self._play.control(f"/control/phone/{person.phone.number}/line", {"line": act.with_["line"]})
        self._saw(act, time.time(), ok=True)

    def _number_of(self, act: Act) -> int | None:
        """As soon as it is known; a mention's number is known from its card."""
        ends = time.time() + PATIENCE
        while time.time() < ends:
            if act.about in self._numbers:
                return self._numbers[act.about]
            for entry in self._play.ledger(provider="slack", method="chat.postMessage"):
                found = re.search(rf"#(\d+)[^#]*case {act.about}\b", str(entry["request"].get("text")))
                if found:
                    self._numbers[act.about] = int(found[1])
            time.sleep(0.3)
        return None

    def _card(self, number: int) -> Json | None:
        ends = time.time() + PATIENCE
        while time.time() < ends:
            cards = [each for each in self._play.messages(f"incident-{number}") if _is_card(each)]
            if cards:
                return cards[0]
            time.sleep(0.3)
        return None

    def _send(self, method: str, path: str, body: Any = None) -> httpx.Response | None:
        try:
            return self._play.http.request(
                method,
                f"{self._play.address}{path}",
                json=body,
                headers={"X-API-Key": self._play.key},
                timeout=PATIENCE,
            )
        except httpx.HTTPError:
            return None

    def _saw(self, act: Act, asked: float, *, ok: bool, **more: Any) -> None:
        with_ = {**act.with_, **more.pop("with_", {})}
        self._facts.saw(Seen(act.kind, act.about, asked, time.time(), ok, with_=with_, **more))


class Handsets(threading.Thread):
    """Bea and Cy: at each call that rings they do what chance says, the same for the same seed and the same call."""

    def __init__(self, play: Play, facts: Facts) -> None:
        super().__init__(name="handsets", daemon=True)
        self._play = play
        self._facts = facts
        self.over = threading.Event()
        self._met: set[str] = set()

    def run(self) -> None:
        chance = {
            each.phone.number: random.Random(f"{self._facts.schedule.seed}-{each.user}")  # noqa: S311
            for each in (self._play.bea, self._play.cy)
        }
        while not self.over.wait(0.2):
            for person in (self._play.bea, self._play.cy):
                call = person.phone.state().get("call")
                if call and call["status"] == "ringing" and call["sid"] not in self._met:
                    self._met.add(call["sid"])
                    draw = chance[person.phone.number]
                    deed, after = self._deed(draw), draw.uniform(0.2, 1.5)
                    threading.Thread(target=self._meet, args=(person, deed, after), daemon=True).start()

    def _deed(self, chance: random.Random) -> str:
        deeds = {"ignore": 3, "decline": 4, "press nothing": 2, "pass on": 2, "voicemail": 1}
        if not self._facts.schedule.ladder:
            deeds |= {"acknowledge": 2, "acknowledge all": 4}
        return chance.choices(tuple(deeds), weights=tuple(deeds.values()))[0]

    def _meet(self, person: Person, deed: str, after: float) -> None:
        if self.over.wait(after):
            return
        phone = person.phone
        asked = time.time()
        deeds: dict[str, Callable[[], Any]] = {
            "ignore": phone.ignore,
            "decline": phone.hang_up,
            "voicemail": phone.voicemail,
            "press nothing": lambda: (phone.answer(), phone.hang_up()),
            "pass on": lambda: (phone.answer(), phone.press("5")),
            "acknowledge": lambda: self._take(phone, times=1),
            "acknowledge all": lambda: self._take(phone, times=4),
        }
        try:
            deeds[deed]()
        except (AssertionError, httpx.HTTPError) as error:  # The call ended before; nothing to be done.
            deed = f"{deed}, too late: {error}"[:200]
        self._facts.saw(Seen("phone", -1, asked, time.time(), True, says=deed, with_={"to": phone.number}))

    def _take(self, phone: Phone, *, times: int) -> None:
        """The first key takes what the call began with; more are told of what joined it, and asked for one more key."""
        told = phone.answer()
        for _ in range(times):
            if told["state"] == "in-call":
                told = phone.press("4")
        if told["state"] == "in-call":
            phone.hang_up()


def _text(act: Act) -> str:
    return f"{act.with_['text']} case {act.about}"


def _number(found: re.Match[str] | None) -> int | None:
    return int(found[1]) if found else None


def _heard(told: Json) -> str:
    return " ".join(line["text"] for line in told.get("said", []) if line["who"] == "product")


def _delivered(told: Json, event: str) -> bool:
    return any(each["event"] == event and each["failure"] is None for each in told.get("deliveries", []))


def _is_card(message: Json) -> bool:
    return any(block["type"] == "header" for block in message.get("blocks") or [])
