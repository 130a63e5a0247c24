"""How a call stays in a room: what its person says goes to the others, until it or the room ends."""

from collections.abc import Callable

from sandbox.twilio.player import Player
from sandbox.twilio.room import Room


async def stay(
    player: Player, room: Room, seconds: float, *, closes: bool, leaves_on_star: bool = False, quiet: bool = False
) -> None:
    """Returns when the room is closed, the time is over, or the person left (with `*`, or by hanging up)."""
    party = player.call.party
    room.enter(player.call)
    try:
        while await player.listen(_news(player, room), seconds, "keys", "speech"):
            while party.words:
                said = party.words.popleft()
                if not quiet:
                    room.pass_on(player.call, said)
            star = leaves_on_star and "*" in party.keys
            party.keys.clear()
            left = party.gone or player.call.ends_as is not None or player.call.turned_to is not None
            if room.closed or star or left:
                return
    finally:
        room.leave(player.call, closes=closes)


def _news(player: Player, room: Room) -> Callable[[], bool]:
    return lambda: room.closed or bool(player.call.party.words or player.call.party.keys)
